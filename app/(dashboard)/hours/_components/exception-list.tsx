"use client";

import { CalendarPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Button } from "@/app/_components/ui/button";
import { CardSection } from "@/app/_components/ui/card";
import { ExceptionEditor } from "@/app/(dashboard)/hours/_components/exception-editor";
import { type HoursException, type HoursFaults, nextFreeDate } from "@/app/(dashboard)/hours/hours";

interface ExceptionListProps {
  exceptions: HoursException[];
  today: string;
  faults: HoursFaults;
  onChange: (exceptions: HoursException[]) => void;
}

/** Dates with other hours than their weekday. Those that are over are folded away. */
export function ExceptionList({ exceptions, today, faults, onChange }: ExceptionListProps) {
  const t = useTranslations("hours.exceptions");
  const adder = useRef<HTMLButtonElement>(null);
  const [added, setAdded] = useState<number | null>(null);
  const all = exceptions.map((exception, index) => ({ exception, index }));
  const over = all.filter(({ exception: { date } }) => date !== "" && date < today);
  const ahead = all.filter((one) => !over.includes(one));

  function add() {
    setAdded(exceptions.length);
    onChange([...exceptions, { date: nextFreeDate(exceptions, today), ranges: [] }]);
  }

  function remove(index: number) {
    setAdded(null);
    onChange(exceptions.filter((_, at) => at !== index));
    adder.current?.focus();
  }

  const editors = (some: typeof all) => (
    <ul className="divide-y">
      {some.map(({ exception, index }) => (
        <ExceptionEditor
          exception={exception}
          fault={faults[index] ?? null}
          isNew={index === added}
          key={index}
          onChange={(next) => onChange(exceptions.map((one, at) => (at === index ? next : one)))}
          onRemove={() => remove(index)}
          place={index}
        />
      ))}
    </ul>
  );
  return (
    <CardSection>
      {ahead.length === 0 ? <p className="text-sm text-ink-muted">{t("none")}</p> : editors(ahead)}
      <Button className="mt-4" onClick={add} ref={adder} size="sm">
        <CalendarPlus aria-hidden />
        {t("add")}
      </Button>
      {over.length > 0 && (
        <details className="mt-4">
          <summary className="text-sm text-ink-muted underline underline-offset-2">
            {t("over", { count: over.length })}
          </summary>
          {editors(over)}
        </details>
      )}
    </CardSection>
  );
}
