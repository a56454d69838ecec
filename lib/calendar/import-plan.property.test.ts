import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { type DescribedEvent, type PagePlan, planPage, type StoredEvent } from "@/lib/calendar/import-plan";
import { rowsNeeded, startRound } from "@/lib/calendar/import-round";
import type { RoundItem } from "@/lib/calendar/round-item";
import { intersect, subtract, type TimeRange } from "@/lib/calendar/time-range";
import {
  anyCalendar,
  anyDoubt,
  anyEvent,
  anyItem,
  anyKind,
  anyPages,
  type Calendar,
  describeEvent,
  describeOurs,
  inWindow,
  window,
} from "@/tests/support/any-round";

/** What is known while a round is read at once, without pages. */
function listener(before: Calendar) {
  const state = new Map<string, CalendarEvent | null>(before);
  const seen = new Map<string, Date | null>();
  const doubted = new Set<string>();
  const tell = (id: string, event: CalendarEvent | null) => {
    const standing = seen.get(id) ?? null;
    if (event?.updatedAt && standing && event.updatedAt < standing) return;
    seen.set(id, event?.updatedAt ?? standing);
    state.set(id, event);
    doubted.delete(id);
  };
  const tellSeries = (seriesId: string, occurrences: readonly CalendarEvent[]) => {
    for (const event of occurrences) tell(event.externalId, event);
    const kept = occurrences.map((event) => event.externalId);
    const gone = [...state].filter(([id, event]) => event?.seriesId === seriesId && !kept.includes(id));
    for (const [id] of gone) tell(id, null);
  };
  const doubt = (id: string) => {
    doubted.add(id);
    seen.set(id, seen.get(id) ?? null);
  };
  return { state, seen, doubted, tell, tellSeries, doubt };
}

/** What the round says: the state every way of paging must end in. */
function expectedEnd(before: Calendar, items: readonly RoundItem[], kind: "full" | "incremental") {
  const { state, seen, doubted, tell, tellSeries, doubt } = listener(before);
  for (const item of items) {
    if (item.type === "upsert") tell(item.event.externalId, item.event);
    else if (item.type === "removed") tell(item.externalId, null);
    else if (item.type === "unsure") doubt(item.externalId);
    else tellSeries(item.seriesId, item.type === "series" ? item.occurrences : []);
  }
  const told = [...state].filter(([id]) => kind === "incremental" || seen.has(id));
  const end = new Map(
    told.flatMap(([id, event]) => (event && inWindow(event) ? [[id, event] as const] : [])),
  );
  return { end, doubted };
}

function rowsFor(calendar: Calendar, ids: ReadonlySet<string> | null, series: ReadonlySet<string>) {
  const rows = new Map<string, StoredEvent>();
  for (const [id, event] of calendar) {
    const wanted = ids === null || ids.has(id) || (event.seriesId !== null && series.has(event.seriesId));
    if (wanted) rows.set(id, { ...describeEvent(event), seriesId: event.seriesId });
  }
  return rows;
}

/** A worker: page by page, given no more rows than it asks for, planning now and then a page twice. */
function* importPages(
  before: Calendar,
  pages: RoundItem[][],
  kind: "full" | "incremental",
  rollbacks: boolean[],
  describe: (event: CalendarEvent) => DescribedEvent | null = describeEvent,
) {
  let round = startRound(kind);
  const calendar = new Map(before);
  for (const [index, items] of pages.entries()) {
    const isLastPage = index === pages.length - 1;
    const needed = rowsNeeded(items);
    const wanted = new Set([...needed.externalIds, ...round.held.keys()]);
    const all = isLastPage && kind === "full";
    const page = {
      items,
      stored: rowsFor(calendar, all ? null : wanted, needed.seriesIds),
      window,
      describe,
      isLastPage,
    };
    if (rollbacks[index]) planPage(round, page);
    const plan: PagePlan = planPage(round, page);
    round = plan.round;
    yield* writePlan(calendar, plan, isLastPage);
  }
}

/** Every state another may see: after each single write, but after all updates that free time at once. */
function* writePlan(calendar: Map<string, CalendarEvent>, plan: PagePlan, isLastPage: boolean) {
  const see = () => ({ calendar: new Map(calendar), plan, isLastPage });
  const steady = plan.updates.length - plan.freeing;
  for (const { event } of [...plan.inserts, ...plan.updates.slice(0, steady)]) {
    calendar.set(event.externalId, event);
    yield see();
  }
  for (const { event } of plan.updates.slice(steady)) calendar.set(event.externalId, event);
  yield see();
  for (const id of plan.removals) {
    calendar.delete(id);
    yield see();
  }
}

const blocked = (calendar: Calendar): TimeRange[] =>
  [...calendar.values()].map(describeEvent).flatMap(({ range, blocks }) => (blocks ? [range] : []));

function inBoth(a: readonly TimeRange[], b: readonly TimeRange[]): TimeRange[] {
  return a.flatMap((one) => b.flatMap((other) => intersect(one, other) ?? []));
}

const content = (calendar: Calendar) =>
  [...calendar]
    .map(([id, event]) => {
      const { fingerprint, own, displaced } = describeEvent(event);
      return [id, fingerprint, own, displaced];
    })
    .sort();
