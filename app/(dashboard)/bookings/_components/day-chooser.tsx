"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef } from "react";
import { cn } from "@/app/_components/cn";
import { Button } from "@/app/_components/ui/button";
import { Input, Label } from "@/app/_components/ui/field";
import { daysNear } from "@/app/(dashboard)/bookings/days-near";
import type { SlotOffer } from "@/app/(dashboard)/bookings/slot-offer";

interface DayChooserProps {
  offer: SlotOffer;
  onDay: (day: string) => void;
}

/** The next free days as buttons, and any other day by its date. */
export function DayChooser({ offer, onDay }: DayChooserProps) {
  const t = useTranslations("bookings.slots");
  const { days, day, first, last } = offer;
  const input = useRef<HTMLInputElement>(null);
  const before = days.findLast((one) => day !== null && one.day < day);
  const after = days.find((one) => day !== null && one.day > day);

  // Whoever types a date keeps the field and its focus; whoever presses a button sees the date follow.
  useEffect(() => {
    if (input.current !== null && day !== null) input.current.value = day;
  }, [day]);

  return (
    <div className="space-y-3">
      <div>
        <Label className="mb-1.5" htmlFor="day">
          {t("day")}
        </Label>
        <div className="flex items-center gap-2">
          <Step day={before?.day} label={t("before")} onDay={onDay}>
            <ChevronLeft aria-hidden />
          </Step>
          <Input
            className="w-44 min-w-0"
            id="day"
            ref={input}
            max={last}
            min={first}
            onChange={({ currentTarget }) =>
              currentTarget.validity.valid && currentTarget.value !== "" && onDay(currentTarget.value)
            }
            defaultValue={day ?? ""}
            type="date"
          />
          <Step day={after?.day} label={t("after")} onDay={onDay}>
            <ChevronRight aria-hidden />
          </Step>
        </div>
      </div>
      <FreeDays day={day} days={days} onDay={onDay} />
    </div>
  );
}

function FreeDays({ days, day, onDay }: Pick<SlotOffer, "days" | "day"> & Pick<DayChooserProps, "onDay">) {
  const t = useTranslations("bookings.slots");
  const format = useFormatter();
  return (
    <ul aria-label={t("freeDays")} className="grid grid-cols-3 gap-2 sm:grid-cols-6">
      {daysNear(days, day).map(({ day: one, count }) => (
        <li key={one}>
          <button
            aria-pressed={one === day}
            className={cn(
              "w-full rounded-control border px-2 py-2 text-center text-sm hover:border-line-strong hover:bg-sunken",
              one === day &&
                "border-brand bg-brand-soft text-brand-ink hover:border-brand hover:bg-brand-soft",
            )}
            onClick={() => onDay(one)}
            type="button"
          >
            <span className="block text-xs">
              {format.dateTime(utcNoon(one), { weekday: "short", timeZone: "UTC" })}
            </span>{" "}
            <span className="block font-semibold">
              {format.dateTime(utcNoon(one), { day: "numeric", month: "short", timeZone: "UTC" })}
            </span>
            <span className="sr-only">{t("freeTimes", { count })}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

interface StepProps {
  day: string | undefined;
  label: string;
  onDay: (day: string) => void;
  children: ReactNode;
}

function Step({ day, label, onDay, children }: StepProps) {
  return (
    <Button
      aria-disabled={day === undefined}
      aria-label={label}
      onClick={() => day !== undefined && onDay(day)}
      size="icon"
    >
      {children}
    </Button>
  );
}

// A day has no zone: named as UTC has it, it is the same day for everybody.
const utcNoon = (day: string) => new Date(`${day}T12:00:00Z`);

/** "Friday 27 November". */
export function useDayWords(): (day: string) => string {
  const format = useFormatter();
  return (day) =>
    format.dateTime(utcNoon(day), { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
}
