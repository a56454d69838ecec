import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "@/db/client";
import { bulkChanges, calendarRemovals } from "@/db/schema/bulk-changes";
import { calendars } from "@/db/schema/calendars";
import { notifications } from "@/db/schema/notifications";
import { auditLog } from "@/db/schema/work";
import type { RoundItem } from "@/lib/calendar/round-item";
import type { Services } from "@/lib/connections/services";
import { updateSettings } from "@/lib/connections/settings";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import {
  createCalendar,
  createConnection,
  createPerson,
  type Person,
  type TestClock,
  testClock,
  testServices,
} from "@/tests/support/factories";
import { at, removed, type ScriptedVendor, scriptedVendor, upsert } from "@/tests/support/scripted-vendor";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const MINUTE_MS = 60_000;

let vendor: ScriptedVendor;
let services: Services;
let clock: TestClock;
let person: Person;
let connectionId: string;
let calendarId: string;

beforeEach(async () => {
  vendor = scriptedVendor();
  clock = testClock();
  services = testServices(database.db, [vendor.provider], { clock });
  person = await createPerson(database.db);
  connectionId = await createConnection(services, person);
  calendarId = await createCalendar(services, connectionId, person);
});

/** The hour of an event: each one of its own, from tomorrow on. */
const hour = (index: number, later = 0) => {
  const start = Date.UTC(2026, 10, 24, 0) + (index * 2 + later) * 60 * MINUTE_MS;
  return {
    start: at(new Date(start).toISOString()),
    end: at(new Date(start + 60 * MINUTE_MS).toISOString()),
  };
};
const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => index + from);
const meetings = (count: number, from = 0) => numbers(count, from).map((n) => upsert(`m${n}`, hour(n)));
const without = (count: number, from = 0) => numbers(count, from).map((n) => removed(`m${n}`));
const moved = (count: number) => numbers(count).map((n) => upsert(`m${n}`, hour(n, 1)));

/** One round, a minute after the one before. The daily one, whose hour the calendar's id decides, does not come between. */
const round = async (items: RoundItem[], options: { full?: boolean } = {}) => {
  clock.advance(MINUTE_MS);
  const nextReconcileAt = new Date(clock.now().getTime() + 24 * 60 * MINUTE_MS);
  const unread = options.full === true ? { cursor: null, cursorVersion: null } : {};
  await database.db
    .update(calendars)
    .set({ nextReconcileAt, ...unread })
    .where(eq(calendars.id, calendarId));
  vendor.script({ pages: [{ items }] });
  expect(await syncCalendar(services, calendarId, "schedule")).toMatchObject({ status: "succeeded" });
};
const changes = () =>
  database.db
    .select()
    .from(bulkChanges)
    .where(eq(bulkChanges.calendarId, calendarId))
    .orderBy(bulkChanges.detectedAt);
const counts = async () => (await changes()).map(({ before, gone, moved }) => ({ before, gone, moved }));
const evidence = () =>
  database.db.select().from(calendarRemovals).where(eq(calendarRemovals.calendarId, calendarId));
const notices = () => database.db.select().from(notifications).where(eq(notifications.userId, person.userId));
const audit = async () => {
  const rows = await database.db.select().from(auditLog).where(eq(auditLog.userId, person.userId));
  return rows.map(({ action }) => action).filter((action) => action.startsWith("bulk_change"));
};

describe("a calendar that empties", () => {
  it("is noticed at five events and told of once", async () => {
    await round(meetings(5));
    await round(without(5));
    expect(await counts()).toEqual([{ before: 5, gone: 5, moved: 0 }]);
    const [change] = await changes();
    expect(change).toMatchObject({ userId: person.userId, connectionId, decision: null });
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
      clock.advance(-MINUTE_MS + 20_000);
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
      clock.advance(2 * MINUTE_MS);
      await round([removed(`m${n}`)]);
    }
    expect(await changes()).toEqual([]);
  });

  it("adds nothing that goes long after it", async () => {
    await round(meetings(12));
    await round(without(11));
    clock.advance(30 * MINUTE_MS);
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
    clock.advance(30 * MINUTE_MS);
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
    clock.advance(5 * 24 * 60 * MINUTE_MS);
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
    clock.advance(MINUTE_MS);
    vendor.script(
      { pages: [{ items: days, timeZone: "Asia/Tokyo" as never }] },
      { pages: [{ items: days, timeZone: "Asia/Tokyo" as never }] },
    );
    await syncCalendar(services, calendarId, "schedule");
    await updateSettings(services, person.ctx(clock.now()), connectionId, { titles: "busy_only" });
    await round(days, { full: true });
    const unchecked = { calendars: [{ id: calendarId, checkForConflicts: false }] };
    await updateSettings(services, person.ctx(clock.now()), connectionId, unchecked);
    expect(await evidence()).toEqual([]);
    expect(await changes()).toEqual([]);
  });
});

