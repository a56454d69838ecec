import { eq, inArray, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { calendarSyncEvents, calendarSyncLogs, calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { users } from "@/db/schema/users";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import { refreshDueTokens } from "@/lib/connections/refresh-due-tokens";
import { ProviderError } from "@/lib/providers/provider-error";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { findDueCalendars } from "@/lib/sync/sync-due";
import { importWorld } from "@/tests/support/import-world";
import { upsert } from "@/tests/support/scripted-vendor";

const world = importWorld();
const { sync, read, stored, blocked } = world;

async function runs() {
  return world.database.db
    .select()
    .from(calendarSyncLogs)
    .where(eq(calendarSyncLogs.calendarId, world.calendarId))
    .orderBy(calendarSyncLogs.seq);
}

describe("requests during a round", () => {
  it("cause exactly one more", async () => {
    const request = async () => {
      await world.database.db.execute(
        sql`update calendars set change_seq = change_seq + 1 where id = ${world.calendarId}`,
      );
    };
    world.vendor.script({ pages: [{ before: request }, { before: request }, { before: request }] });
    expect(await sync()).toMatchObject({ status: "succeeded", rounds: 2 });
    expect(world.vendor.requests).toHaveLength(2);
  });

  it("are left to the worker that holds the calendar", async () => {
    const inner: unknown[] = [];
    world.vendor.script({ pages: [{ before: async () => void inner.push(await sync()) }] });
    await sync();
    expect(inner).toEqual([{ status: "skipped" }]);
  });
});

describe("fencing", () => {
  async function duringThirdPage(interference: () => Promise<unknown>): Promise<unknown> {
    world.vendor.script({
      pages: [
        { items: [upsert("a")] },
        {},
        { items: [upsert("b")], before: async () => void (await interference()) },
      ],
    });
    return sync();
  }

  it("keeps a worker from writing after a disconnect", async () => {
    const outcome = await duringThirdPage(() =>
      world.database.db
        .update(calendarConnections)
        .set({ generation: 2, disconnectingAt: world.clock.now() })
        .where(eq(calendarConnections.id, world.connectionId)),
    );
    expect(outcome).toEqual({ status: "fenced" });
    expect(await stored()).toEqual(["a"]);
  });

  it("keeps a worker from writing after a deselection", async () => {
    const outcome = await duringThirdPage(async () => {
      await world.database.db
        .delete(calendarSyncEvents)
        .where(eq(calendarSyncEvents.calendarId, world.calendarId));
      await world.database.db
        .update(calendars)
        .set({ selected: false, generation: 2 })
        .where(eq(calendars.id, world.calendarId));
    });
    expect(outcome).toEqual({ status: "fenced" });
    expect(await stored()).toEqual([]);
  });

  it("keeps a worker that slept past its lease from writing over its successor", async () => {
    const outcome = await duringThirdPage(world.takeOver);
    expect(outcome).toMatchObject({ status: "fenced" });
    expect(await stored()).toEqual(["a"]);
  });

  it("asks nothing for a connection that is dead, forbidden, switched off, or whose owner is disabled (attack 25)", async () => {
    const skip = async () => expect(await sync()).toEqual({ status: "skipped" });
    const set = (values: Partial<typeof calendarConnections.$inferInsert>) =>
      world.database.db
        .update(calendarConnections)
        .set(values)
        .where(eq(calendarConnections.id, world.connectionId));
    await set({ importEnabled: false });
    await skip();
    await set({ importEnabled: true, reconnectReason: "revoked", reconnectSince: world.clock.now() });
    await skip();
    await set({ reconnectReason: null, reconnectSince: null });
    await world.database.db.execute(sql`insert into integration_policies (organization_id, provider, allowed)
      values (${world.person.organizationId}, 'google', false)`);
    await skip();
    expect(await findDueCalendars(world.database.db, world.clock.now(), world.connectionId)).toEqual([]);
    await world.database.db.execute(sql`delete from integration_policies`);
    expect(await findDueCalendars(world.database.db, world.clock.now(), world.connectionId)).toEqual([
      world.calendarId,
    ]);
    await world.database.db
      .update(users)
      .set({ disabledAt: world.clock.now() })
      .where(eq(users.id, world.person.userId));
    await skip();
    expect(await findDueCalendars(world.database.db, world.clock.now(), world.connectionId)).toEqual([]);
    expect(await refreshDueTokens(world.services, {})).toMatchObject({ due: 0 });
    expect(await refreshCalendars(world.services, world.connectionId)).toBeNull();
    expect(world.vendor.requests).toHaveLength(0);
  });
});

describe("the ledger", () => {
  it("extends one row while scheduled rounds find nothing", async () => {
    await read([upsert("a")]);
    for (let round = 0; round < 4; round += 1) await sync();
    expect((await runs()).map(({ imported, repeats, kind }) => ({ imported, repeats, kind }))).toEqual([
      { imported: 1, repeats: 1, kind: "full" },
      { imported: 0, repeats: 4, kind: "incremental" },
    ]);
  });

  it("closes a requested run with the first round that began after it, and keeps it open while attempts remain", async () => {
    const now = world.clock.now();
    await world.database.db.insert(calendarSyncLogs).values({
      id: "0199d3f2-0000-7000-8000-000000000001".replace("0001", world.calendarId.slice(-4)),
      connectionId: world.connectionId,
      calendarId: world.calendarId,
      userId: world.person.userId,
      trigger: "manual",
      kind: "full",
      status: "running",
      changeSeq: 1,
      startedAt: now,
      lastRunAt: now,
    });
    for (const attempts of [1, 2]) {
      world.vendor.script({ error: new ProviderError("transient") });
      await sync();
      expect(await runs()).toMatchObject([{ status: "running", attempts, errorCode: "transient" }]);
    }
    await read([upsert("a")]);
    expect(await runs()).toMatchObject([{ status: "succeeded", imported: 1, attempts: 3, errorCode: null }]);
  });

  it("waits as long as the vendor asks, however often, and nobody may read before", async () => {
    world.vendor.script({ error: new ProviderError("rate_limited", { retryAfterMs: 3_600_000 }) });
    const outcome = await sync();
    expect(outcome).toMatchObject({ status: "failed", errorCode: "rate_limited" });
    world.clock.advance(3_599_000);
    expect(await syncCalendar(world.services, world.calendarId, "manual")).toEqual({ status: "skipped" });
    expect(await findDueCalendars(world.database.db, world.clock.now(), world.connectionId)).toEqual([]);
    world.clock.advance(30_000);
    expect(await findDueCalendars(world.database.db, world.clock.now(), world.connectionId)).toEqual([
      world.calendarId,
    ]);
    expect(await syncCalendar(world.services, world.calendarId, "manual")).toMatchObject({
      status: "succeeded",
    });
  });
});

describe("the schedule", () => {
  it("finds a calendar once an interval and heals after a clock that ran ahead", async () => {
    expect(await findDueCalendars(world.database.db, world.clock.now(), world.connectionId)).toEqual([
      world.calendarId,
    ]);
    await sync();
    expect(await findDueCalendars(world.database.db, world.clock.now(), world.connectionId)).toEqual([]);
    world.clock.advance(8 * 86_400_000);
    await sync();
    world.clock.advance(-8 * 86_400_000);
    expect(await findDueCalendars(world.database.db, world.clock.now(), world.connectionId)).toEqual([
      world.calendarId,
    ]);
    expect(
      await syncCalendar(world.services, world.calendarId, "schedule", { onlyIfDue: true }),
    ).toMatchObject({
      status: "succeeded",
    });
    expect(world.vendor.requests.at(-1)?.cursor).toBeNull();
  });

  it("goes on at once after the clock went back, by an hour or by less than any plan reaches", async () => {
    for (const minutes of [60, 20]) {
      await sync();
      world.clock.advance(-minutes * 60_000);
      expect(await findDueCalendars(world.database.db, world.clock.now(), world.connectionId)).toEqual([
        world.calendarId,
      ]);
      await syncCalendar(world.services, world.calendarId, "schedule", { onlyIfDue: true });
      expect(await findDueCalendars(world.database.db, world.clock.now(), world.connectionId)).toEqual([]);
    }
  });

  it("takes a calendar whose worker died while the database's clock was a day ahead", async () => {
    const leased = (until: string) =>
      world.database.db.execute(
        sql`update calendars set lease_until = clock_timestamp() + ${sql.raw(`interval '${until}'`)} where id = ${world.calendarId}`,
      );
    await leased("80 seconds");
    expect(await findDueCalendars(world.database.db, world.clock.now(), world.connectionId)).toEqual([]);
    await leased("1 day");
    expect(await findDueCalendars(world.database.db, world.clock.now(), world.connectionId)).toEqual([
      world.calendarId,
    ]);
  });

  it("wakes many after an outage over half a minute, never all at one moment", async () => {
    const others = [];
    for (let n = 0; n < 12; n += 1) others.push(await world.addCalendar());
    for (const id of [world.calendarId, ...others]) {
      world.vendor.script({ error: new ProviderError("transient", { retryAfterMs: 240_000 }) });
      await sync(id);
    }
    await syncCalendar(world.services, world.calendarId, "manual");
    const now = world.clock.now().getTime();
    const rows = await world.database.db.select().from(calendars).where(inArray(calendars.id, others));
    const waits = rows.map(({ nextSyncAt }) => nextSyncAt.getTime() - now);
    expect(waits).toHaveLength(12);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...waits)).toBeLessThan(30_000);
    expect(new Set(waits).size).toBeGreaterThan(4);
  });

  it("makes the others due, spread, after the first success that ends an outage", async () => {
    const other = await world.addCalendar();
    for (const id of [world.calendarId, other]) {
      world.vendor.script({ error: new ProviderError("transient", { retryAfterMs: 240_000 }) });
      await sync(id);
    }
    world.clock.advance(1_000);
    await syncCalendar(world.services, world.calendarId, "manual");
    expect(await findDueCalendars(world.database.db, world.clock.now(), world.connectionId)).toEqual([other]);
  });

  it("lets one dead calendar neither hide nor free the others' time", async () => {
    const other = await world.addCalendar();
    await read([upsert("a")]);
    world.vendor.script({ error: new ProviderError("not_found") });
    await sync(other);
    await read([upsert("b")]);
    expect(await blocked()).toEqual(["a", "b"]);
  });
});
