import { type CalendarState, seriesTimes } from "./calendar-state";
import { instanceId } from "./ids";
import { type Item, itemOf, itemSpan, occurrenceSpan } from "./items";
import type { StoredEvent } from "./model";
import { expandSeries } from "./recurrence";

/** An item with its place: lists are cut into pages by it. */
export interface Placed {
  at: readonly [major: number, minor: number];
  item: Item;
}

export interface FullListQuery {
  singleEvents: boolean;
  showDeleted: boolean;
  /** Milliseconds; exclusive lower bound of ends. */
  timeMin: number;
  /** Milliseconds; exclusive upper bound of starts. */
  timeMax: number;
  /** End of the time series without end are expanded to. */
  horizon: number;
}

/** What a list without sync token shows, in order of creation. */
export function fullList(calendar: CalendarState, query: FullListQuery): Placed[] {
  const placed: Placed[] = [];
  for (const event of calendar.events()) {
    if (event.dropped === true) continue;
    if (query.singleEvents) addInstances(placed, calendar, event, query);
    else addRow(placed, calendar, event, query);
  }
  return placed;
}

function addRow(placed: Placed[], calendar: CalendarState, event: StoredEvent, query: FullListQuery): void {
  const item = itemOf(calendar, event);
  // Cancelled exceptions belong to their living series, whatever showDeleted says.
  const seriesLives = item.kind === "exception" && item.series.status !== "cancelled";
  if (event.status === "cancelled" && !query.showDeleted && !seriesLives) return;
  if (!rowIsInside(calendar, event, item, query)) return;
  placed.push({ at: [event.ordinal, 0], item });
}

function rowIsInside(calendar: CalendarState, event: StoredEvent, item: Item, query: FullListQuery): boolean {
  const zone = calendar.record.timeZone;
  const times = seriesTimes(event);
  if (times === undefined) return isInside(itemSpan(item, zone), query);
  // Without bounds a series counts even when it was trimmed to nothing.
  if (query.timeMin === Number.NEGATIVE_INFINITY && query.timeMax === Number.POSITIVE_INFINITY) return true;
  const until = Math.min(query.timeMax, query.horizon);
  return expandSeries(times, zone, until).some((one) => isInside(occurrenceSpan(one, zone), query));
}

function addInstances(
  placed: Placed[],
  calendar: CalendarState,
  event: StoredEvent,
  query: FullListQuery,
): void {
  if (event.seriesId !== undefined && calendar.get(event.seriesId) !== undefined) return;
  if (event.status === "cancelled" && !query.showDeleted) return;
  const zone = calendar.record.timeZone;
  if (seriesTimes(event) === undefined) {
    const item = itemOf(calendar, event);
    if (isInside(itemSpan(item, zone), query)) placed.push({ at: [event.ordinal, 0], item });
    return;
  }
  // Of deleted series lists show their deleted instances only when those were rows of their own.
  const items =
    event.status === "cancelled" ? exceptionItems(calendar, event) : seriesItems(calendar, event, query);
  let index = 0;
  for (const item of items) {
    index += 1;
    if ("event" in item && item.event.status === "cancelled" && !query.showDeleted) continue;
    if (isInside(itemSpan(item, zone), query)) placed.push({ at: [event.ordinal, index], item });
  }
}

function exceptionItems(calendar: CalendarState, series: StoredEvent): Item[] {
  return calendar.exceptionsOf(series.id).map((event) => ({ kind: "exception", event, series }));
}

/** All instances of a living series that start before the bounds, exceptions (also moved or cancelled ones) in place. */
export function* seriesItems(
  calendar: CalendarState,
  series: StoredEvent,
  bounds: { timeMax: number; horizon: number },
): Generator<Item> {
  const times = seriesTimes(series);
  if (times === undefined) return;
  const exceptions = new Map(calendar.exceptionsOf(series.id).map((event) => [event.id, event]));
  const until = Math.min(bounds.timeMax, bounds.horizon);
  for (const occurrence of expandSeries(times, calendar.record.timeZone, until)) {
    if (occurrence.start >= bounds.horizon) break;
    const event = exceptions.get(instanceId(series.id, occurrence.key));
    if (event === undefined) yield { kind: "instance", series, occurrence };
    else {
      exceptions.delete(event.id);
      yield { kind: "exception", event, series };
    }
  }
  // Instances moved into the bounds from beyond them.
  for (const event of exceptions.values()) yield { kind: "exception", event, series };
}

function isInside({ start, end }: { start: number; end: number }, query: FullListQuery): boolean {
  // An event without length at exactly timeMin counts as being there.
  return start < query.timeMax && (end > query.timeMin || (start === end && start >= query.timeMin));
}
