import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { calendarSyncEvents, calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { calendarWatches } from "@/db/schema/watches";
import { outbox } from "@/db/schema/work";
import type { Runtime } from "@/inngest/runtime";
import { disconnect } from "@/lib/connections/disconnect";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import { updateSettings } from "@/lib/connections/settings";
import { syncCalendars } from "@/lib/sync/sync-due";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { createConnection, createPerson, type Person } from "@/tests/support/factories";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";
import { createTestRuntime, TEST_ORIGIN } from "@/tests/support/test-runtime";
import { openPlace } from "./place";
import { runCommandLine } from "./run-command-line";

let database: TestDatabase;
let google: GoogleBench;
let runtime: Runtime;
let person: Person;
let connectionId: string;
let calendarId: string;
let account: string;
let serial = 0;

beforeAll(async () => {
  [database, google] = await Promise.all([createTestDatabase(), openGoogle()]);
  runtime = createTestRuntime(database.url, Object.fromEntries(google.origins), {
    GOOGLE_CLIENT_ID: CLIENT.clientId,
    GOOGLE_CLIENT_SECRET: CLIENT.clientSecret,
  });
});
afterAll(async () => {
  await runtime?.handle.close();
  await google?.[Symbol.asyncDispose]();
  await database?.drop();
});

/** One person, one connection with one event two days from now, alone in the installation. */
beforeEach(async () => {
  await database.db.delete(calendarConnections);
  await database.db.delete(outbox);
  google.sandbox.faults.disarm();
  serial += 1;
  account = `person${serial}@example.test`;
  const { services } = runtime;
  person = await createPerson(database.db);
  const tokens = google.account(account);
  connectionId = await createConnection(services, person, {
    ...tokens,
    subject: account,
    accountEmail: account,
  });
  calendarId = (await refreshCalendars(services, connectionId))?.added[0] ?? "";
  await write(2, "Dentist");
  const body = { calendars: [{ id: calendarId, checkForConflicts: true }] };
  await updateSettings(services, person.ctx(), connectionId, body);
});

const DAY_MS = 86_400_000;
const instant = (days: number) => new Date(runtime.services.clock.now().getTime() + days * DAY_MS);

async function write(days: number, summary: string): Promise<void> {
  const start = { dateTime: instant(days).toISOString() };
  const end = { dateTime: instant(days + 1 / 24).toISOString() };
  await google.act("events/create", { account, event: { summary, start, end } });
}

const environment = (change: Record<string, string> = {}) => ({
  APP_URL: TEST_ORIGIN,
  DATABASE_URL: database.url,
  NEXTAUTH_SECRET: "test-secret-7f3c1a9e5b2d48609182736",
  ENCRYPTION_KEYS: `k1:${Buffer.from("test-key-0123456789abcdefghijklm").toString("base64")}`,
  GOOGLE_CLIENT_ID: CLIENT.clientId,
  GOOGLE_CLIENT_SECRET: CLIENT.clientSecret,
  PROVIDER_ORIGINS: JSON.stringify(Object.fromEntries(google.origins)),
  ...change,
});

interface Printed {
  counts: Record<string, number>;
  runs: { id: string; status: string; imported: number; trigger: string; kind: string; calendarId: string }[];
  runIds: string[];
  refused: { integrationId: string; code: string }[];
}

async function run(words: string[], change: Record<string, string> = {}) {
  const write = process.stdout.write;
  let out = "";
  process.stdout.write = (text: string | Uint8Array) => {
    out += text;
    return true;
  };
  try {
    const code = await runCommandLine([...words, "--json"], () => openPlace(environment(change)));
    return { code, ...(JSON.parse(out) as Printed) };
  } finally {
    process.stdout.write = write;
  }
}

async function titles(): Promise<string[]> {
  const rows = await database.db
    .select({ title: calendarSyncEvents.title })
    .from(calendarSyncEvents)
    .where(eq(calendarSyncEvents.calendarId, calendarId))
    .orderBy(calendarSyncEvents.startsAt);
  return rows.map((row) => row.title ?? "");
}

async function calendar() {
  const [row] = await database.db.select().from(calendars).where(eq(calendars.id, calendarId));
  if (row === undefined) throw new Error("the calendar is gone");
  return row;
}

describe("sync", () => {
  it("asks for runs and leaves them to whoever runs the jobs", async () => {
    const { code, runs } = await run(["sync"]);
    expect([code, runs.map((one) => one.status)]).toEqual([0, ["running"]]);
    expect(await titles()).toEqual([]);
  });

  it("with --wait does the work when nobody else does, and leaves nothing waiting", async () => {
    const { code, runs, runIds } = await run(["sync", "--wait", "--integration", connectionId]);
    expect(code).toBe(0);
    expect(runs).toMatchObject([{ id: runIds[0], status: "succeeded", calendarId }]);
    expect(await titles()).toEqual(["Dentist"]);
    expect(await database.db.$count(outbox)).toBe(0);
  });

  it("with --wait waits for the process that is at it", async () => {
    await database.db
      .update(calendars)
      .set({ leaseUntil: sql`clock_timestamp() + interval '60 seconds'`, leaseEpoch: 7 })
      .where(eq(calendars.id, calendarId));
    const waiting = run(["sync", "--wait"]);
    await eventually("the wish is taken up", async () => (await database.db.$count(outbox)) === 0);
    await database.db.update(calendars).set({ leaseUntil: null }).where(eq(calendars.id, calendarId));
    await syncCalendars(runtime.services, [calendarId], "manual");
    expect(await waiting).toMatchObject({ code: 0, runs: [{ status: "succeeded" }] });
  });

  it("with --wait fails when a run failed, and says why in words", async () => {
    google.sandbox.faults.arm({ operation: "calendar.events.list", kind: "not_found", count: 0 });
    expect(await run(["sync", "--wait"])).toMatchObject({ code: 1, runs: [{ status: "failed" }] });
  });

  it("of a dead connection fails when it is named, and is a line in the report of all", async () => {
    await database.db
      .update(calendarConnections)
      .set({ reconnectReason: "revoked", reconnectSince: instant(0) });
    await expect(run(["sync", "--integration", connectionId])).rejects.toThrow(/Connect this account/);
    expect(await run(["sync", "--wait"])).toMatchObject({
      code: 0,
      runs: [],
      refused: [{ integrationId: connectionId, code: "reconnect_required" }],
    });
    await expect(run(["sync", "--integration", person.userId])).rejects.toThrow(/no integration/);
    await expect(run(["sync", "--integration", "x"])).rejects.toThrow(/takes an id/);
  });
});

describe("job", () => {
  it("runs the tick and prints runs and counts", async () => {
    const { code, counts, runs } = await run(["job", "sync-tick", "--wait"]);
    expect([code, counts]).toMatchObject([0, { calendars: 1, succeeded: 1, imported: 1 }]);
    expect(runs).toMatchObject([{ status: "succeeded", imported: 1, calendarId }]);
    expect(await run(["job", "sync-tick"])).toMatchObject({ counts: { calendars: 0 }, runs: [] });
  });

  it("works the outbox off in this process", async () => {
    expect(await run(["job", "drain-outbox"])).toMatchObject({ code: 0, counts: { nudges: 2, failed: 0 } });
    expect(await titles()).toEqual(["Dentist"]);
  });

  it("renews watches as if it were days later, and goes on with them in the present", async () => {
    expect(await run(["job", "renew-watches"])).toMatchObject({ code: 0, counts: { due: 1, made: 1 } });
    expect(await run(["job", "renew-watches"])).toMatchObject({ counts: { due: 0 } });
    const later = ["--now", instant(6.2).toISOString(), "--integration", connectionId, "--wait"];
    expect(await run(["job", "renew-watches", ...later])).toMatchObject({ code: 0, counts: { made: 1 } });
    expect(await run(["job", "renew-watches"])).toMatchObject({ code: 0, counts: { due: 0 } });
    for (const { requestedAt, renewAt } of await database.db.select().from(calendarWatches)) {
      expect(requestedAt.getTime()).toBeLessThanOrEqual(instant(0).getTime());
      expect(renewAt?.getTime()).toBeGreaterThan(instant(0).getTime());
    }
  });

  it("with --now takes for due what is due then, and leaves the present in order", async () => {
    await run(["job", "drain-outbox"]);
    expect(await run(["job", "sync-tick"])).toMatchObject({ counts: { calendars: 0 } });
    const soon = instant(10 / 24).toISOString();
    expect(await run(["job", "sync-tick", "--now", soon])).toMatchObject({ counts: { calendars: 1 } });
    await write(3, "Later");
    expect(await run(["job", "sync-tick"])).toMatchObject({ counts: { calendars: 1, imported: 1 } });
    expect(await titles()).toEqual(["Dentist", "Later"]);
    expect((await calendar()).lastSyncedAt?.getTime()).toBeLessThanOrEqual(instant(0).getTime());
  });

  it("that fails at a later instant keeps no calendar away from the present", async () => {
    await run(["job", "drain-outbox"]);
    google.sandbox.faults.arm({ operation: "calendar.events.list", kind: "internal_error", count: 0 });
    const soon = instant(10 / 24).toISOString();
    expect(await run(["job", "sync-tick", "--now", soon])).toMatchObject({ code: 1, counts: { failed: 1 } });
    google.sandbox.faults.disarm();
    expect(await run(["job", "sync-tick"])).toMatchObject({ code: 0, counts: { succeeded: 1 } });
  });

  it("still waits in the present for what a vendor asked at a later instant", async () => {
    await run(["job", "drain-outbox"]);
    const asked = { operation: "calendar.events.list", kind: "too_many_requests", retryAfter: 600 } as const;
    google.sandbox.faults.arm(asked);
    expect(await run(["job", "sync-tick", "--now", instant(1).toISOString()])).toMatchObject({ code: 1 });
    expect(await run(["job", "sync-tick"])).toMatchObject({ counts: { calendars: 0 } });
    const left = ((await calendar()).backoffUntil?.getTime() ?? 0) - instant(0).getTime();
    expect(left).toBeGreaterThan(590_000);
    expect(left).toBeLessThan(640_000);
  });

  it("far ahead reads what is due then, and the next tick reads the present again", async () => {
    await run(["job", "drain-outbox"]);
    const { runs } = await run(["job", "reconcile", "--now", instant(8).toISOString(), "--wait"]);
    expect(runs).toMatchObject([{ kind: "full", trigger: "window", status: "succeeded" }]);
    expect(await titles()).toEqual([]);
    expect((await calendar()).syncedThrough).toBeNull();
    expect(await run(["job", "sync-tick"])).toMatchObject({ counts: { succeeded: 1, imported: 1 } });
    expect(await titles()).toEqual(["Dentist"]);
  });

  it("refreshes tokens, calendar lists and disconnects of one connection", async () => {
    const one = ["--integration", connectionId];
    expect(await run(["job", "refresh-tokens", ...one])).toMatchObject({ counts: { due: 0 } });
    const later = ["--now", instant(1).toISOString()];
    expect(await run(["job", "refresh-tokens", ...one, ...later])).toMatchObject({
      counts: { refreshed: 1 },
    });
    expect(await run(["job", "refresh-tokens", ...one])).toMatchObject({ counts: { due: 0 } });
    expect(await run(["job", "refresh-calendars", ...one])).toMatchObject({ counts: { refreshed: 1 } });
    expect(await run(["job", "finish-disconnects", ...one])).toMatchObject({ counts: { due: 0 } });
    await disconnect(runtime.services, person.ctx(), connectionId);
    expect(await run(["job", "finish-disconnects", ...one])).toMatchObject({ counts: { done: 1 } });
  });

  it("accepts --now on loopback alone", async () => {
    const public_ = { APP_URL: "https://entente.example.test", PROVIDER_ORIGINS: "" };
    await expect(run(["job", "sync-tick", "--now", instant(1).toISOString()], public_)).rejects.toThrow(
      /--now .*loopback/,
    );
  });

  it.each([
    [["job"], /Which job/],
    [["job", "dance"], /no job "dance"/],
    [["job", "sync-tick", "--now", "tomorrow"], /takes an instant/],
    [["job", "sync-tick", "--now", "2026-12-01T09:00:00"], /takes an instant/],
    [["job", "expire-data", "--integration", "x"], /takes no --integration/],
    [["job", "sync-tick", "--integration", "x"], /takes an id/],
    [["job", "sync-tick", "now"], /too many/],
  ])("refuses %j in words", async (words, message) => {
    await expect(run(words)).rejects.toThrow(message);
  });
});
