import { type CalendarState, seriesTimes } from "./calendar-state";
import type { Change } from "./change-log";
import { type Placed, seriesItems } from "./full-list";
import { instanceId, splitInstanceId } from "./ids";
import { type Item, itemOf } from "./items";
import type { RetiredSeries, StoredEvent } from "./model";
import { expandSeries, type Occurrence } from "./recurrence";

export interface DeltaQuery {
  singleEvents: boolean;
  /** End of the time series without end are expanded to. */
  horizon: number;
  /** Deleted series show only instances so near (in milliseconds) to their deletion. */
  seriesTombstoneReach: number;
}

/** What changed with `from < seq <= to`: the newest state of each event once, in order of change. */
export function deltaList(calendar: CalendarState, from: number, to: number, query: DeltaQuery): Placed[] {
  const changes = calendar.changesBetween(from, to);
  if (changes.length === 0) return [];
  const current = changes.filter((change) => "retired" in change || isNewest(calendar, change));
  const touched = query.singleEvents ? touchedSeries(calendar, current) : new Set<string>();
  const placed: Placed[] = [];
  for (const change of current) {
    let index = 0;
    for (const item of itemsOf(calendar, change, touched, query)) {
      placed.push({ at: [change.seq, index], item });
      index += 1;
    }
  }
  return placed;
}

function isNewest(calendar: CalendarState, change: { seq: number; eventId: string }): boolean {
  return calendar.get(change.eventId)?.changeSeq === change.seq;
}

function touchedSeries(calendar: CalendarState, changes: readonly Change[]): Set<string> {
  const touched = new Set<string>();
  for (const change of changes) {
    if ("retired" in change) continue;
    const event = calendar.get(change.eventId);
    if (event !== undefined && event.status !== "cancelled" && seriesTimes(event)) touched.add(event.id);
  }
  return touched;
}

function* itemsOf(
  calendar: CalendarState,
  change: Change,
  touched: ReadonlySet<string>,
  query: DeltaQuery,
): Generator<Item> {
  if ("retired" in change) {
    if (query.singleEvents) yield* vanishedItems(calendar, change.retired, query.horizon);
    return;
  }
  const event = calendar.get(change.eventId);
  if (event === undefined) return;
  if (!query.singleEvents) {
    yield itemOf(calendar, event);
    return;
  }
  if (seriesTimes(event) === undefined) {
    if (speaksForItself(calendar, event, touched, query)) yield itemOf(calendar, event);
  } else if (event.status === "cancelled") {
    yield* deletedSeriesItems(calendar, event, query);
  } else {
    yield* livingSeriesItems(calendar, event, query);
  }
}

// A touched series shows its living exceptions itself, and an exception whose place came back is an instance again.
function speaksForItself(
  calendar: CalendarState,
  event: StoredEvent,
  touched: ReadonlySet<string>,
  { horizon }: DeltaQuery,
): boolean {
  if (event.dropped === true) return findInstance(calendar, event.id, horizon)?.kind !== "instance";
  return event.status === "cancelled" || !touched.has(event.seriesId ?? "");
}

function* livingSeriesItems(
  calendar: CalendarState,
  series: StoredEvent,
  { horizon }: DeltaQuery,
): Generator<Item> {
  for (const item of seriesItems(calendar, series, { timeMax: horizon, horizon })) {
    if (!("event" in item) || item.event.status !== "cancelled") yield item;
  }
}

/** Instances a series lost when its times changed. Rows of their own speak for themselves. */
function* vanishedItems(calendar: CalendarState, retired: RetiredSeries, horizon: number): Generator<Item> {
  const series = calendar.get(retired.seriesId);
  if (series === undefined) return;
  const living = livingKeys(calendar, series, horizon);
  for (const occurrence of expandSeries(retired.times, calendar.record.timeZone, horizon)) {
    if (living.has(occurrence.key) || hasRow(calendar, series, occurrence, retired.seq)) continue;
    yield vanished(series, occurrence);
  }
}

/** Whether the occurrence has a row whose own change tells what became of it, also of changes after `since`. */
function hasRow(calendar: CalendarState, series: StoredEvent, { key }: Occurrence, since: number): boolean {
  const row = calendar.get(instanceId(series.id, key));
  return row !== undefined && (row.dropped !== true || row.changeSeq > since);
}

function livingKeys(calendar: CalendarState, series: StoredEvent, horizon: number): ReadonlySet<string> {
  const times = series.status === "cancelled" ? undefined : seriesTimes(series);
  if (times === undefined) return new Set();
  return new Set(expandSeries(times, calendar.record.timeZone, horizon).map(({ key }) => key));
}

function* deletedSeriesItems(
  calendar: CalendarState,
  series: StoredEvent,
  query: DeltaQuery,
): Generator<Item> {
  const times = seriesTimes(series);
  if (times === undefined) return;
  const deletedAt = Date.parse(series.updated);
  for (const occurrence of expandSeries(times, calendar.record.timeZone, query.horizon)) {
    if (Math.abs(occurrence.start - deletedAt) > query.seriesTombstoneReach) continue;
    if (!hasRow(calendar, series, occurrence, series.changeSeq)) yield vanished(series, occurrence);
  }
}

function vanished(series: StoredEvent, occurrence: Occurrence): Item {
  const { id: seriesId, etag, updated } = series;
  return { kind: "vanished", seriesId, occurrence, etag, updated };
}

/** A changed series' instance that has no row: found by its id. */
export function findInstance(calendar: CalendarState, id: string, horizon: number): Item | undefined {
  const parts = splitInstanceId(id);
  const series = parts && calendar.get(parts.seriesId);
  const times = series && seriesTimes(series);
  if (parts === undefined || series === undefined || times === undefined) return undefined;
  const occurrence = expandSeries(times, calendar.record.timeZone, horizon).find(
    ({ key }) => key === parts.key,
  );
  if (occurrence === undefined) return undefined;
  return series.status === "cancelled"
    ? vanished(series, occurrence)
    : { kind: "instance", series, occurrence };
}
