import { describe, expect, it } from "vitest";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { type PagePlan, planPage, type StoredEvent } from "@/lib/calendar/import-plan";
import { type ImportRound, rowsNeeded, startRound } from "@/lib/calendar/import-round";
import type { RoundItem } from "@/lib/calendar/round-item";

const hour = (n: number) => new Date(Date.UTC(2026, 10, 20, n));
const window = { start: hour(0), end: hour(100) };

function event(
  externalId: string,
  start: number,
  end: number,
  more: Partial<CalendarEvent> = {},
): CalendarEvent {
  return {
    externalId,
    seriesId: null,
    iCalUid: null,
    etag: null,
    updatedAt: null,
    kind: "default",
    status: "confirmed",
    start: { kind: "instant", at: hour(start), zone: null },
    end: { kind: "instant", at: hour(end), zone: null },
    showAs: "busy",
    response: "none",
    title: null,
    location: null,
    attendees: [],
    organizerSelf: true,
    private: false,
    bookingMarker: null,
    ...more,
  };
}

function describeEvent(one: CalendarEvent) {
  if (one.start.kind !== "instant" || one.end.kind !== "instant") throw new Error("these tests use instants");
  const range = { start: one.start.at, end: one.end.at };
  const fingerprint = JSON.stringify([one.externalId, one.seriesId, range, one.showAs, one.title]);
  return { range, blocks: one.showAs === "busy", fingerprint, own: false, displaced: false };
}

function stored(...events: CalendarEvent[]): Map<string, StoredEvent> {
  return new Map(events.map((one) => [one.externalId, { ...describeEvent(one), seriesId: one.seriesId }]));
}

function plan(
  round: ImportRound,
  items: RoundItem[],
  rows: ReadonlyMap<string, StoredEvent>,
  isLastPage = false,
): PagePlan {
  return planPage(round, { items, stored: rows, window, describe: describeEvent, isLastPage });
}

/** Plans page after page over rows that stay as they are; the last page's plan. */
function lastPlan(
  kind: ImportRound["kind"],
  pages: RoundItem[][],
  rows: ReadonlyMap<string, StoredEvent>,
): PagePlan {
  const [last = [], ...before] = [...pages].reverse();
  const round = before.reverse().reduce((soFar, items) => plan(soFar, items, rows).round, startRound(kind));
  return plan(round, last, rows, true);
}

const upsert = (one: CalendarEvent): RoundItem => ({ type: "upsert", event: one });
const removed = (externalId: string): RoundItem => ({ type: "removed", externalId });
const ids = (planned: PagePlan["inserts"]) => planned.map(({ event: { externalId } }) => externalId);

function summary(result: PagePlan) {
  const { removals, unchanged, unsure } = result;
  return { inserts: ids(result.inserts), updates: ids(result.updates), removals, unchanged, unsure };
}

const nothing = { inserts: [], updates: [], removals: [], unchanged: 0, unsure: [] };

describe("a page that is not the last", () => {
  it.each<[string, CalendarEvent, RoundItem, Partial<typeof nothing> | { updates: string[] }]>([
    ["writes a longer version", event("a", 9, 10), upsert(event("a", 9, 11)), { updates: ["a"] }],
    [
      "writes a new title",
      event("a", 9, 10),
      upsert(event("a", 9, 10, { title: "Fitting" })),
      { updates: ["a"] },
    ],
    [
      "writes a free event that becomes busy",
      event("a", 9, 10, { showAs: "free" }),
      upsert(event("a", 20, 21)),
      { updates: ["a"] },
    ],
    [
      "moves a free event",
      event("a", 9, 10, { showAs: "free" }),
      upsert(event("a", 20, 21, { showAs: "free" })),
      { updates: ["a"] },
    ],
    ["holds a shorter version", event("a", 9, 11), upsert(event("a", 9, 10)), {}],
    ["holds a move", event("a", 9, 11), upsert(event("a", 10, 12)), {}],
    [
      "holds a busy event that becomes free",
      event("a", 9, 10),
      upsert(event("a", 9, 10, { showAs: "free" })),
      {},
    ],
    ["holds a removal", event("a", 9, 10), removed("a"), {}],
    ["holds a move out of the window", event("a", 9, 10), upsert(event("a", 200, 201)), {}],
  ])("%s", (_, before, item, expected) => {
    expect(summary(plan(startRound("incremental"), [item], stored(before)))).toEqual({
      ...nothing,
      ...expected,
    });
  });

  it("writes new events at once and leaves equal ones alone", () => {
    const result = plan(
      startRound("full"),
      [upsert(event("new", 1, 2)), upsert(event("old", 3, 4))],
      stored(event("old", 3, 4), event("unmentioned", 5, 6)),
    );
    expect(summary(result)).toEqual({ ...nothing, inserts: ["new"], unchanged: 1 });
  });

  it("ignores new events outside the window and removals of events never stored", () => {
    const items = [upsert(event("far", 200, 201)), removed("stranger")];
    expect(summary(plan(startRound("incremental"), items, stored()))).toEqual(nothing);
  });
});

