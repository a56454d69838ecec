import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { openDatabase } from "@/db/client";
import { updateSettings } from "@/lib/connections/settings";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
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
const { round, read, changes, counts, evidence, notices, audit } = world;

describe("evidence", () => {
  it("says what was there, whether it took time, and no title where titles are not kept", async () => {
    await round([upsert("busy", hour(1)), upsert("free", { ...hour(2), showAs: "free" })]);
    await round([removed("busy"), removed("free")]);
    const rows = (await evidence()).sort((a, b) => a.externalId.localeCompare(b.externalId));
    expect(rows).toMatchObject([
      { externalId: "busy", title: "busy", blocked: true, own: false, how: "removed", bulkChangeId: null },
      { externalId: "free", title: "free", blocked: false },
    ]);
    await updateSettings(world.services, world.ctx(), world.connectionId, {
      titles: "busy_only",
    });
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
    await updateSettings(world.services, world.ctx(), world.connectionId, {
      titles: "busy_only",
    });
    expect(await withTitles()).toBe(0);
  });

  it("of a round that did not end counts with the next one's, however much later that is", async () => {
    const many = 1_004;
    await round(meetings(many));
    await world.database.db.execute(sql`create sequence removals`);
    await world.database.db.execute(sql`create function die_between() returns trigger language plpgsql as $$
      begin
        if nextval('removals') = 2 then raise exception 'the worker died'; end if;
        return null;
      end $$`);
    await world.database.db.execute(sql`create trigger die before delete on calendar_sync_events
      for each statement execute function die_between()`);
    world.clock.advance(MINUTE_MS);
    expect(await read(without(many))).toMatchObject({
      status: "failed",
    });
    expect(await evidence()).toHaveLength(1_000);
    expect(await changes()).toEqual([]);
    world.clock.advance(40 * MINUTE_MS);
    await round(without(many));
    await world.database.db.execute(sql`drop trigger die on calendar_sync_events`);
    expect(await counts()).toEqual([{ before: many, gone: many, moved: 0 }]);
  });

  it("of a round that ended long ago does not", async () => {
    await round(meetings(12));
    await round(moved(12).slice(0, 8));
    world.clock.advance(40 * MINUTE_MS);
    await round(moved(12));
    expect(await changes()).toEqual([]);
  });

  it("of a program that writes its events anew every five minutes does not pile up", async () => {
    const generation = (of: number) => numbers(12).map((n) => `g${of}_${n}`);
    const written = (of: number) => generation(of).map((id, n) => upsert(id, hour(n)));
    await round(written(0));
    for (let of = 1; of <= 40; of += 1) {
      world.clock.advance(4 * MINUTE_MS);
      await round([...written(of), ...generation(of - 1).map((id) => removed(id))]);
    }
    expect(await changes()).toEqual([]);
    expect((await evidence()).length).toBeLessThanOrEqual(3 * 12);
  });

  it("of a change that goes on and on stops growing, but for our own events", async () => {
    const { db } = world.database;
    await round(meetings(12));
    await round(without(12));
    const [change] = await changes();
    await db.execute(sql`
      insert into calendar_removals (
        id, calendar_id, user_id, bulk_change_id, how, external_id, starts_at, ends_at, blocked, own, removed_at
      )
      select gen_random_uuid(), calendar_id, user_id, bulk_change_id, how, 'x' || n, starts_at, ends_at, blocked, own, removed_at
      from (select * from calendar_removals where bulk_change_id = ${change?.id ?? null} limit 1) r, generate_series(1, 20000) n
    `);
    await round(meetings(30, 100));
    await round(without(30, 100));
    await db.execute(sql`
      update calendar_removals set own = true where calendar_id = ${world.calendarId} and external_id = 'm101'`);
    world.clock.advance(MINUTE_MS);
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
    const handle = openDatabase(world.database.url, { max: 1, onStatement: (text) => statements.push(text) });
    const idle = async () => {
      world.clock.advance(MINUTE_MS);
      world.vendor.script({ pages: [{ items: [] }] });
      statements.length = 0;
      await syncCalendar({ ...world.services, db: handle.db }, world.calendarId, "schedule");
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
