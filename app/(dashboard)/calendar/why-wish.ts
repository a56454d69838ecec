import type { WhyWish } from "@/app/(dashboard)/calendar/why-address";
import { addDays, parseIsoDate } from "@/lib/calendar/iso-date";
import { instantOfLocal } from "@/lib/calendar/local-time";
import type { TimeRange } from "@/lib/calendar/time-range";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

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
