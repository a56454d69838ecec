import { addDays, type IsoDate, parseIsoDate } from "@/lib/calendar/iso-date";
import { instantOfLocal } from "@/lib/calendar/local-time";
import type { TimeRange } from "@/lib/calendar/time-range";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

/** A stretch of one day somebody asks about, as the address and the form have it: times of their own clock. */
export interface WhyWish {
  date: IsoDate;
  /** `HH:MM`. */
  from: string;
  /** `HH:MM`; `00:00` is the day's end. */
  to: string;
  /** A service whose rules shall count as well; empty for none. */
  serviceId: string;
}

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

/** What does not fit asks nothing. */
export function parseWhy(given: { why: string; from: string; to: string; service: string }): WhyWish | null {
  const date = parseIsoDate(given.why);
  if (date === null || !CLOCK.test(given.from) || !CLOCK.test(given.to)) return null;
  return { date, from: given.from, to: given.to, serviceId: given.service };
}

/** Null when it ends before it begins. Readings that are skipped or come twice are taken as the longer time. */
export function rangeOfWhy({ date, from, to }: WhyWish, zone: TimeZoneId): TimeRange | null {
  const lastDay = to === "00:00" ? addDays(date, 1) : date;
  const start = instantOfLocal(date, from, zone, "earlier");
  const end = instantOfLocal(lastDay, to, zone, "later");
  return start < end ? { start, end } : null;
}

/** `here` is the address of the calendar as it is shown. */
export function whyHref(here: string, { date, from, to }: Omit<WhyWish, "serviceId">): string {
  return `${here}&${new URLSearchParams({ why: date, from, to })}`;
}

/** Wall minutes from midnight as a clock shows them. */
export function clockOf(minute: number): string {
  const [hours, minutes] = [Math.floor(minute / 60) % 24, minute % 60];
  return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}
