"use client";

import { useTranslations } from "next-intl";
import { Switch } from "@/app/_components/ui/switch";
import { CopyDay } from "@/app/(dashboard)/hours/_components/copy-day";
import { RangesEditor } from "@/app/(dashboard)/hours/_components/ranges-editor";
import {
  copyDay,
  type Hours,
  type HoursFaults,
  WEEKDAYS,
  type Weekday,
  withOneMore,
} from "@/app/(dashboard)/hours/hours";

interface WeekEditorProps {
  weekly: Hours["weekly"];
  faults: HoursFaults;
  onChange: (weekly: Hours["weekly"]) => void;
}

export function WeekEditor({ weekly, faults, onChange }: WeekEditorProps) {
  const t = useTranslations("hours");
  return (
    <ul className="divide-y border-t">
      {WEEKDAYS.map((day) => (
        <li
          className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-2 px-4 py-3 sm:grid-cols-[10.5rem_minmax(0,1fr)_auto] sm:px-6"
          data-place={day}
          key={day}
        >
          <DaySwitch day={day} onChange={onChange} weekly={weekly} />
          <div className="order-last col-span-2 self-center sm:order-none sm:col-span-1">
            {weekly[day].length === 0 ? (
              <p className="text-sm text-ink-muted">{t("closed")}</p>
            ) : (
              <RangesEditor
                fault={faults[day] ?? null}
                name={t(`day.${day}`)}
                onChange={(ranges) => onChange({ ...weekly, [day]: ranges })}
                ranges={weekly[day]}
              />
            )}
          </div>
          <CopyDay day={day} onCopy={(to) => onChange(copyDay(weekly, day, to))} />
        </li>
      ))}
    </ul>
  );
}

interface DaySwitchProps {
  day: Weekday;
  weekly: Hours["weekly"];
  onChange: (weekly: Hours["weekly"]) => void;
}

function DaySwitch({ day, weekly, onChange }: DaySwitchProps) {
  const t = useTranslations("hours");
  const open = weekly[day].length > 0;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the switch is inside
    <label className="flex h-10 items-center gap-3 text-sm font-medium">
      <Switch
        checked={open}
        onChange={({ currentTarget }) =>
          onChange({ ...weekly, [day]: currentTarget.checked ? withOneMore([]) : [] })
        }
      />
      {t(`day.${day}`)}
    </label>
  );
}