describe("evidence", () => {
  it("says what was there, whether it took time, and no title where titles are not kept", async () => {
    await round([upsert("busy", hour(1)), upsert("free", { ...hour(2), showAs: "free" })]);
    await round([removed("busy"), removed("free")]);
    const rows = (await evidence()).sort((a, b) => a.externalId.localeCompare(b.externalId));
    expect(rows).toMatchObject([
      { externalId: "busy", title: "busy", blocked: true, own: false, how: "removed", bulkChangeId: null },
      { externalId: "free", title: "free", blocked: false },
    ]);
    await updateSettings(services, person.ctx(clock.now()), connectionId, { titles: "busy_only" });
    await round([upsert("secret", hour(3))]);
    await round([removed("secret")]);
    expect((await evidence()).find(({ externalId }) => externalId === "secret")).toMatchObject({
      title: null,
    });
  });

  it("loses its titles with the calendar's when titles are kept no longer", async () => {
    await round(meetings(6));
    await round(without(6));
    const withTitles = async () => (await evidence()).filter(({ title }) => title !== null).length;
    expect(await withTitles()).toBe(6);
    await updateSettings(services, person.ctx(clock.now()), connectionId, { titles: "busy_only" });
    expect(await withTitles()).toBe(0);
  });

  it("of a round that did not end counts with the next one's, however much later that is", async () => {
    const many = 1_004;
    await round(meetings(many));
    await database.db.execute(sql`create sequence removals`);
    await database.db.execute(sql`create function die_between() returns trigger language plpgsql as $$
      begin
        if nextval('removals') = 2 then raise exception 'the worker died'; end if;
        return null;
      end $$`);
    await database.db.execute(sql`create trigger die before delete on calendar_sync_events
      for each statement execute function die_between()`);
    clock.advance(MINUTE_MS);
    vendor.script({ pages: [{ items: without(many) }] });
    expect(await syncCalendar(services, calendarId, "schedule")).toMatchObject({ status: "failed" });
    expect(await evidence()).toHaveLength(1_000);
    expect(await changes()).toEqual([]);
    clock.advance(40 * MINUTE_MS);
    await round(without(many));
    await database.db.execute(sql`drop trigger die on calendar_sync_events`);
    expect(await counts()).toEqual([{ before: many, gone: many, moved: 0 }]);
  });

  it("of a round that ended long ago does not", async () => {
    await round(meetings(12));
    await round(moved(12).slice(0, 8));
    clock.advance(40 * MINUTE_MS);
    await round(moved(12));
    expect(await changes()).toEqual([]);
  });

  it("of a program that writes its events anew every five minutes does not pile up", async () => {
    const generation = (of: number) => numbers(12).map((n) => `g${of}_${n}`);
    const written = (of: number) => generation(of).map((id, n) => upsert(id, hour(n)));
    await round(written(0));
    for (let of = 1; of <= 40; of += 1) {
      clock.advance(4 * MINUTE_MS);
      await round([...written(of), ...generation(of - 1).map((id) => removed(id))]);
    }
    expect(await changes()).toEqual([]);
    expect((await evidence()).length).toBeLessThanOrEqual(3 * 12);
  });

  it("of a change that goes on and on stops growing, but for our own events", async () => {
    await round(meetings(12));
    await round(without(12));
    const [change] = await changes();
    await database.db.execute(sql`
      insert into calendar_removals (
        id, calendar_id, user_id, bulk_change_id, how, external_id, starts_at, ends_at, blocked, own, removed_at
      )
      select gen_random_uuid(), calendar_id, user_id, bulk_change_id, how, 'x' || n, starts_at, ends_at, blocked, own, removed_at
      from (select * from calendar_removals where bulk_change_id = ${change?.id ?? null} limit 1) r, generate_series(1, 20000) n
    `);
    await round(meetings(30, 100));
    await round(numbers(30, 100).map((n) => removed(`m${n}`)));
    await database.db.execute(sql`
      update calendar_removals set own = true where calendar_id = ${calendarId} and external_id = 'm101'`);
    clock.advance(MINUTE_MS);
    await round(meetings(10, 200));
    await round(without(10, 200));
    const late = (await evidence()).filter(({ externalId }) => /^m[12]\d\d$/.test(externalId));
    expect(
      late.filter(({ bulkChangeId }) => bulkChangeId !== null).map(({ externalId }) => externalId),
    ).toEqual(["m101"]);
    expect(await changes()).toHaveLength(1);
  });

  it("costs nothing where nothing went: an idle round is three statements, with a change open too", async () => {
    const statements: string[] = [];
    const handle = openDatabase(database.url, { max: 1, onStatement: (text) => statements.push(text) });
    const idle = async () => {
      clock.advance(MINUTE_MS);
      vendor.script({ pages: [{ items: [] }] });
      statements.length = 0;
      await syncCalendar({ ...services, db: handle.db }, calendarId, "schedule");
      return statements.length;
    };
    await round(meetings(6));
    expect(await idle()).toBe(3);
    await round(without(6));
    expect(await changes()).toHaveLength(1);
    expect(await idle()).toBe(3);
    await handle.close();
  });
});

describe("a hiccup of the vendor", () => {
  it("heals by itself once the events are back", async () => {
    await round(meetings(20));
    await round([], { full: true });
    expect(await changes()).toHaveLength(1);
    await round(meetings(17));
    expect(await changes()).toHaveLength(1);
    await round(meetings(18), { full: false });
    expect(await changes()).toEqual([]);
    expect(await evidence()).toEqual([]);
    expect((await notices()).every(({ resolvedAt }) => resolvedAt !== null)).toBe(true);
    expect((await audit()).sort()).toEqual(["bulk_change.detected", "bulk_change.healed"]);
  });

  it("does not heal when they come back at other times", async () => {
    await round(meetings(12));
    await round([], { full: true });
    await round(moved(12));
    expect(await counts()).toHaveLength(1);
  });
});
