import type { CalendarState } from "./calendar-state";
import { seriesTimes } from "./calendar-state";
import { instantOf, type Span } from "./event-time";
import { instanceId } from "./ids";
import type { EventDateTime, EventFields, StoredEvent } from "./model";
import type { Occurrence } from "./recurrence";
import { formatDay, formatInstant, instantOfWall } from "./zones";

/** One thing a list can show. */
export type Item =
  | { kind: "event"; event: StoredEvent }
  | { kind: "exception"; event: StoredEvent; series: StoredEvent }
  | { kind: "instance"; series: StoredEvent; occurrence: Occurrence }
  /** An occurrence that is no more. */
  | { kind: "vanished"; seriesId: string; occurrence: Occurrence; etag: string; updated: string };

export function itemId(item: Item): string {
  switch (item.kind) {
    case "instance":
      return instanceId(item.series.id, item.occurrence.key);
    case "vanished":
      return instanceId(item.seriesId, item.occurrence.key);
    default:
      return item.event.id;
  }
}

/** The row as an item: an exception together with its series when that is stored too. */
export function itemOf(calendar: CalendarState, event: StoredEvent): Item {
  const series = event.seriesId === undefined ? undefined : calendar.get(event.seriesId);
  return series === undefined ? { kind: "event", event } : { kind: "exception", event, series };
}

/** Start and end of an occurrence as the fields of an event, in the zones of its series. */
export function occurrenceTimes(
  series: EventFields,
  { allDay, start, end }: Occurrence,
): [EventDateTime, EventDateTime] {
  if (allDay) return [{ date: formatDay(start) }, { date: formatDay(end) }];
  return [timeIn(start, series.start?.timeZone), timeIn(end, series.end?.timeZone ?? series.start?.timeZone)];
}

function timeIn(instant: number, timeZone = "UTC"): EventDateTime {
  return { dateTime: formatInstant(instant, timeZone), timeZone };
}

/** Original start of an occurrence, as `originalStartTime` shows it. */
export function originalStartOf(occurrence: Occurrence, timeZone?: string): EventDateTime {
  return occurrence.allDay ? { date: formatDay(occurrence.start) } : timeIn(occurrence.start, timeZone);
}

const merged = new WeakMap<StoredEvent, { series: StoredEvent; fields: EventFields }>();

/** What an exception shows: its series' values, its own on top, the times of its original place unless it was moved. */
export function exceptionFields(exception: StoredEvent, series: StoredEvent): EventFields {
  const known = merged.get(exception);
  if (known?.series === series) return known.fields;
  const fields: EventFields = { ...series.fields, ...originalTimes(exception, series), ...exception.fields };
  delete fields.recurrence;
  for (const [name, value] of Object.entries(fields)) if (value === null) delete fields[name];
  merged.set(exception, { series, fields });
  return fields;
}

function originalTimes(exception: StoredEvent, series: StoredEvent): EventFields {
  const times = seriesTimes(series);
  const original = exception.originalStart;
  if (times === undefined || original === undefined) return {};
  const allDay = original.date !== undefined;
  const start = instantOf(original, "UTC");
  const length = instantOf(times.end, "UTC") - instantOf(times.start, "UTC");
  const occurrence = { key: "", allDay, start, end: start + length };
  const [from, to] = occurrenceTimes(series.fields, occurrence);
  return { start: from, end: to };
}

/** The fields an item shows, with the times of its occurrence. */
export function itemFields(item: Exclude<Item, { kind: "vanished" }>): EventFields {
  if (item.kind === "event") return item.event.fields;
  if (item.kind === "exception") return exceptionFields(item.event, item.series);
  const [start, end] = occurrenceTimes(item.series.fields, item.occurrence);
  const { recurrence: _, ...fields } = item.series.fields;
  return { ...fields, start, end };
}

/** Real start and end of an occurrence: all-day ones begin at midnight of the calendar's zone. */
export function occurrenceSpan({ allDay, start, end }: Occurrence, calendarZone: string): Span {
  if (!allDay) return { start, end };
  return { start: instantOfWall(calendarZone, start), end: instantOfWall(calendarZone, end) };
}

const spans = new WeakMap<EventFields, Span & { zone: string }>();

/** Real start and end of these fields. */
function fieldsSpan(fields: EventFields, calendarZone: string): Span {
  const known = spans.get(fields);
  if (known?.zone === calendarZone) return known;
  const { start, end } = fields;
  if (!start || !end) return { start: 0, end: 0 };
  const span = {
    start: instantOf(start, calendarZone),
    end: instantOf(end, calendarZone),
    zone: calendarZone,
  };
  spans.set(fields, span);
  return span;
}

export function itemSpan(item: Item, calendarZone: string): Span {
  if (item.kind === "instance" || item.kind === "vanished")
    return occurrenceSpan(item.occurrence, calendarZone);
  if (item.kind === "exception" && item.event.status === "cancelled") {
    const start = instantOf(item.event.originalStart ?? {}, calendarZone);
    return { start, end: start + 1 };
  }
  return fieldsSpan(itemFields(item), calendarZone);
}
