import fc from "fast-check";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import type { RoundItem } from "@/lib/calendar/round-item";
import { touches } from "@/lib/calendar/window";
import { at, event } from "./scripted-vendor";

const hour = (n: number) => new Date(Date.UTC(2026, 10, 20, n));
export const window = { start: hour(0), end: hour(24) };
const IDS = ["a", "b", "c", "d", "e", "f"];

export type Calendar = ReadonlyMap<string, CalendarEvent>;

export function describeEvent(event: CalendarEvent) {
  if (event.start.kind !== "instant" || event.end.kind !== "instant")
    throw new Error("these tests use instants");
  const range = { start: event.start.at, end: event.end.at };
  const own = event.bookingMarker === "own";
  const displaced = event.bookingMarker === "displaced";
  const blocks = !own && event.showAs === "busy" && range.start < range.end;
  return {
    range,
    blocks,
    own,
    displaced,
    fingerprint: JSON.stringify([event.seriesId, range, event.showAs]),
  };
}

/** As in a calendar that is not checked: an event that is not ours does not matter. */
export function describeOurs(event: CalendarEvent) {
  const described = describeEvent(event);
  return described.own || described.displaced ? described : null;
}

export const inWindow = (event: CalendarEvent) => touches(window, describeEvent(event).range);

export const anyEvent: fc.Arbitrary<CalendarEvent> = fc
  .record({
    externalId: fc.constantFrom(...IDS),
    seriesId: fc.constantFrom(null, null, "s", "t"),
    showAs: fc.constantFrom("busy", "busy", "free"),
    start: fc.integer({ min: 0, max: 23 }),
    outside: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    length: fc.integer({ min: 0, max: 4 }),
    version: fc.option(fc.integer({ min: 1, max: 9 })),
    // Told by the marker here; the fingerprint above does not know it.
    standing: fc.constantFrom(null, null, null, "own", "displaced"),
  })
  .map(({ externalId, seriesId, showAs, start, outside, length, version, standing }) =>
    event(externalId, {
      // A reader clips a series to the window, so only single events are met outside.
      seriesId: outside ? null : seriesId,
      updatedAt: version === null ? null : hour(version),
      start: at(hour(start + (outside ? 50 : 0))),
      end: at(hour(start + length + (outside ? 50 : 0))),
      showAs: showAs as "busy" | "free",
      bookingMarker: standing,
    }),
  );

const anySeries = fc.constantFrom("s", "t");
export const anyItem: fc.Arbitrary<RoundItem> = fc.oneof(
  { weight: 6, arbitrary: anyEvent.map((event) => ({ type: "upsert", event }) as const) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(...IDS).map((externalId) => ({ type: "removed", externalId }) as const),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anySeries, fc.uniqueArray(anyEvent, { maxLength: 3, selector: (event) => event.externalId }))
      .map(([seriesId, events]) => ({
        type: "series" as const,
        seriesId,
        occurrences: events.filter(inWindow).map((event) => ({ ...event, seriesId })),
      })),
  },
  { weight: 1, arbitrary: anySeries.map((seriesId) => ({ type: "seriesRemoved", seriesId }) as const) },
);
export const anyDoubt = fc
  .constantFrom(...IDS)
  .map((externalId) => ({ type: "unsure", externalId }) as const);
export const anyCalendar: fc.Arbitrary<Calendar> = fc
  .array(anyEvent.filter(inWindow), { maxLength: 6 })
  .map((events) => new Map(events.map((event) => [event.externalId, event])));
export const anyKind = fc.constantFrom("full" as const, "incremental" as const);
export const anyPages = (item: fc.Arbitrary<RoundItem>) =>
  fc.array(fc.array(item, { maxLength: 5 }), { minLength: 1, maxLength: 5 });
