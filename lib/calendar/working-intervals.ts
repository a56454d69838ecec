import { Temporal } from "temporal-polyfill";
import { startOfDay } from "@/lib/calendar/event-time";
import type { IsoDate } from "@/lib/calendar/iso-date";
import { clip, merge, overlaps, type TimeRange } from "@/lib/calendar/time-range";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

/** A stretch of a day by the wall clock, `HH:MM`; the end may be `24:00`. */
export interface WallRange {
  readonly from: string;
  readonly to: string;
}

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** When somebody works: every week alike, and on single days otherwise (no ranges: a day off). */
export interface WorkingHours {
  readonly weekly: Readonly<Record<(typeof WEEKDAYS)[number], readonly WallRange[]>>;
  readonly exceptions: readonly { readonly date: string; readonly ranges: readonly WallRange[] }[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const LOOK_BACK_DAYS = 8;
const LOOK_AHEAD_MS = 2 * DAY_MS;

/** Where the grid of somebody who never pauses counts from: a Monday before every range there is. */
const SINCE_EVER = "1969-12-29" as IsoDate;

/**
 * The working intervals that overlap the range, merged. A moment is working time when the zone's wall clock says so:
 * skipped readings never come, repeated ones count both times. Intervals begin where they begin, however long before
 * the range, since slots count from there; they are cut two days after its end.
 */
export function workingIntervals(hours: WorkingHours, zone: TimeZoneId, range: TimeRange): TimeRange[] {
  const rangesOf = wallClock(hours);
  const end = new Date(range.end.getTime() + LOOK_AHEAD_MS);
  const firstException = Math.min(...hours.exceptions.map(({ date }) => Date.parse(date)));
  const beforeAll = Math.min(range.start.getTime(), firstException) - LOOK_BACK_DAYS * DAY_MS;
  for (let days = LOOK_BACK_DAYS; ; days *= 4) {
    const start = new Date(range.start.getTime() - days * DAY_MS);
    const found = workedTime(rangesOf, zone, { start, end }).filter((interval) => overlaps(interval, range));
    const [first, ...others] = found;
    if (first === undefined || first.start > start) return found;
    // A whole week before the first exception without a pause: there never was one.
    if (start.getTime() <= beforeAll) return [{ ...first, start: startOfDay(SINCE_EVER, zone) }, ...others];
  }
}

/** Minutes from midnight, for each day by its number since 1970. */
type RangesOf = (day: number) => readonly (readonly [from: number, to: number])[];

function wallClock({ weekly, exceptions }: WorkingHours): RangesOf {
  const minutes = (ranges: readonly WallRange[]) =>
    ranges.map(({ from, to }) => [minuteOf(from), minuteOf(to)] as const);
  const week = WEEKDAYS.map((weekday) => minutes(weekly[weekday]));
  const single = new Map(
    exceptions.map(({ date, ranges }) => [Date.parse(date) / DAY_MS, minutes(ranges)] as const),
  );
  // The first day of 1970 was a Thursday.
  return (day) => single.get(day) ?? week[(((day + 3) % 7) + 7) % 7] ?? [];
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/**
 * Between two changes of clocks the wall clock runs evenly, so a piece of its time is shifted, not looked up. Days
 * that a zone skips, and those it begins twice, need no rule of their own.
 */
function workedTime(rangesOf: RangesOf, zone: TimeZoneId, window: TimeRange): TimeRange[] {
  const worked: TimeRange[] = [];
  for (const { start, end, offsetMs } of evenPieces(zone, window)) {
    const lastDay = Math.floor((end.getTime() + offsetMs) / DAY_MS);
    for (let day = Math.floor((start.getTime() + offsetMs) / DAY_MS); day <= lastDay; day += 1) {
      const midnight = day * DAY_MS - offsetMs;
      const ranges = rangesOf(day).map(([from, to]) => ({
        start: new Date(midnight + from * MINUTE_MS),
        end: new Date(midnight + to * MINUTE_MS),
      }));
      worked.push(...clip(ranges, { start, end }));
    }
  }
  return merge(worked);
}

interface EvenPiece extends TimeRange {
  /** What the wall clock is ahead of UTC. */
  readonly offsetMs: number;
}

function evenPieces(zone: TimeZoneId, window: TimeRange): EvenPiece[] {
  const pieces: EvenPiece[] = [];
  const last = window.end.getTime();
  for (let at = window.start.getTime(); at < last; ) {
    const clock = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
    const change = clock.getTimeZoneTransition("next")?.epochMilliseconds ?? last;
    const end = Math.min(change, last);
    pieces.push({ start: new Date(at), end: new Date(end), offsetMs: clock.offsetNanoseconds / 1e6 });
    at = end;
  }
  return pieces;
}
