"use client";

import { Trash2 } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { Button } from "@/app/_components/ui/button";
import { Input, Select } from "@/app/_components/ui/field";
import { RangesEditor } from "@/app/(dashboard)/hours/_components/ranges-editor";
import { type ExceptionFault, type HoursException, withOneMore } from "@/app/(dashboard)/hours/hours";

interface ExceptionEditorProps {
  exception: HoursException;
  place: number;
  isNew: boolean;
  fault: ExceptionFault | null;
  onChange: (exception: HoursException) => void;
  onRemove: () => void;
}

export function ExceptionEditor(props: ExceptionEditorProps) {
  const { exception, place, isNew, fault, onChange, onRemove } = props;
  const t = useTranslations("hours.exceptions");
  const { date, ranges } = exception;
  const day = useDayWords(date);
  const dateFault = fault === "date" || fault === "twice" ? fault : null;
  return (
    <li
      className="grid gap-x-4 gap-y-3 py-3.5 first:pt-0 sm:grid-cols-[10.5rem_minmax(0,1fr)_auto]"
      data-place={place}
    >
      <div>
        <Input
          aria-describedby={`exception-${place}`}
          aria-invalid={dateFault !== null}
          aria-label={t("date")}
          autoFocus={isNew}
          onChange={({ currentTarget }) => onChange({ ...exception, date: currentTarget.value })}
          type="date"
          value={date}
        />
        <p
          className={dateFault === null ? "mt-1 text-xs text-ink-muted" : "mt-1 text-sm text-danger"}
          id={`exception-${place}`}
          role={dateFault === null ? undefined : "alert"}
        >
          {dateFault === null ? day : t(`fault.${dateFault}`)}
        </p>
      </div>
      <div className="min-w-0 space-y-3">
        <Select
          aria-label={t("which", { date: day })}
          className="max-w-60"
          onChange={({ currentTarget }) =>
            onChange({ date, ranges: currentTarget.value === "off" ? [] : withOneMore([]) })
          }
          value={ranges.length === 0 ? "off" : "hours"}
        >
          <option value="off">{t("off")}</option>
          <option value="hours">{t("otherHours")}</option>
        </Select>
        {ranges.length > 0 && (
          <RangesEditor
            fault={fault === "date" || fault === "twice" ? null : fault}
            name={day}
            onChange={(next) => onChange({ date, ranges: next })}
            ranges={ranges}
          />
        )}
      </div>
      <Button
        aria-label={t("remove", { date: day })}
        className="justify-self-start"
        onClick={onRemove}
        size="icon"
        variant="ghost"
      >
        <Trash2 aria-hidden />
      </Button>
    </li>
  );
}

function useDayWords(date: string): string {
  const t = useTranslations("hours.exceptions");
  const format = useFormatter();
  const at = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return t("noDate");
  return format.dateTime(at, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
}
