import type { OpenCalendar } from "./access";
import { seriesTimes } from "./calendar-state";
import { findInstance } from "./delta-list";
import { notFound } from "./errors";
import { seriesItems } from "./full-list";
import { type Item, itemOf, itemSpan } from "./items";
import { readBoolean, readMaxResults, readTime, readZone } from "./list-parameters";
import { eventResource, type View } from "./render-event";
import { decodeToken, encodeToken } from "./tokens";
import { seriesHorizon, type World } from "./world";

/** How a single event is shown: deleted ones in full. */
export function detailView(open: OpenCalendar, query = new URLSearchParams()): View {
  return {
    visibility: open.visibility,
    zone: readZone(query) ?? open.calendar.record.timeZone,
    maxAttendees: Number(query.get("maxAttendees") ?? Number.MAX_SAFE_INTEGER),
    tombstone: "full",
    instanceTombstonesNameSeries: true,
    mask: undefined,
    key: "detail",
  };
}

/** `events.get`: rows and single occurrences, deleted ones with `status: cancelled`. */
export function getEvent(
  world: World,
  open: OpenCalendar,
  id: string,
  query: URLSearchParams,
): Record<string, unknown> {
  const item = findItem(world, open, id);
  if (item === undefined) throw notFound();
  return eventResource(open.calendar, item, detailView(open, query));
}

function findItem(world: World, { calendar }: OpenCalendar, id: string): Item | undefined {
  const row = calendar.get(id);
  if (row !== undefined && row.dropped !== true) return itemOf(calendar, row);
  return findInstance(calendar, id, seriesHorizon(world)) ?? (row && itemOf(calendar, row));
}

/** `events.instances`: one page of a series' occurrences. */
export function listInstances(
  world: World,
  open: OpenCalendar,
  id: string,
  query: URLSearchParams,
): Record<string, unknown> {
  const { calendar, role } = open;
  const series = calendar.get(id);
  if (series === undefined || seriesTimes(series) === undefined) throw notFound();
  const horizon = seriesHorizon(world);
  const bounds = { timeMin: readTime(query, "timeMin"), timeMax: readTime(query, "timeMax") };
  const showDeleted = readBoolean(query, "showDeleted");
  const items = [...seriesItems(calendar, series, { timeMax: bounds.timeMax ?? horizon, horizon })].filter(
    (item) => {
      const { start, end } = itemSpan(item, calendar.record.timeZone);
      const cancelled =
        series.status === "cancelled" || ("event" in item && item.event.status === "cancelled");
      if (cancelled && !showDeleted) return false;
      return (
        end > (bounds.timeMin ?? Number.NEGATIVE_INFINITY) &&
        start < (bounds.timeMax ?? Number.POSITIVE_INFINITY)
      );
    },
  );
  const maxResults = readMaxResults(query, 250, 2500);
  const from = decodeToken<{ from: number }>(query.get("pageToken") ?? "")?.from ?? 0;
  const view = detailView(open, query);
  return {
    kind: "calendar#events",
    summary: calendar.record.summary,
    updated: calendar.updated,
    timeZone: calendar.record.timeZone,
    accessRole: role,
    ...(from + maxResults < items.length && { nextPageToken: encodeToken({ from: from + maxResults }) }),
    items: items.slice(from, from + maxResults).map((item) => eventResource(calendar, item, view)),
  };
}
