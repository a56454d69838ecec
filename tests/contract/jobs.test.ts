import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { calendarSyncEvents, calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { JOBS, type JobName } from "@/inngest/jobs";
import { disconnect } from "@/lib/connections/disconnect";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import type { Services } from "@/lib/connections/services";
import { updateSettings } from "@/lib/connections/settings";
import { systemClock } from "@/lib/platform/clock";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import {
  createConnection,
  createPerson,
  type Person,
  type TestClock,
  testClock,
  testServices,
} from "@/tests/support/factories";
import { type GoogleBench, openGoogle } from "@/tests/support/google";

const HOUR_MS = 3_600_000;
const NAMES = Object.keys(JOBS) as JobName[];
const READS_CALENDARS: ReadonlySet<JobName> = new Set(["sync-tick", "reconcile"]);
const FAULTS = [undefined, "internal_error", "not_found", "too_many_requests", "auth_error"] as const;

let database: TestDatabase;
let google: GoogleBench;
let clock: TestClock;
let services: Services;
let person: Person;
let connectionId: string;
let calendarId: string;
let account: string;
let serial = 0;

beforeAll(async () => {
  [database, google] = await Promise.all([createTestDatabase(), openGoogle()]);
});
afterAll(async () => {
  await google?.[Symbol.asyncDispose]();
  await database?.drop();
});

const inHours = (hours: number) => new Date(systemClock().now().getTime() + hours * HOUR_MS);

async function write(hours: number, summary: string): Promise<void> {
  const [start, end] = [inHours(hours), inHours(hours + 1)].map((at) => ({ dateTime: at?.toISOString() }));
  await google.act("events/create", { account, event: { summary, start, end } });
}

async function titles(): Promise<(string | null)[]> {
  const rows = await database.db
    .select({ title: calendarSyncEvents.title })
    .from(calendarSyncEvents)
    .where(eq(calendarSyncEvents.calendarId, calendarId))
    .orderBy(calendarSyncEvents.startsAt);
  return rows.map((row) => row.title);
}

/** The next firing of everything the schedule runs, at the real time. */
async function oneTick(): Promise<void> {
  const minute: JobName[] = ["drain-outbox", "finish-disconnects", "refresh-tokens", "sync-tick"];
  for (const name of minute) await JOBS[name](services);
}

/** A connection in full swing, with one event tomorrow, alone in the installation. */
beforeEach(async () => {
  await database.db.delete(calendarConnections);
  google.sandbox.faults.disarm();
  serial += 1;
  account = `person${serial}@example.test`;
  clock = testClock(systemClock().now());
  services = testServices(database.db, [google.provider], { clock });
  person = await createPerson(database.db);
  connectionId = await createConnection(services, person, {
    ...google.account(account),
    subject: account,
    accountEmail: account,
  });
  calendarId = (await refreshCalendars(services, connectionId))?.added[0] ?? "";
  await write(24, "Tomorrow");
  const body = { calendars: [{ id: calendarId, checkForConflicts: true }] };
  await updateSettings(services, person.ctx(clock.now()), connectionId, body);
  await oneTick();
});

describe.each(NAMES)("the job %s run eight days too early", (name) => {
  it.each(FAULTS)("lets the real schedule read everything within one tick (fault then: %s)", async (kind) => {
    const present = clock.now();
    clock.set(inHours(8 * 24));
    if (kind !== undefined) {
      google.sandbox.faults.arm({ operation: "calendar.*", kind, count: 0, retryAfter: 3600 });
    }
    await JOBS[name](services);
    google.sandbox.faults.disarm();
    clock.set(present);
    clock.advance(60_000);
    await write(48, "New");
    const due = await JOBS["sync-tick"](services);
    if (READS_CALENDARS.has(name)) expect(due.calendars).toBe(1);
    else {
      // Calendars it did not come near are due at their ordinary time.
      clock.advance(6 * 60_000);
      await oneTick();
    }
    expect(await titles()).toEqual(["Tomorrow", "New"]);
    const [calendar] = await database.db.select().from(calendars).where(eq(calendars.id, calendarId));
    expect(calendar).toMatchObject({ failures: 0, backoffUntil: null, leaseUntil: null });
    expect(calendar?.lastSyncedAt).toEqual(clock.now());
    expect(calendar?.nextSyncAt.getTime()).toBeLessThanOrEqual(clock.now().getTime() + 6 * 60_000);
    const [connection] = await database.db.select().from(calendarConnections);
    expect(connection?.reconnectReason).toBeNull();
  });
});

describe("a disconnect", () => {
  it("is finished by the real schedule after a job that ran eight days too early met a silent vendor", async () => {
    const present = clock.now();
    await disconnect(services, person.ctx(present), connectionId);
    clock.set(inHours(8 * 24));
    google.sandbox.faults.arm({ operation: "oauth.*", kind: "unavailable", count: 0 });
    await JOBS["finish-disconnects"](services);
    google.sandbox.faults.disarm();
    clock.set(present);
    await oneTick();
    expect(await database.db.$count(calendarConnections)).toBe(0);
  });
});