describe("the last page", () => {
  it("applies what was held back", () => {
    const rows = stored(event("moved", 9, 10), event("gone", 11, 12));
    const pages = [[upsert(event("moved", 20, 21)), removed("gone")], []];
    expect(summary(lastPlan("incremental", pages, rows))).toEqual({
      ...nothing,
      updates: ["moved"],
      removals: ["gone"],
    });
  });

  it("removes what a full round never mentioned, and an incremental one leaves it", () => {
    const rows = stored(event("a", 1, 2), event("b", 3, 4));
    expect(plan(startRound("full"), [upsert(event("a", 1, 2))], rows, true).removals).toEqual(["b"]);
    expect(plan(startRound("incremental"), [upsert(event("a", 1, 2))], rows, true).removals).toEqual([]);
  });

  it("removes an event that left the window", () => {
    const rows = stored(event("a", 1, 2));
    expect(plan(startRound("incremental"), [upsert(event("a", 200, 201))], rows, true).removals).toEqual([
      "a",
    ]);
  });

  it("drops a held change when a later version takes it back", () => {
    const pages = [[removed("a")], [upsert(event("a", 9, 10))], []];
    expect(summary(lastPlan("incremental", pages, stored(event("a", 9, 10))))).toEqual(nothing);
  });

  it("writes a row whose range no longer fits its event, though the event is unchanged", () => {
    const rows = stored(event("a", 9, 10));
    const row = rows.get("a");
    if (row) rows.set("a", { ...row, range: { start: hour(7), end: hour(8) } });
    expect(ids(plan(startRound("incremental"), [upsert(event("a", 9, 10))], rows, true).updates)).toEqual([
      "a",
    ]);
  });
});

describe("two events that trade places", () => {
  it("are told apart from updates that free nothing, so that they move in one transaction", () => {
    const rows = stored(event("a", 9, 10), event("b", 14, 15), event("c", 1, 2));
    const items = [upsert(event("a", 14, 15)), upsert(event("c", 1, 3)), upsert(event("b", 9, 10))];
    const result = plan(startRound("incremental"), items, rows, true);
    expect([ids(result.updates), result.freeing]).toEqual([["c", "a", "b"], 2]);
  });
});

describe("an id met twice in a round", () => {
  const older = { updatedAt: hour(1) };
  const newer = { updatedAt: hour(2) };

  it.each([
    ["on one page", false],
    ["on two pages", true],
  ])("ends as its later version, whichever comes last: %s", (_, split) => {
    const items = [upsert(event("a", 20, 21, newer)), upsert(event("a", 9, 10, older))];
    const pages = split ? items.map((item) => [item]) : [items];
    const [update] = lastPlan("incremental", pages, stored(event("a", 5, 6))).updates;
    expect(update?.range.start).toEqual(hour(20));
  });

  it("ends as the version seen last where one has no date", () => {
    const items = [upsert(event("a", 20, 21, newer)), upsert(event("a", 9, 10))];
    const [insert] = plan(startRound("incremental"), items, stored(), true).inserts;
    expect(insert?.range.start).toEqual(hour(9));
  });

  it("stays removed when an older version is reported late", () => {
    const items = [upsert(event("a", 20, 21, newer)), removed("a"), upsert(event("a", 9, 10, older))];
    const rows = stored(event("a", 9, 10));
    expect(summary(lastPlan("incremental", [items], rows))).toEqual({ ...nothing, removals: ["a"] });
  });

  it("comes back when it is reported again after its removal", () => {
    const items = [removed("a"), upsert(event("a", 9, 10, older))];
    expect(summary(plan(startRound("incremental"), items, stored(event("a", 9, 10)), true)).unchanged).toBe(
      1,
    );
  });
});

