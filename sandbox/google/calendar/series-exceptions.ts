import { type CalendarState, seriesTimes } from "./calendar-state";
import { type Desk, laterThan, put } from "./desk";
import { instanceId } from "./ids";
import type { StoredEvent } from "./model";
import { expandSeries } from "./recurrence";
import { seriesHorizon } from "./world";

/**
 * After a series was written: exceptions whose place is gone become tombstones, the living others count as changed
 * because they show what they inherit. Cancelled ones stay cancelled.
 */
export function settleExceptions(desk: Desk, series: StoredEvent): void {
  const { calendar, world } = desk;
  const exceptions = calendar.exceptionsOf(series.id);
  if (exceptions.length === 0) return;
  const places = placesOf(calendar, series, seriesHorizon(world));
  for (const exception of exceptions) {
    const updated = laterThan(exception.updated, world.google.clock.now());
    if (!places.has(exception.id)) put(desk, { ...exception, status: "cancelled", dropped: true, updated });
    else if (exception.status !== "cancelled") put(desk, { ...exception, updated });
  }
}

function placesOf(calendar: CalendarState, series: StoredEvent, horizon: number): ReadonlySet<string> {
  const times = seriesTimes(series);
  if (times === undefined) return new Set();
  const occurrences = expandSeries(times, calendar.record.timeZone, horizon);
  return new Set(occurrences.map(({ key }) => instanceId(series.id, key)));
}
