import { RRuleTemporal } from "rrule-temporal";
import { instantOf, isAllDay } from "./event-time";
import { occurrenceKey } from "./ids";
import type { SeriesTimes } from "./model";
import { MalformedRecurrence, parseRecurrence } from "./recurrence-lines";
import { instantOfWall, parseDay, wallOfInstant } from "./zones";

/** One date of a series by its original time. All-day: start and end are UTC midnights of the days. */
export interface Occurrence {
  key: string;
  allDay: boolean;
  start: number;
  end: number;
}

interface Expansion {
  until: number;
  occurrences: readonly Occurrence[];
}

// Series' fields are never changed in place, so the object itself is the key.
const expansions = new WeakMap<object, Expansion>();

/** The occurrences of a series that start before `until`, in order; a longer list may come back from the cache. */
export function expandSeries(times: SeriesTimes, calendarZone: string, until: number): readonly Occurrence[] {
  const known = expansions.get(times);
  if (known !== undefined && known.until >= until) return known.occurrences;
  const occurrences = expand(times, calendarZone, until);
  expansions.set(times, { until, occurrences });
  return occurrences;
}

function expand(times: SeriesTimes, calendarZone: string, until: number): Occurrence[] {
  const allDay = isAllDay(times.start);
  if (allDay) {
    const first = parseDay(times.start.date ?? "") ?? 0;
    const length = (parseDay(times.end.date ?? "") ?? first) - first;
    return startsOf(times.recurrence, first, undefined, until).map((start) =>
      occurrence(start, length, true),
    );
  }
  const zone = times.start.timeZone ?? calendarZone;
  const first = instantOf(times.start, calendarZone);
  const length = instantOf(times.end, calendarZone) - first;
  return startsOf(times.recurrence, wallOfInstant(zone, first), zone, wallOfInstant(zone, until))
    .map((wall) => occurrence(instantOfWall(zone, wall), length, false))
    .filter(({ start }) => start < until);
}

function occurrence(start: number, length: number, allDay: boolean): Occurrence {
  return { key: occurrenceKey(start, allDay), allDay, start, end: start + length };
}

function startsOf(
  lines: readonly string[],
  first: number,
  zone: string | undefined,
  until: number,
): number[] {
  const set = parseRecurrence(lines, zone);
  const starts = new Set(set.dates.filter((date) => date < until));
  // The event's own time is always the first date (RFC 5545, 3.8.5.3), unless the rule ended before it.
  if (!set.rules.some((rule) => endsBefore(rule, first))) starts.add(first);
  for (const rule of set.rules) for (const start of runRule(rule, first, until)) starts.add(start);
  for (const rule of set.excludedRules) for (const start of runRule(rule, first, until)) starts.delete(start);
  for (const date of set.excludedDates) starts.delete(date);
  return [...starts].sort((a, b) => a - b);
}

// Runs on readings as if UTC: the zone's clock changes are applied afterwards, in one place.
function runRule(rule: string, first: number, until: number): number[] {
  if (until <= first) return [];
  const start = new Date(first).toISOString().replace(/[-:]/g, "").slice(0, 15);
  try {
    const parsed = new RRuleTemporal({ rruleString: `DTSTART:${start}Z\nRRULE:${datetimeUntil(rule)}` });
    return parsed.between(new Date(first), new Date(until), true).map((date) => date.epochMilliseconds);
  } catch (error) {
    throw new MalformedRecurrence(`Invalid recurrence rule: ${rule}`, { cause: error });
  }
}

function endsBefore(rule: string, first: number): boolean {
  const until = /UNTIL=(\d{8}(?:T\d{6})?)/i.exec(rule)?.[1];
  return (
    until !== undefined && until < new Date(first).toISOString().replace(/[-:]/g, "").slice(0, until.length)
  );
}

function datetimeUntil(rule: string): string {
  return rule.replace(/UNTIL=(\d{8})(?!\d|T)/i, "UNTIL=$1T000000Z");
}