const displacedOnly = (calendar: Calendar): Calendar =>
  new Map([...calendar].filter(([, event]) => describeEvent(event).displaced));
const oursOnly = (calendar: Calendar): Calendar =>
  new Map([...calendar].filter(([, event]) => describeOurs(event) !== null));

const anyRollbacks = fc.array(fc.boolean(), { maxLength: 5 });
const RUNS = { numRuns: 1_000 };

describe("a round of any pages over any calendar", () => {
  it("ends in exactly what the vendor said", () => {
    fc.assert(
      fc.property(anyCalendar, anyPages(anyItem), anyKind, anyRollbacks, (before, pages, kind, rollbacks) => {
        const steps = [...importPages(before, pages, kind, rollbacks)];
        const { end } = expectedEnd(before, pages.flat(), kind);
        expect(content(steps.at(-1)?.calendar ?? new Map())).toEqual(content(end));
      }),
      RUNS,
    );
  });

  it("frees nothing before its last page, and never time that is blocked before and after", () => {
    fc.assert(
      fc.property(anyCalendar, anyPages(anyItem), anyKind, (before, pages, kind) => {
        const { end } = expectedEnd(before, pages.flat(), kind);
        const lasting = inBoth(blocked(before), blocked(end));
        for (const step of importPages(before, pages, kind, [])) {
          const mustStand = step.isLastPage ? lasting : blocked(before);
          expect(subtract(mustStand, blocked(step.calendar))).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  it("does the same where only events of ours that were moved block, because import is switched off", () => {
    fc.assert(
      fc.property(anyCalendar, anyPages(anyItem), anyKind, (before, pages, kind) => {
        for (const { isLastPage, calendar } of importPages(before, pages, kind, [])) {
          if (isLastPage) return;
          const mustStand = blocked(displacedOnly(before));
          expect(subtract(mustStand, blocked(displacedOnly(calendar)))).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  it("keeps our own events alone where others do not matter, and frees none of their time early", () => {
    fc.assert(
      fc.property(anyCalendar, anyPages(anyItem), anyKind, anyRollbacks, (all, pages, kind, rollbacks) => {
        const before = oursOnly(all);
        const steps = [...importPages(before, pages, kind, rollbacks, describeOurs)];
        for (const { isLastPage, calendar } of steps) {
          expect(oursOnly(calendar)).toEqual(calendar);
          if (!isLastPage) expect(subtract(blocked(before), blocked(calendar))).toEqual([]);
        }
        const { end } = expectedEnd(before, pages.flat(), kind);
        expect(content(steps.at(-1)?.calendar ?? new Map())).toEqual(content(oursOnly(end)));
      }),
      RUNS,
    );
  });

  it("counts nothing as written when it says what is stored", () => {
    fc.assert(
      fc.property(anyCalendar, anyKind, fc.integer({ min: 1, max: 3 }), (calendar, kind, size) => {
        const items = [...calendar.values()].map((event) => ({ type: "upsert", event }) as const);
        const pages: RoundItem[][] = [[]];
        for (let at = 0; at < items.length; at += size) pages.push(items.slice(at, at + size));
        const plans = new Set([...importPages(calendar, pages, kind, [])].map((step) => step.plan));
        for (const plan of plans) expect([plan.inserts, plan.updates, plan.removals]).toEqual([[], [], []]);
        expect([...plans].reduce((sum, plan) => sum + plan.unchanged, 0)).toBe(calendar.size);
      }),
    );
  });

  it("does not depend on the order of dated versions", () => {
    const versions = fc.uniqueArray(anyEvent, {
      selector: (event) => event.updatedAt?.getTime() ?? -1,
      maxLength: 9,
    });
    const dated = versions.map((events) => events.filter((event) => event.updatedAt !== null));
    const shuffled = dated.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
    );
    fc.assert(
      fc.property(anyCalendar, shuffled, anyKind, (before, [events, others], kind) => {
        const end = (order: readonly CalendarEvent[]) => {
          const pages = order.map((event) => [{ type: "upsert", event } as const]);
          return content([...importPages(before, [...pages, []], kind, [])].at(-1)?.calendar ?? new Map());
        };
        expect(end(others)).toEqual(end(events));
      }),
    );
  });

  it("leaves ids in doubt blocking as before, names them, and settles all others", () => {
    const item = fc.oneof({ weight: 4, arbitrary: anyItem }, { weight: 1, arbitrary: anyDoubt });
    fc.assert(
      fc.property(anyCalendar, anyPages(item), anyKind, anyRollbacks, (before, pages, kind, rollbacks) => {
        const last = [...importPages(before, pages, kind, rollbacks)].at(-1);
        const { end, doubted } = expectedEnd(before, pages.flat(), kind);
        const sure = (calendar: Calendar) => new Map([...calendar].filter(([id]) => !doubted.has(id)));
        expect(content(sure(last?.calendar ?? new Map()))).toEqual(content(sure(end)));
        expect(new Set(last?.plan.unsure)).toEqual(doubted);
        const mustStand = blocked(new Map([...before].filter(([id]) => doubted.has(id))));
        expect(subtract(mustStand, blocked(last?.calendar ?? new Map()))).toEqual([]);
      }),
      RUNS,
    );
  });
});
