import type { NamedCalendar, Slot } from "@/app/(dashboard)/bookings/booking";
import { byDay } from "@/app/(dashboard)/bookings/by-day";
import type { Freshness } from "@/lib/calendar/calendar-state";
import { type IsoDate, parseIsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

/** A calendar whose stored events may not be all there is. */
interface UnsureCalendar extends NamedCalendar {
  calendarId: string;
  state: Exclude<Freshness, "fresh">;
  syncedAt: string | null;
  /** What becomes of a booking meanwhile: it is asked then, nobody can ask, or its owner wants none unasked. */
  booked: "asked" | "unasked" | "refused";
}

/** What can be chosen from: every day with free time, and the times of one of them. */
export interface SlotOffer {
  days: { day: IsoDate; count: number }[];
  /** Null when there is no free day and none was asked for. */
  day: IsoDate | null;
  slots: Slot[];
  first: IsoDate;
  last: IsoDate;
  unsure: UnsureCalendar[];
}

/** The times of the day asked for, or of the first free one. */
export function offerOf(
  slots: readonly Slot[],
  asked: { day: string; first: IsoDate; last: IsoDate; zone: TimeZoneId },
): Omit<SlotOffer, "unsure"> {
  const days = byDay(slots, asked.zone);
  const day = parseIsoDate(asked.day) ?? days[0]?.day ?? null;
  return {
    days: days.map(({ day: one, things }) => ({ day: one, count: things.length })),
    day,
    slots: days.find((one) => one.day === day)?.things ?? [],
    first: asked.first,
    last: asked.last,
  };
}
