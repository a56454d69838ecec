import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { calendarSyncEvents, calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import { ProviderError } from "@/lib/providers/provider-error";
import { importWorld } from "@/tests/support/import-world";
import { at, day, removed, upsert } from "@/tests/support/scripted-vendor";

const world = importWorld();
const { sync, read, stored, blocked, calendar } = world;

describe("a full round", () => {
  it("imports every page and moves the cursor with the last one", async () => {
    world.vendor.script({ pages: [{ items: [upsert("a")] }, { items: [upsert("b")] }], cursor: "c-1" });
    expect(await sync()).toMatchObject({ status: "succeeded", counts: { imported: 2, removed: 0 } });
    expect(await stored()).toEqual(["a", "b"]);
    expect(await calendar()).toMatchObject({ cursor: "c-1", cursorVersion: "scripted-1", failures: 0 });
    expect(world.vendor.requests[0]?.cursor).toBeNull();
  });

  it("sweeps what it does not mention, and only at its end", async () => {
    await read([upsert("a"), upsert("b")]);
    world.clock.advance(26 * 3_600_000);
    const seen: string[][] = [];
    world.vendor.script({
      pages: [
        { items: [upsert("c")] },
        {},
        { items: [], before: async () => void seen.push(await stored()) },
      ],
    });
    await sync();
    expect(seen).toEqual([["a", "b", "c"]]);
    expect(await stored()).toEqual(["c"]);
  });

  it("writes no row when nothing changed", async () => {
    await read([upsert("a"), upsert("b")]);
    const before =
      await world.database.db.execute(sql`select external_id, xmin::text from calendar_sync_events
      where calendar_id = ${world.calendarId} order by 1`);
    world.clock.advance(26 * 3_600_000);
    expect(await read([upsert("a"), upsert("b")])).toMatchObject({
      counts: { imported: 0, updated: 0, removed: 0, unchanged: 2 },
    });
    expect(
      await world.database.db.execute(sql`select external_id, xmin::text from calendar_sync_events
      where calendar_id = ${world.calendarId} order by 1`),
    ).toEqual(before);
  });

  it("happens again each day, when the mapping changed, and when its window no longer covers the offer", async () => {
    await sync();
    await sync();
    expect(world.vendor.requests.map((request) => request.cursor === null)).toEqual([true, false]);
    await world.database.db
      .update(calendars)
      .set({ cursorVersion: "older" })
      .where(eq(calendars.id, world.calendarId));
    await sync();
    world.clock.advance(26 * 3_600_000);
    await sync();
    await world.database.db
      .update(calendars)
      .set({
        windowStart: new Date("2027-01-01"),
        nextReconcileAt: new Date(world.clock.now().getTime() + 3_600_000),
      })
      .where(eq(calendars.id, world.calendarId));
    await sync();
    expect(world.vendor.requests.map((request) => request.cursor === null)).toEqual([
      true,
      false,
      true,
      true,
      true,
    ]);
  });

  it("is full again next time when the vendor gave no cursor", async () => {
    world.vendor.script({ pages: [{ items: [upsert("a")] }], cursor: null });
    await sync();
    await sync();
    expect(world.vendor.requests.map((request) => request.cursor)).toEqual([null, null]);
  });
});

describe("an incremental round", () => {
  beforeEach(async () => {
    await read([upsert("a"), upsert("b"), upsert("s1", { seriesId: "s" })]);
  });

  it("adds, changes and removes what it mentions and nothing else", async () => {
    const moved = { start: at("2026-11-25T08:00:00.000Z"), end: at("2026-11-25T09:00:00.000Z") };
    expect(await read([upsert("a", moved), removed("b"), upsert("n")])).toMatchObject({
      counts: { imported: 1, updated: 1, removed: 1 },
    });
    expect(await stored()).toEqual(["a", "n", "s1"]);
  });

  it("never frees time before its last page", async () => {
    const during: string[][] = [];
    world.vendor.script({
      pages: [
        { items: [removed("a"), upsert("b", { showAs: "free" })] },
        {},
        { before: async () => void during.push(await blocked()) },
      ],
    });
    await sync();
    expect(during).toEqual([["a", "b", "s1"]]);
    expect(await blocked()).toEqual(["s1"]);
  });

  it("keeps everything, cursor included, when a later page fails", async () => {
    const cursor = (await calendar()).cursor;
    world.vendor.script({
      pages: [{ items: [removed("a"), upsert("n")] }],
      error: new ProviderError("transient"),
    });
    expect(await sync()).toMatchObject({ status: "failed", errorCode: "transient" });
    expect(await stored()).toEqual(["a", "b", "n", "s1"]);
    expect(await calendar()).toMatchObject({
      cursor,
      failures: 1,
      lastErrorKind: "transient",
      leaseUntil: null,
    });
  });

  it("takes a series' occurrences as complete, and drops a removed series", async () => {
    world.vendor.script({
      pages: [
        { items: [{ type: "series", seriesId: "s", occurrences: [] }, upsert("t1", { seriesId: "t" })] },
      ],
    });
    await sync();
    expect(await stored()).toEqual(["a", "b", "t1"]);
    await read([{ type: "seriesRemoved", seriesId: "t" }]);
    expect(await stored()).toEqual(["a", "b"]);
  });

  it("answers a doubt with a full round in the same run, freeing nothing before it", async () => {
    world.vendor.script(
      { pages: [{ items: [{ type: "unsure", externalId: "s" }] }] },
      { pages: [{ items: [upsert("a"), upsert("b")] }] },
    );
    expect(await sync()).toMatchObject({ status: "succeeded", rounds: 2 });
    expect(world.vendor.requests.at(-1)?.cursor).toBeNull();
    expect(await stored()).toEqual(["a", "b"]);
  });

  it("starts over without a gap when the cursor is lost, even on a later page", async () => {
    world.vendor.script(
      { pages: [{ items: [upsert("n")] }], error: new ProviderError("gone_cursor") },
      { pages: [{ items: [upsert("a"), upsert("n")] }] },
    );
    expect(await sync()).toMatchObject({ status: "succeeded" });
    expect(await stored()).toEqual(["a", "n"]);
    expect(await calendar()).toMatchObject({ cursorLosses: 1 });
  });

  it("does not run in circles when even the full round loses its cursor", async () => {
    world.vendor.script(
      { error: new ProviderError("gone_cursor") },
      { error: new ProviderError("gone_cursor") },
    );
    expect(await sync()).toMatchObject({ status: "failed", errorCode: "gone_cursor" });
    expect(world.vendor.requests).toHaveLength(3);
  });

  it("ignores what lies outside the window, and lets go of what moved out of it", async () => {
    const far = { start: at("2028-01-01T10:00:00.000Z"), end: at("2028-01-01T11:00:00.000Z") };
    await read([upsert("far", far), upsert("a", far)]);
    expect(await stored()).toEqual(["b", "s1"]);
  });
});

describe("zones", () => {
  it("lays an all-day event into the calendar's zone and moves it when the zone changes", async () => {
    const holiday = { start: day("2026-12-24"), end: day("2026-12-26") };
    await read([upsert("h", holiday)]);
    const instants = () =>
      world.database.db
        .select({ start: calendarSyncEvents.startsAt, end: calendarSyncEvents.endsAt })
        .from(calendarSyncEvents)
        .where(eq(calendarSyncEvents.calendarId, world.calendarId));
    expect(await instants()).toEqual([
      { start: new Date("2026-12-23T23:00:00.000Z"), end: new Date("2026-12-25T23:00:00.000Z") },
    ]);
    world.vendor.script({ pages: [{ timeZone: "America/New_York" as TimeZoneId }] });
    await sync();
    expect(await instants()).toEqual([
      { start: new Date("2026-12-24T05:00:00.000Z"), end: new Date("2026-12-26T05:00:00.000Z") },
    ]);
    expect(await calendar()).toMatchObject({ timeZone: "America/New_York", failures: 0 });
  });
});

describe("settings", () => {
  it("decide without a new import", async () => {
    world.vendor.script({
      pages: [
        {
          items: [
            upsert("maybe", { status: "tentative" }),
            upsert("allday", { start: day("2026-12-01"), end: day("2026-12-02"), showAs: "free" }),
            upsert("declined", { response: "declined" }),
            upsert("asked", { response: "needs_action" }),
            upsert("free", { showAs: "free" }),
            upsert("zero", { end: at("2026-11-24T10:00:00.000Z") }),
            upsert("home", { kind: "working_location", showAs: "working_elsewhere" }),
            upsert("birthday", {
              kind: "birthday",
              start: day("2026-12-01"),
              end: day("2026-12-02"),
              showAs: "free",
            }),
          ],
        },
      ],
    });
    await sync();
    expect(await blocked()).toEqual(["allday", "asked", "maybe"]);
    await world.database.db
      .update(calendarConnections)
      .set({ tentative: "ignore", allDayEvents: "as_provider" })
      .where(eq(calendarConnections.id, world.connectionId));
    expect(await blocked()).toEqual(["asked"]);
  });

  it("keep titles, places and people out of the database with busy only", async () => {
    await world.database.db
      .update(calendarConnections)
      .set({ titles: "busy_only" })
      .where(eq(calendarConnections.id, world.connectionId));
    const attendees = [
      { name: "Zoé", email: "zoe@example.test", response: "accepted" as const, self: false },
    ];
    world.vendor.script({
      pages: [{ items: [upsert("a", { title: "Oncologist", location: "Ward 3", attendees })] }],
    });
    await sync();
    const [row] = await world.database.db
      .select()
      .from(calendarSyncEvents)
      .where(eq(calendarSyncEvents.calendarId, world.calendarId));
    expect(row).toMatchObject({ title: null, location: null, attendees: null });
  });
});
