"use client";

import { Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useId, useRef, useState } from "react";
import { Button } from "@/app/_components/ui/button";
import { Input } from "@/app/_components/ui/field";
import {
  endFromShown,
  type HoursRange,
  type RangesFault,
  shownEnd,
  withOneMore,
} from "@/app/(dashboard)/hours/hours";

interface RangesEditorProps {
  /** Whose hours: a weekday, or a date. */
  name: string;
  ranges: HoursRange[];
  fault: RangesFault | null;
  onChange: (ranges: HoursRange[]) => void;
}

/** Several ranges of one day. A new one gets the focus; after removing one it goes to "add". */
export function RangesEditor({ name, ranges, fault, onChange }: RangesEditorProps) {
  const t = useTranslations("hours.range");
  const faultId = useId();
  const adder = useRef<HTMLButtonElement>(null);
  const [added, setAdded] = useState<number | null>(null);
  const [removals, setRemovals] = useState(0);
  const described = fault === null ? {} : { "aria-invalid": true, "aria-describedby": faultId };

  // Only now is it clear behind which range "add" stands.
  useEffect(() => {
    if (removals > 0) adder.current?.focus();
  }, [removals]);

  function set(index: number, part: Partial<HoursRange>) {
    onChange(ranges.map((range, at) => (at === index ? { ...range, ...part } : range)));
  }

  function add() {
    setAdded(ranges.length);
    onChange(withOneMore(ranges));
  }

  function remove(index: number) {
    setAdded(null);
    setRemovals(removals + 1);
    onChange(ranges.filter((_, at) => at !== index));
  }

  return (
    <div className="min-w-0 space-y-2">
      {ranges.map(({ from, to }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a range has no name but its place
        <div className="flex items-center gap-2" key={index}>
          <Input
            aria-label={t("from", { name, number: index + 1 })}
            autoFocus={index === added}
            className="max-w-36 min-w-0 flex-1 px-2.5 tabular-nums"
            onChange={({ currentTarget }) => set(index, { from: currentTarget.value })}
            type="time"
            value={from}
            {...described}
          />
          <span aria-hidden className="text-ink-muted">
            –
          </span>
          <Input
            aria-label={t("to", { name, number: index + 1 })}
            className="max-w-36 min-w-0 flex-1 px-2.5 tabular-nums"
            onChange={({ currentTarget }) => set(index, { to: endFromShown(currentTarget.value) })}
            title={t("midnight")}
            type="time"
            value={shownEnd(to)}
            {...described}
          />
          {ranges.length > 1 && (
            <Button
              aria-label={t("remove", { name, number: index + 1 })}
              onClick={() => remove(index)}
              size="icon"
              variant="ghost"
            >
              <X aria-hidden />
            </Button>
          )}
          {index === ranges.length - 1 && (
            <Button
              aria-label={t("add", { name })}
              onClick={add}
              ref={adder}
              size="icon"
              title={t("add", { name })}
              variant="ghost"
            >
              <Plus aria-hidden />
            </Button>
          )}
        </div>
      ))}
      {fault !== null && (
        <p className="text-sm text-danger" id={faultId} role="alert">
          {t(`fault.${fault}`)}
        </p>
      )}
    </div>
  );
}