describe("whose time an event takes", () => {
  const a = event("a", 9, 10);
  const row = (more: Partial<StoredEvent>) =>
    new Map([["a", { ...describeEvent(a), seriesId: null, ...more }]]);
  const known = (
    rows: ReadonlyMap<string, StoredEvent>,
    now: Partial<StoredEvent> | null,
    isLastPage = true,
  ) =>
    planPage(startRound("incremental"), {
      items: [upsert(a)],
      stored: rows,
      window,
      describe: (one) => (now === null ? null : { ...describeEvent(one), ...now }),
      isLastPage,
    });

  it.each<[string, Partial<StoredEvent>, Partial<StoredEvent>]>([
    ["ours after all", {}, { own: true, blocks: false }],
    ["ours no longer", { own: true, blocks: false }, {}],
    ["put elsewhere by its owner", { own: true, blocks: false }, { displaced: true }],
    ["put back", { displaced: true }, { own: true, blocks: false }],
  ])("is written though the event is unchanged: it is %s", (_, before, now) => {
    expect(ids(known(row(before), now).updates)).toEqual(["a"]);
    expect(known(row(now), now).unchanged).toBe(1);
  });

  it("waits for the last page where it frees time", () => {
    expect(known(row({}), { own: true, blocks: false }, false).updates).toEqual([]);
    expect(known(row({ own: true, blocks: false }), { displaced: true }, false).updates).toHaveLength(1);
  });

  it("waits too where only displaced events block: one that becomes an ordinary one frees its time", () => {
    expect(known(row({ displaced: true }), {}, false).updates).toEqual([]);
    expect(known(row({ displaced: true }), {}).freeing).toBe(1);
  });

  it("keeps nothing of an event that does not matter, and lets go of one that no longer does", () => {
    expect(summary(known(new Map(), null))).toEqual(nothing);
    expect(known(row({ own: true, blocks: false }), null).removals).toEqual(["a"]);
    expect(known(row({ displaced: true }), null, false).removals).toEqual([]);
  });
});

describe("an id the reader is unsure of", () => {
  const unsure = { type: "unsure", externalId: "a" } as const;

  it("keeps its row, is not swept, and is named at the end", () => {
    const result = plan(startRound("full"), [unsure], stored(event("a", 9, 10)), true);
    expect(summary(result)).toEqual({ ...nothing, unsure: ["a"] });
  });

  it("frees nothing that was held back for it", () => {
    const result = lastPlan("incremental", [[removed("a")], [unsure]], stored(event("a", 9, 10)));
    expect(summary(result)).toEqual({ ...nothing, unsure: ["a"] });
  });

  it("is sure again once its state is reported", () => {
    const result = plan(startRound("incremental"), [unsure, removed("a")], stored(event("a", 9, 10)), true);
    expect(summary(result)).toEqual({ ...nothing, removals: ["a"] });
  });
});

describe("a series", () => {
  const of = (id: string, start: number) => event(id, start, start + 1, { seriesId: "s" });
  const rows = () => stored(of("s1", 1), of("s2", 2), event("other", 3, 4));

  it("reported whole replaces its stored occurrences and touches no other event", () => {
    const item: RoundItem = { type: "series", seriesId: "s", occurrences: [of("s2", 2), of("s3", 5)] };
    const result = plan(startRound("incremental"), [item], rows(), true);
    expect(summary(result)).toEqual({ ...nothing, inserts: ["s3"], removals: ["s1"], unchanged: 1 });
  });

  it("frees nothing before the last page", () => {
    const item: RoundItem = { type: "seriesRemoved", seriesId: "s" };
    expect(plan(startRound("incremental"), [item], rows()).removals).toEqual([]);
    expect(lastPlan("incremental", [[item], []], rows()).removals).toEqual(["s1", "s2"]);
  });

  it("removed takes the occurrences of the same page with it", () => {
    const items: RoundItem[] = [upsert(of("s9", 9)), { type: "seriesRemoved", seriesId: "s" }];
    expect(summary(plan(startRound("incremental"), items, rows(), true))).toEqual({
      ...nothing,
      removals: ["s1", "s2"],
    });
  });

  it("removed leaves an occurrence that has moved to another series", () => {
    const items: RoundItem[] = [
      upsert({ ...of("s1", 1), seriesId: "t" }),
      { type: "seriesRemoved", seriesId: "s" },
    ];
    const result = plan(startRound("incremental"), items, rows(), true);
    expect(summary(result)).toEqual({ ...nothing, updates: ["s1"], removals: ["s2"] });
  });
});

describe("a page whose transaction is rolled back", () => {
  it("leaves the round as it was", () => {
    const round = startRound("incremental");
    plan(round, [removed("a"), { type: "unsure", externalId: "b" }], stored(event("a", 9, 10)));
    expect(round).toEqual(startRound("incremental"));
  });
});

describe("rowsNeeded", () => {
  it("names the rows a page can touch", () => {
    const needed = rowsNeeded([
      upsert(event("a", 1, 2)),
      removed("b"),
      { type: "unsure", externalId: "c" },
      { type: "series", seriesId: "s", occurrences: [event("d", 1, 2)] },
      { type: "seriesRemoved", seriesId: "t" },
    ]);
    expect([...needed.externalIds]).toEqual(["a", "b", "c", "d"]);
    expect([...needed.seriesIds]).toEqual(["s", "t"]);
  });
});
