import { describe, expect, it } from "vitest";
import { updateSettings } from "@/lib/connections/settings";
import {
  bulkChangeWorld,
  hour,
  MINUTE_MS,
  meetings,
  moved,
  numbers,
  without,
} from "@/tests/support/bulk-change-world";
import { removed, upsert } from "@/tests/support/scripted-vendor";

const world = bulkChangeWorld();
const { round, sync, changes, counts, evidence, notices, audit } = world;

describe("a calendar that empties", () => {
  it("is noticed at five events and told of once", async () => {
    await round(meetings(5));
    await round(without(5));
    expect(await counts()).toEqual([{ before: 5, gone: 5, moved: 0 }]);
    const [change] = await changes();
    expect(change).toMatchObject({
      userId: world.person.userId,
      connectionId: world.connectionId,
      decision: null,
    });
    const told = await notices();
    expect(told).toMatchObject([
      {
        kind: "bulk_change_held",
        subjectType: "bulk_change",
        subjectId: change?.id,
        params: { calendar: "Work", before: 5, gone: 5, moved: 0 },
        dedupeKey: `bulk_change:${change?.id}`,
        resolvedAt: null,
      },
    ]);
    expect(await audit()).toEqual(["bulk_change.detected"]);
    expect((await evidence()).every(({ bulkChangeId }) => bulkChangeId === change?.id)).toBe(true);
  });

  it("is not at four", async () => {
    await round(meetings(4));
    await round(without(4));
    expect(await changes()).toEqual([]);
    expect(await evidence()).toHaveLength(4);
  });

  it("is noticed in a full list that holds nothing", async () => {
    await round(meetings(6));
    await round([], { full: true });
    expect(await counts()).toEqual([{ before: 6, gone: 6, moved: 0 }]);
  });

  it("is noticed over many small rounds, and the numbers grow with it", async () => {
    await round(meetings(12));
    for (const n of numbers(12)) {
      world.clock.advance(-MINUTE_MS + 20_000);
      await round([removed(`m${n}`)]);
      expect(await changes()).toHaveLength(n < 9 ? 0 : 1);
    }
    expect(await counts()).toEqual([{ before: 12, gone: 12, moved: 0 }]);
    expect((await notices()).map(({ params }) => params)).toEqual([
      { calendar: "Work", before: 12, gone: 12, moved: 0 },
    ]);
  });

  it("is not when it takes its owner half an hour", async () => {
    await round(meetings(12));
    for (const n of numbers(12)) {
      world.clock.advance(2 * MINUTE_MS);
      await round([removed(`m${n}`)]);
    }
    expect(await changes()).toEqual([]);
  });

  it("adds nothing that goes long after it", async () => {
    await round(meetings(12));
    await round(without(11));
    world.clock.advance(30 * MINUTE_MS);
    await round([removed("m11")]);
    expect(await counts()).toEqual([{ before: 12, gone: 11, moved: 0 }]);
  });
});

describe("a calendar that changes wholesale", () => {
  it("is noticed when ten events that are half of it are gone or elsewhere", async () => {
    await round(meetings(20));
    await round([...moved(4), ...without(6, 4)]);
    expect(await counts()).toEqual([{ before: 20, gone: 6, moved: 4 }]);
    expect((await evidence()).filter(({ how }) => how === "moved")).toHaveLength(4);
  });

  it("is not below half, nor below ten", async () => {
    await round(meetings(21));
    await round(without(10));
    world.clock.advance(30 * MINUTE_MS);
    await round(without(9, 10));
    expect(await changes()).toEqual([]);
  });

  it("is noticed though as much is added in the same round", async () => {
    await round(meetings(10));
    const others = numbers(20).map((n) => upsert(`o${n}`, hour(n + 100)));
    await round([...without(10), ...others]);
    expect(await counts()).toEqual([{ before: 10, gone: 10, moved: 0 }]);
  });

  it("is not when a program only writes its events anew under other ids", async () => {
    await round(meetings(12));
    const again = numbers(12).map((n) => upsert(`again${n}`, hour(n)));
    await round([...again, ...without(12)]);
    expect(await changes()).toEqual([]);
  });

  it("is not when a thing moves and moves back", async () => {
    await round(meetings(12));
    await round(moved(9));
    await round(meetings(9));
    await round(without(3, 9));
    expect(await changes()).toEqual([]);
  });
});

describe("what is no wholesale change", () => {
  const daily = (id: string, count: number, every = 1) =>
    numbers(count).map((n) => upsert(`${id}_${n}`, { ...hour(n * 12 * every), seriesId: id }));

  it("is the first import, and the next full one", async () => {
    await round(meetings(300));
    await round(meetings(300), { full: true });
    expect(await evidence()).toEqual([]);
    expect(await changes()).toEqual([]);
  });

  it("is a daily series that goes", async () => {
    await round([...daily("standup", 60), ...meetings(8, 800)]);
    await round([{ type: "seriesRemoved", seriesId: "standup" }]);
    expect(await evidence()).toHaveLength(60);
    expect(await changes()).toEqual([]);
  });

  it("is a week off that takes one occurrence of each of many weekly meetings", async () => {
    const series = numbers(12).map((n) => `weekly${n}`);
    await round(series.flatMap((id) => daily(id, 10, 7)));
    await round(series.map((id) => removed(`${id}_0`)));
    expect(await changes()).toEqual([]);
  });

  it("is what has passed, and what slides out of the window", async () => {
    await round(meetings(8));
    world.clock.advance(5 * 24 * 60 * MINUTE_MS);
    await round([], { full: true });
    expect(await evidence()).toEqual([]);
  });

  it("is a change of settings, or of the calendar's zone", async () => {
    const days = numbers(12).map((n) =>
      upsert(`d${n}`, {
        start: { kind: "day", date: `2026-12-${String(n + 1).padStart(2, "0")}` as never },
        end: { kind: "day", date: `2026-12-${String(n + 2).padStart(2, "0")}` as never },
      }),
    );
    await round(days);
    world.clock.advance(MINUTE_MS);
    world.vendor.script(
      { pages: [{ items: days, timeZone: "Asia/Tokyo" as never }] },
      { pages: [{ items: days, timeZone: "Asia/Tokyo" as never }] },
    );
    await sync();
    await updateSettings(world.services, world.ctx(), world.connectionId, {
      titles: "busy_only",
    });
    await round(days, { full: true });
    const unchecked = { calendars: [{ id: world.calendarId, checkForConflicts: false }] };
    await updateSettings(world.services, world.ctx(), world.connectionId, unchecked);
    expect(await evidence()).toEqual([]);
    expect(await changes()).toEqual([]);
  });
});
