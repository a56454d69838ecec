import { describe, expect, it } from "vitest";
import { planPage, type StoredEvent } from "@/lib/calendar/import-plan";
import { startRound } from "@/lib/calendar/import-round";
import type { RoundItem } from "@/lib/calendar/round-item";
import {
  describeEvent,
  event,
  hour,
  ids,
  lastPlan,
  nothing,
  plan,
  stored,
  summary,
  upsert,
  window,
} from "@/tests/support/plan-pages";
import { removed } from "@/tests/support/scripted-vendor";

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
