import { Temporal } from "temporal-polyfill";
import { boundedMemo } from "@/lib/calendar/bounded-memo";
import { addDays, type IsoDate } from "@/lib/calendar/iso-date";
import { isEmpty, type TimeRange } from "@/lib/calendar/time-range";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

/** A moment, with the zone its author meant when known, or a day that lies in no zone yet. */
export type EventTime =
  | { readonly kind: "instant"; readonly at: Date; readonly zone: TimeZoneId | null }
  | { readonly kind: "day"; readonly date: IsoDate };

/** When an event is: two instants or two days, the end exclusive. */
export interface EventSpan {
  readonly start: EventTime;
  readonly end: EventTime;
}

// Calendars name the same hundred days again and again; a look-up costs a tenth of the zone arithmetic.
const dayStarts = boundedMemo(10_000, (key) => {
  const [date = "", zone = ""] = key.split(" ");
  return Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;
});

/**
 * The first instant of a local day: 01:00 where midnight is skipped, the earlier midnight where it comes
 * twice, the next day's start where the whole day is skipped. Days become instants here and nowhere else.
 */
export function startOfDay(date: IsoDate, zone: TimeZoneId): Date {
  return new Date(dayStarts(`${date} ${zone}`));
}

/** The local day in which an instant lies. */
export function dayOf(at: Date, zone: TimeZoneId): IsoDate {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
  return local.toPlainDate().toString() as IsoDate;
}

/** From the first instant of `start` to the first instant of `end`; `end` itself is not in it. */
export function dayRange(start: IsoDate, end: IsoDate, zone: TimeZoneId): TimeRange {
  return { start: startOfDay(start, zone), end: startOfDay(end, zone) };
}

/** An all-day span. Vendors draw one whose end is not after its start as a single day; so does this. */
export function allDaySpan(start: IsoDate, end: IsoDate | null): EventSpan {
  const last = end !== null && end > start ? end : addDays(start, 1);
  return { start: { kind: "day", date: start }, end: { kind: "day", date: last } };
}

/** The instant of an event time; days begin in `dayZone`. */
export function toInstant(time: EventTime, dayZone: TimeZoneId): Date {
  return time.kind === "instant" ? time.at : startOfDay(time.date, dayZone);
}

/** The time a span takes, its days lying in `dayZone`. An end before the start makes it empty. */
export function spanRange(span: EventSpan, dayZone: TimeZoneId): TimeRange {
  const range = { start: toInstant(span.start, dayZone), end: toInstant(span.end, dayZone) };
  return isEmpty(range) ? { start: range.start, end: range.start } : range;
}
