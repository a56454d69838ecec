import { describe, expect, it } from "vitest";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { rowsNeeded, startRound } from "@/lib/calendar/import-round";
import type { RoundItem } from "@/lib/calendar/round-item";
import {
  event,
  hour,
  ids,
  lastPlan,
  nothing,
  plan,
  stored,
  summary,
  upsert,
} from "@/tests/support/plan-pages";
import { removed } from "@/tests/support/scripted-vendor";

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
