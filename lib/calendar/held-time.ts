import { dayRange } from "@/lib/calendar/event-time";
import { addDays, type IsoDate } from "@/lib/calendar/iso-date";
import { merge, sameRange, type TimeRange } from "@/lib/calendar/time-range";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

export interface FreedTime extends TimeRange {
  /** Of an all-day event; the end not included. */
  readonly days: { readonly start: IsoDate; readonly end: IsoDate } | null;
}

/**
 * What must be blocked to cover all that was freed, as the fewest pieces in order of time. Whole days stay days where
 * they are the same time in the person's own zone; a day of a calendar in another zone is held hour by hour.
 */
export function heldTime(freed: readonly FreedTime[], zone: TimeZoneId): FreedTime[] {
  const days: FreedTime[] = [];
  const times: TimeRange[] = [];
  for (const one of freed) {
    const isDay = one.days !== null && sameRange(dayRange(one.days.start, one.days.end, zone), one);
    if (isDay) days.push(one);
    else times.push(one);
  }
  const held = [...mergeDays(days, zone), ...merge(times).map((range) => ({ ...range, days: null }))];
  return held.sort((a, b) => a.start.getTime() - b.start.getTime());
}

/** Days that follow each other are one absence. */
function mergeDays(freed: readonly FreedTime[], zone: TimeZoneId): FreedTime[] {
  const taken = new Set<IsoDate>();
  for (const { days } of freed) {
    if (days === null) continue;
    for (let day = days.start; day < days.end; day = addDays(day, 1)) taken.add(day);
  }
  const pieces: { start: IsoDate; end: IsoDate }[] = [];
  for (const day of [...taken].sort()) {
    const last = pieces.at(-1);
    if (last?.end === day) last.end = addDays(day, 1);
    else pieces.push({ start: day, end: addDays(day, 1) });
  }
  return pieces.map((days) => ({ ...dayRange(days.start, days.end, zone), days }));
}
