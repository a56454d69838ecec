import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { calendarConnections } from "@/db/schema/connections";
import { jobBeats, vendorRequests } from "@/db/schema/watches";
import { newId } from "@/lib/platform/ids";
import { log } from "@/lib/platform/log";
import { readBudgets } from "@/lib/reporting/request-budgets";
import { watch } from "@/lib/reporting/watchdog";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import {
  createCalendar,
  createConnection,
  createPerson,
  testClock,
  testLedger,
  testServices,
} from "@/tests/support/factories";

const NOON = new Date("2026-11-20T12:00:00.000Z");
const ago = (minutes: number) => new Date(NOON.getTime() - minutes * 60_000);
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await database.db.delete(jobBeats);
  await database.db.delete(vendorRequests);
});
afterAll(() => database?.drop());

function world(budget = 1_000) {
  const clock = testClock(NOON);
  const budgets = { vendors: { google: budget, microsoft: null }, person: 100 };
  const requests = testLedger(database.db, clock, { budgets });
  return { services: testServices(database.db, [], { clock, requests }), budgets };
}

const used = (requests: number) =>
  database.db.insert(vendorRequests).values({
    provider: "google",
    userId: newId(NOON),
    day: "2026-11-20",
    requests,
    failures: 0,
    limited: 0,
  });

describe("the watchdog", () => {
  it("is silent while everything goes", async () => {
    const lines = vi.spyOn(log, "warn");
    await database.db.insert(jobBeats).values([
      { job: "sync-tick", startedAt: ago(4) },
      { job: "reconcile", startedAt: ago(170) },
      { job: "expire-data", startedAt: ago(30 * 60) },
    ]);
    const report = await watch(world().services);
    const nothing = { stoppedJobs: 0, failingJobs: 0, failingConnections: 0, shortBudgets: 0 };
    expect(report).toEqual({ report: nothing, troubles: [] });
    expect(lines).not.toHaveBeenCalled();
  });

  it("names jobs that stopped, those that a wrong clock stamped included", async () => {
    const lines = vi.spyOn(log, "warn");
    await database.db.insert(jobBeats).values([
      { job: "sync-tick", startedAt: ago(6) },
      { job: "reconcile", startedAt: ago(-8 * 24 * 60) },
      { job: "expire-data", startedAt: ago(51 * 60) },
      { job: "drain-outbox", startedAt: ago(1) },
    ]);
    expect(await watch(world().services)).toMatchObject({ report: { stoppedJobs: 3 } });
    const named = lines.mock.calls.map(([line]) => line as unknown as { event: string; job: string });
    expect(named.map(({ job }) => job).sort()).toEqual(["expire-data", "reconcile", "sync-tick"]);
    expect(new Set(named.map(({ event }) => event))).toEqual(new Set(["schedule.stopped"]));
  });

  it("names connections of which a calendar failed three times, once, and none that waits for its owner", async () => {
    const { services } = world();
    const lines = vi.spyOn(log, "warn");
    const person = await createPerson(database.db, { now: NOON });
    const failing = await createConnection(services, person);
    const trouble = { failures: 3, lastErrorKind: "transient" };
    await createCalendar(services, failing, person, trouble);
    await createCalendar(services, failing, person, { ...trouble, failures: 5 });
    await createCalendar(services, await createConnection(services, person), person, { failures: 2 });
    const dead = await createConnection(services, person, {
      reconnectReason: "revoked",
      reconnectSince: NOON,
    });
    await createCalendar(services, dead, person, trouble);
    expect(await watch(services)).toMatchObject({ report: { failingConnections: 1 } });
    expect(lines.mock.calls.map(([line]) => line)).toEqual([
      {
        event: "connection.failing",
        connectionId: failing,
        provider: "google",
        failures: 5,
        code: "transient",
      },
    ]);
  });

  it("tells before a budget ends that even asking less often will not do", async () => {
    const { services, budgets } = world(4_000);
    const lines = vi.spyOn(log, "warn");
    await database.db.execute("delete from calendars");
    const person = await createPerson(database.db, { now: NOON });
    const connectionId = await createConnection(services, person);
    await used(2_500);
    const [fits] = await readBudgets(database.db, budgets, NOON);
    expect(fits).toEqual({ vendor: "google", requests: 2_500, budget: 4_000, share: 1.25, short: false });
    expect(await watch(services)).toMatchObject({ report: { shortBudgets: 0 } });
    // Eleven calendars nobody pushes need 11 × 288 requests a day: half of them is more than the 1,500 left.
    for (let n = 0; n < 10; n += 1) await createCalendar(services, connectionId, person);
    expect(await watch(services)).toMatchObject({ report: { shortBudgets: 0 } });
    // The eleventh is read for the bookings that are added to it alone.
    const target = await createCalendar(services, connectionId, person, { selected: false });
    await database.db.update(calendarConnections).set({ targetCalendarId: target });
    expect(await watch(services)).toMatchObject({ report: { shortBudgets: 1 } });
    expect(lines.mock.lastCall?.[0]).toEqual({
      ...{ event: "budget.short", vendor: "google", requests: 2_500, budget: 4_000, share: 1.25 },
    });
  });
});
