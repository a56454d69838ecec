import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { type PagePlan, planPage, type StoredEvent } from "@/lib/calendar/import-plan";
import { type ImportRound, startRound } from "@/lib/calendar/import-round";
import type { RoundItem } from "@/lib/calendar/round-item";
import * as vendor from "./scripted-vendor";

export const hour = (n: number) => new Date(Date.UTC(2026, 10, 20, n));
export const window = { start: hour(0), end: hour(100) };

/** An untitled busy event from one hour to another. */
export function event(externalId: string, start: number, end: number, more: Partial<CalendarEvent> = {}) {
  const time = { start: vendor.at(hour(start)), end: vendor.at(hour(end)) };
  return vendor.event(externalId, { ...time, iCalUid: null, title: null, ...more });
}

export function describeEvent(one: CalendarEvent) {
  if (one.start.kind !== "instant" || one.end.kind !== "instant") throw new Error("these tests use instants");
  const range = { start: one.start.at, end: one.end.at };
  const fingerprint = JSON.stringify([one.externalId, one.seriesId, range, one.showAs, one.title]);
  return { range, blocks: one.showAs === "busy", fingerprint, own: false, displaced: false };
}

export function stored(...events: CalendarEvent[]): Map<string, StoredEvent> {
  return new Map(events.map((one) => [one.externalId, { ...describeEvent(one), seriesId: one.seriesId }]));
}

export function plan(
  round: ImportRound,
  items: RoundItem[],
  rows: ReadonlyMap<string, StoredEvent>,
  isLastPage = false,
): PagePlan {
  return planPage(round, { items, stored: rows, window, describe: describeEvent, isLastPage });
}

/** Plans page after page over rows that stay as they are; the last page's plan. */
export function lastPlan(
  kind: ImportRound["kind"],
  pages: RoundItem[][],
  rows: ReadonlyMap<string, StoredEvent>,
): PagePlan {
  const [last = [], ...before] = [...pages].reverse();
  const round = before.reverse().reduce((soFar, items) => plan(soFar, items, rows).round, startRound(kind));
  return plan(round, last, rows, true);
}

export const upsert = (one: CalendarEvent): RoundItem => ({ type: "upsert", event: one });
export const ids = (planned: PagePlan["inserts"]) => planned.map(({ event: { externalId } }) => externalId);

export function summary(result: PagePlan) {
  const { removals, unchanged, unsure } = result;
  return { inserts: ids(result.inserts), updates: ids(result.updates), removals, unchanged, unsure };
}

export const nothing = { inserts: [], updates: [], removals: [], unchanged: 0, unsure: [] };
