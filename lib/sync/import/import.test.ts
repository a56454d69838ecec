import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { calendarSyncEvents, calendarSyncLogs, calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { users } from "@/db/schema/users";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import { refreshDueTokens } from "@/lib/connections/refresh-due-tokens";
import type { Services } from "@/lib/connections/services";
import { ProviderError } from "@/lib/providers/provider-error";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { findDueCalendars } from "@/lib/sync/sync-due";
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
import {
  at,
  day,
  removed,
  type ScriptedVendor,
  scriptedVendor,
  upsert,
} from "@/tests/support/scripted-vendor";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

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

async function stored(): Promise<string[]> {
  const rows = await database.db
    .select({ id: calendarSyncEvents.externalId })
    .from(calendarSyncEvents)
    .where(eq(calendarSyncEvents.calendarId, calendarId))
    .orderBy(calendarSyncEvents.externalId);
  return rows.map((row) => row.id);
}

async function blocked(): Promise<string[]> {
  const rows = await database.db.execute<{ external_event_id: string }>(
    sql`select external_event_id from unavailabilities where calendar_id = ${calendarId} order by 1`,
  );
  return rows.map((row) => row.external_event_id);
}

async function calendar() {
  const [row] = await database.db.select().from(calendars).where(eq(calendars.id, calendarId));
  if (row === undefined) throw new Error("the calendar is gone");
  return row;
}

async function runs() {
  return database.db
    .select()
    .from(calendarSyncLogs)
    .where(eq(calendarSyncLogs.calendarId, calendarId))
    .orderBy(calendarSyncLogs.seq);
}

const sync = () => syncCalendar(services, calendarId, "schedule");

describe("a full round", () => {
  it("imports every page and moves the cursor with the last one", async () => {
    vendor.script({ pages: [{ items: [upsert("a")] }, { items: [upsert("b")] }], cursor: "c-1" });
    expect(await sync()).toMatchObject({ status: "succeeded", counts: { imported: 2, removed: 0 } });
    expect(await stored()).toEqual(["a", "b"]);
    expect(await calendar()).toMatchObject({ cursor: "c-1", cursorVersion: "scripted-1", failures: 0 });
    expect(vendor.requests[0]?.cursor).toBeNull();
  });

  it("sweeps what it does not mention, and only at its end", async () => {
    vendor.script({ pages: [{ items: [upsert("a"), upsert("b")] }] });
    await sync();
    clock.advance(26 * 3_600_000);
    const seen: string[][] = [];
    vendor.script({
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
    vendor.script({ pages: [{ items: [upsert("a"), upsert("b")] }] });
    await sync();
    const before = await database.db.execute(sql`select external_id, xmin::text from calendar_sync_events
      where calendar_id = ${calendarId} order by 1`);
    clock.advance(26 * 3_600_000);
    vendor.script({ pages: [{ items: [upsert("a"), upsert("b")] }] });
    expect(await sync()).toMatchObject({ counts: { imported: 0, updated: 0, removed: 0, unchanged: 2 } });
    expect(
      await database.db.execute(sql`select external_id, xmin::text from calendar_sync_events
      where calendar_id = ${calendarId} order by 1`),
    ).toEqual(before);
  });

  it("happens again each day, when the mapping changed, and when its window no longer covers the offer", async () => {
    await sync();
    await sync();
    expect(vendor.requests.map((request) => request.cursor === null)).toEqual([true, false]);
    await database.db.update(calendars).set({ cursorVersion: "older" }).where(eq(calendars.id, calendarId));
    await sync();
    clock.advance(26 * 3_600_000);
    await sync();
    await database.db
      .update(calendars)
      .set({
        windowStart: new Date("2027-01-01"),
        nextReconcileAt: new Date(clock.now().getTime() + 3_600_000),
      })
      .where(eq(calendars.id, calendarId));
    await sync();
    expect(vendor.requests.map((request) => request.cursor === null)).toEqual([
      true,
      false,
      true,
      true,
      true,
    ]);
  });

  it("is full again next time when the vendor gave no cursor", async () => {
    vendor.script({ pages: [{ items: [upsert("a")] }], cursor: null });
    await sync();
    await sync();
    expect(vendor.requests.map((request) => request.cursor)).toEqual([null, null]);
  });
});

describe("an incremental round", () => {
  beforeEach(async () => {
    vendor.script({ pages: [{ items: [upsert("a"), upsert("b"), upsert("s1", { seriesId: "s" })] }] });
    await sync();
  });

  it("adds, changes and removes what it mentions and nothing else", async () => {
    const moved = { start: at("2026-11-25T08:00:00.000Z"), end: at("2026-11-25T09:00:00.000Z") };
    vendor.script({ pages: [{ items: [upsert("a", moved), removed("b"), upsert("n")] }] });
    expect(await sync()).toMatchObject({ counts: { imported: 1, updated: 1, removed: 1 } });
    expect(await stored()).toEqual(["a", "n", "s1"]);
  });

  it("never frees time before its last page", async () => {
    const during: string[][] = [];
    vendor.script({
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
    vendor.script({ pages: [{ items: [removed("a"), upsert("n")] }], error: new ProviderError("transient") });
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
    vendor.script({
      pages: [
        { items: [{ type: "series", seriesId: "s", occurrences: [] }, upsert("t1", { seriesId: "t" })] },
      ],
    });
    await sync();
    expect(await stored()).toEqual(["a", "b", "t1"]);
    vendor.script({ pages: [{ items: [{ type: "seriesRemoved", seriesId: "t" }] }] });
    await sync();
    expect(await stored()).toEqual(["a", "b"]);
  });

  it("answers a doubt with a full round in the same run, freeing nothing before it", async () => {
    vendor.script(
      { pages: [{ items: [{ type: "unsure", externalId: "s" }] }] },
      { pages: [{ items: [upsert("a"), upsert("b")] }] },
    );
    expect(await sync()).toMatchObject({ status: "succeeded", rounds: 2 });
    expect(vendor.requests.at(-1)?.cursor).toBeNull();
    expect(await stored()).toEqual(["a", "b"]);
  });

  it("starts over without a gap when the cursor is lost, even on a later page", async () => {
    vendor.script(
      { pages: [{ items: [upsert("n")] }], error: new ProviderError("gone_cursor") },
      { pages: [{ items: [upsert("a"), upsert("n")] }] },
    );
    expect(await sync()).toMatchObject({ status: "succeeded" });
    expect(await stored()).toEqual(["a", "n"]);
    expect(await calendar()).toMatchObject({ cursorLosses: 1 });
  });

  it("does not run in circles when even the full round loses its cursor", async () => {
    vendor.script({ error: new ProviderError("gone_cursor") }, { error: new ProviderError("gone_cursor") });
    expect(await sync()).toMatchObject({ status: "failed", errorCode: "gone_cursor" });
    expect(vendor.requests).toHaveLength(3);
  });

  it("ignores what lies outside the window, and lets go of what moved out of it", async () => {
    const far = { start: at("2028-01-01T10:00:00.000Z"), end: at("2028-01-01T11:00:00.000Z") };
    vendor.script({ pages: [{ items: [upsert("far", far), upsert("a", far)] }] });
    await sync();
    expect(await stored()).toEqual(["b", "s1"]);
  });
});

describe("requests during a round", () => {
  it("cause exactly one more", async () => {
    const request = async () => {
      await database.db.execute(
        sql`update calendars set change_seq = change_seq + 1 where id = ${calendarId}`,
      );
    };
    vendor.script({ pages: [{ before: request }, { before: request }, { before: request }] });
    expect(await sync()).toMatchObject({ status: "succeeded", rounds: 2 });
    expect(vendor.requests).toHaveLength(2);
  });

  it("are left to the worker that holds the calendar", async () => {
    const inner: unknown[] = [];
    vendor.script({ pages: [{ before: async () => void inner.push(await sync()) }] });
    await sync();
    expect(inner).toEqual([{ status: "skipped" }]);
  });
});

describe("fencing", () => {
  async function duringThirdPage(interference: () => Promise<unknown>): Promise<unknown> {
    vendor.script({
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
      database.db
        .update(calendarConnections)
        .set({ generation: 2, disconnectingAt: clock.now() })
        .where(eq(calendarConnections.id, connectionId)),
    );
    expect(outcome).toEqual({ status: "fenced" });
    expect(await stored()).toEqual(["a"]);
  });

  it("keeps a worker from writing after a deselection", async () => {
    const outcome = await duringThirdPage(async () => {
      await database.db.delete(calendarSyncEvents).where(eq(calendarSyncEvents.calendarId, calendarId));
      await database.db
        .update(calendars)
        .set({ selected: false, generation: 2 })
        .where(eq(calendars.id, calendarId));
    });
    expect(outcome).toEqual({ status: "fenced" });
    expect(await stored()).toEqual([]);
  });

  it("keeps a worker that slept past its lease from writing over its successor", async () => {
    const outcome = await duringThirdPage(() =>
      database.db.execute(sql`update calendars set lease_epoch = lease_epoch + 1,
        lease_until = clock_timestamp() + interval '90 seconds' where id = ${calendarId}`),
    );
    expect(outcome).toMatchObject({ status: "fenced" });
    expect(await stored()).toEqual(["a"]);
  });

  it("asks nothing for a connection that is dead, forbidden, switched off, or whose owner is disabled (attack 25)", async () => {
    const skip = async () => expect(await sync()).toEqual({ status: "skipped" });
    const set = (values: Partial<typeof calendarConnections.$inferInsert>) =>
      database.db.update(calendarConnections).set(values).where(eq(calendarConnections.id, connectionId));
    await set({ importEnabled: false });
    await skip();
    await set({ importEnabled: true, reconnectReason: "revoked", reconnectSince: clock.now() });
    await skip();
    await set({ reconnectReason: null, reconnectSince: null });
    await database.db.execute(sql`insert into integration_policies (organization_id, provider, allowed)
      values (${person.organizationId}, 'google', false)`);
    await skip();
    expect(await findDueCalendars(database.db, clock.now(), connectionId)).toEqual([]);
    await database.db.execute(sql`delete from integration_policies`);
    expect(await findDueCalendars(database.db, clock.now(), connectionId)).toEqual([calendarId]);
    await database.db.update(users).set({ disabledAt: clock.now() }).where(eq(users.id, person.userId));
    await skip();
    expect(await findDueCalendars(database.db, clock.now(), connectionId)).toEqual([]);
    expect(await refreshDueTokens(services, {})).toMatchObject({ due: 0 });
    expect(await refreshCalendars(services, connectionId)).toBeNull();
    expect(vendor.requests).toHaveLength(0);
  });
});

describe("zones", () => {
  it("lays an all-day event into the calendar's zone and moves it when the zone changes", async () => {
    const holiday = { start: day("2026-12-24"), end: day("2026-12-26") };
    vendor.script({ pages: [{ items: [upsert("h", holiday)] }] });
    await sync();
    const instants = () =>
      database.db
        .select({ start: calendarSyncEvents.startsAt, end: calendarSyncEvents.endsAt })
        .from(calendarSyncEvents)
        .where(eq(calendarSyncEvents.calendarId, calendarId));
    expect(await instants()).toEqual([
      { start: new Date("2026-12-23T23:00:00.000Z"), end: new Date("2026-12-25T23:00:00.000Z") },
    ]);
    vendor.script({ pages: [{ timeZone: "America/New_York" as TimeZoneId }] });
    await sync();
    expect(await instants()).toEqual([
      { start: new Date("2026-12-24T05:00:00.000Z"), end: new Date("2026-12-26T05:00:00.000Z") },
    ]);
    expect(await calendar()).toMatchObject({ timeZone: "America/New_York", failures: 0 });
  });
});

describe("settings", () => {
  it("decide without a new import", async () => {
    vendor.script({
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
    await database.db
      .update(calendarConnections)
      .set({ tentative: "ignore", allDayEvents: "as_provider" })
      .where(eq(calendarConnections.id, connectionId));
    expect(await blocked()).toEqual(["asked"]);
  });

  it("keep titles, places and people out of the database with busy only", async () => {
    await database.db
      .update(calendarConnections)
      .set({ titles: "busy_only" })
      .where(eq(calendarConnections.id, connectionId));
    const attendees = [
      { name: "Zoé", email: "zoe@example.test", response: "accepted" as const, self: false },
    ];
    vendor.script({
      pages: [{ items: [upsert("a", { title: "Oncologist", location: "Ward 3", attendees })] }],
    });
    await sync();
    const [row] = await database.db
      .select()
      .from(calendarSyncEvents)
      .where(eq(calendarSyncEvents.calendarId, calendarId));
    expect(row).toMatchObject({ title: null, location: null, attendees: null });
  });
});

describe("the ledger", () => {
  it("extends one row while scheduled rounds find nothing", async () => {
    vendor.script({ pages: [{ items: [upsert("a")] }] });
    await sync();
    for (let round = 0; round < 4; round += 1) await sync();
    expect((await runs()).map(({ imported, repeats, kind }) => ({ imported, repeats, kind }))).toEqual([
      { imported: 1, repeats: 1, kind: "full" },
      { imported: 0, repeats: 4, kind: "incremental" },
    ]);
  });

  it("closes a requested run with the first round that began after it, and keeps it open while attempts remain", async () => {
    const now = clock.now();
    await database.db.insert(calendarSyncLogs).values({
      id: "0199d3f2-0000-7000-8000-000000000001".replace("0001", calendarId.slice(-4)),
      connectionId,
      calendarId,
      userId: person.userId,
      trigger: "manual",
      kind: "full",
      status: "running",
      changeSeq: 1,
      startedAt: now,
      lastRunAt: now,
    });
    for (const attempts of [1, 2]) {
      vendor.script({ error: new ProviderError("transient") });
      await sync();
      expect(await runs()).toMatchObject([{ status: "running", attempts, errorCode: "transient" }]);
    }
    vendor.script({ pages: [{ items: [upsert("a")] }] });
    await sync();
    expect(await runs()).toMatchObject([{ status: "succeeded", imported: 1, attempts: 3, errorCode: null }]);
  });

  it("waits as long as the vendor asks, however often, and nobody may read before", async () => {
    vendor.script({ error: new ProviderError("rate_limited", { retryAfterMs: 3_600_000 }) });
    const outcome = await sync();
    expect(outcome).toMatchObject({ status: "failed", errorCode: "rate_limited" });
    clock.advance(3_599_000);
    expect(await syncCalendar(services, calendarId, "manual")).toEqual({ status: "skipped" });
    expect(await findDueCalendars(database.db, clock.now(), connectionId)).toEqual([]);
    clock.advance(30_000);
    expect(await findDueCalendars(database.db, clock.now(), connectionId)).toEqual([calendarId]);
    expect(await syncCalendar(services, calendarId, "manual")).toMatchObject({ status: "succeeded" });
  });
});

describe("the schedule", () => {
  it("finds a calendar once an interval and heals after a clock that ran ahead", async () => {
    expect(await findDueCalendars(database.db, clock.now(), connectionId)).toEqual([calendarId]);
    await sync();
    expect(await findDueCalendars(database.db, clock.now(), connectionId)).toEqual([]);
    clock.advance(8 * 86_400_000);
    await sync();
    clock.advance(-8 * 86_400_000);
    expect(await findDueCalendars(database.db, clock.now(), connectionId)).toEqual([calendarId]);
    expect(await syncCalendar(services, calendarId, "schedule", { onlyIfDue: true })).toMatchObject({
      status: "succeeded",
    });
    expect(vendor.requests.at(-1)?.cursor).toBeNull();
  });

  it("goes on at once after the clock went back, by an hour or by less than any plan reaches", async () => {
    for (const minutes of [60, 20]) {
      await sync();
      clock.advance(-minutes * 60_000);
      expect(await findDueCalendars(database.db, clock.now(), connectionId)).toEqual([calendarId]);
      await syncCalendar(services, calendarId, "schedule", { onlyIfDue: true });
      expect(await findDueCalendars(database.db, clock.now(), connectionId)).toEqual([]);
    }
  });

  it("takes a calendar whose worker died while the database's clock was a day ahead", async () => {
    const leased = (until: string) =>
      database.db.execute(
        sql`update calendars set lease_until = clock_timestamp() + ${sql.raw(`interval '${until}'`)} where id = ${calendarId}`,
      );
    await leased("80 seconds");
    expect(await findDueCalendars(database.db, clock.now(), connectionId)).toEqual([]);
    await leased("1 day");
    expect(await findDueCalendars(database.db, clock.now(), connectionId)).toEqual([calendarId]);
  });

  it("makes the others due, spread, after the first success that ends an outage", async () => {
    const other = await createCalendar(services, connectionId, person);
    for (const id of [calendarId, other]) {
      vendor.script({ error: new ProviderError("transient", { retryAfterMs: 240_000 }) });
      await syncCalendar(services, id, "schedule");
    }
    clock.advance(1_000);
    await syncCalendar(services, calendarId, "manual");
    expect(await findDueCalendars(database.db, clock.now(), connectionId)).toEqual([other]);
  });

  it("lets one dead calendar neither hide nor free the others' time", async () => {
    const other = await createCalendar(services, connectionId, person);
    vendor.script({ pages: [{ items: [upsert("a")] }] });
    await sync();
    vendor.script({ error: new ProviderError("not_found") });
    await syncCalendar(services, other, "schedule");
    vendor.script({ pages: [{ items: [upsert("b")] }] });
    await sync();
    expect(await blocked()).toEqual(["a", "b"]);
  });
});
