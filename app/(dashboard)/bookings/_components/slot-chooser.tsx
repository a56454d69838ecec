"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useId } from "react";
import { cn } from "@/app/_components/cn";
import { Progress } from "@/app/_components/ui/progress";
import { DayChooser, useDayWords } from "@/app/(dashboard)/bookings/_components/day-chooser";
import { NoFreeTime, UnsureCalendars } from "@/app/(dashboard)/bookings/_components/slot-notices";
import type { Slot } from "@/app/(dashboard)/bookings/booking";
import type { SlotOffer } from "@/app/(dashboard)/bookings/slot-offer";

interface SlotChooserProps {
  offer: SlotOffer;
  chosen: string | null;
  /** What is wrong with the choice. */
  fault: string | null;
  /** Another day is on its way. */
  pending: boolean;
  onDay: (day: string) => void;
  onChoose: (start: string) => void;
}

/** A day, then one of its free times. */
export function SlotChooser({ offer, chosen, fault, pending, onDay, onChoose }: SlotChooserProps) {
  const t = useTranslations("bookings.slots");
  return (
    <div className="space-y-5">
      <UnsureCalendars unsure={offer.unsure} />
      {offer.days.length === 0 ? (
        <NoFreeTime unread={offer.unsure.some(({ state }) => state === "unknown")} />
      ) : (
        <>
          <DayChooser offer={offer} onDay={onDay} />
          <div aria-busy={pending} className={cn("transition-opacity", pending && "opacity-55")}>
            {pending && <Progress className="mb-3" label={t("loading")} percent={null} />}
            {offer.day !== null && (
              <Times chosen={chosen} day={offer.day} fault={fault} onChoose={onChoose} slots={offer.slots} />
            )}
          </div>
        </>
      )}
    </div>
  );
}

interface TimesProps {
  day: string;
  slots: Slot[];
  chosen: string | null;
  fault: string | null;
  onChoose: (start: string) => void;
}

function Times({ day, slots, chosen, fault, onChoose }: TimesProps) {
  const t = useTranslations("bookings.slots");
  const faultId = useId();
  const dayWords = useDayWords();
  const label = useTimeLabels(slots);
  if (slots.length === 0) {
    return (
      <p className="text-sm text-ink-muted" role="status">
        {t("noneThatDay", { day: dayWords(day) })}
      </p>
    );
  }
  return (
    <fieldset aria-describedby={fault === null ? undefined : faultId}>
      <legend className="mb-2 text-sm font-medium">
        {t("times", { day: dayWords(day), count: slots.length })}
      </legend>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(5.25rem,1fr))] gap-2">
        {slots.map(({ start }) => (
          <label
            className="grid h-11 place-items-center rounded-control border border-line-strong/60 bg-surface text-sm font-medium tabular-nums hover:border-line-strong hover:bg-sunken has-checked:border-brand has-checked:bg-brand has-checked:text-on-brand has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
            key={start}
          >
            <input
              checked={start === chosen}
              className="sr-only"
              name="start"
              onChange={() => onChoose(start)}
              type="radio"
              value={start}
            />
            {label(start)}
          </label>
        ))}
      </div>
      {fault !== null && (
        <p className="mt-2 text-sm text-danger" id={faultId} role="alert">
          {fault}
        </p>
      )}
    </fieldset>
  );
}

/** Hours and minutes; where clocks go back and a time comes twice, with its distance from UTC. */
function useTimeLabels(slots: readonly Slot[]): (start: string) => string {
  const format = useFormatter();
  const short = (start: string) => format.dateTime(new Date(start), { hour: "2-digit", minute: "2-digit" });
  const counted = new Map<string, number>();
  for (const { start } of slots) counted.set(short(start), (counted.get(short(start)) ?? 0) + 1);
  return (start) =>
    (counted.get(short(start)) ?? 0) < 2
      ? short(start)
      : format.dateTime(new Date(start), { hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
}
