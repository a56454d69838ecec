import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { calendarSyncEvents, calendars } from "@/db/schema/calendars";
import { disconnect } from "@/lib/connections/disconnect";
import type { Services } from "@/lib/connections/services";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import {
  createCalendar,
  createConnection,
  createPerson,
  type Person,
  testServices,
} from "@/tests/support/factories";
import { atGate, behindGate, startSyncWorker } from "@/tests/support/gated-worker";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";
import type { WorkerOrder } from "@/tests/support/sync-worker";

/** A gate inside the write of a round: whoever holds this lock keeps it shut. */
const GATE = 4_242;

let database: TestDatabase;
let google: GoogleBench;
beforeAll(async () => {
  database = await createTestDatabase();
  google = await openGoogle();
  await database.db.execute(
    sql.raw(`create function gate() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock_shared(${GATE}); return null; end $$`),
  );
  await database.db.execute(sql`create trigger gate before insert on calendar_sync_events
    for each statement execute function gate()`);
});
afterAll(async () => {
  await google[Symbol.asyncDispose]();
  await database.drop();
});

let services: Services;
let person: Person;
let connectionId: string;
let calendarId: string;
let order: WorkerOrder;
let accounts = 0;

beforeEach(async () => {
  accounts += 1;
  const account = google.account(`worker-${accounts}@example.test`);
  await google.act("bulk", { account: account.email, count: 20 });
  const key = Buffer.alloc(32, accounts);
  services = testServices(database.db, [google.provider], { masterKeys: [{ id: "test", key }] });
  person = await createPerson(database.db);
  connectionId = await createConnection(services, person, account);
  calendarId = await createCalendar(services, connectionId, person, { externalId: account.email });
  order = {
    databaseUrl: database.url,
    origins: [...google.origins],
    masterKey: key.toString("base64"),
    calendarId,
    client: CLIENT,
  };
});

const count = async () =>
  (await database.db.select().from(calendarSyncEvents).where(eq(calendarSyncEvents.calendarId, calendarId)))
    .length;

/** Runs `meanwhile` while a worker stands between its fence check and its write, its process stopped. */
async function whileStopped(meanwhile: () => Promise<void>): Promise<string> {
  return behindGate(database, GATE, async (open) => {
    const worker = startSyncWorker(order);
    try {
      await atGate(database, GATE, worker);
      worker.process.kill("SIGSTOP");
      await open();
      await meanwhile();
    } finally {
      worker.process.kill("SIGCONT");
    }
    // A process whose session the database ended may also die of it: that is as good as any other end.
    const { code, out } = await worker.ended;
    return code === 0 ? (JSON.parse(out) as { status: string }).status : "died";
  });
}

describe("a worker stopped between its check and its write", () => {
  it("cannot write after a disconnect, nor hold it up for ever", async () => {
    const outcome = await whileStopped(async () => {
      await disconnect(services, person.ctx(), connectionId, { exportedEvents: "keep" });
      expect(await count()).toBe(0);
    });
    expect(outcome).not.toBe("succeeded");
    expect(await count()).toBe(0);
    const rows = await database.db.select().from(calendars).where(eq(calendars.id, calendarId));
    expect(rows).toEqual([]);
  });

  it("cannot write over the worker that took its calendar", async () => {
    const outcome = await whileStopped(async () => {
      await eventually("another takes the calendar", async () => {
        await database.db.execute(sql`update calendars set lease_until = clock_timestamp() - interval '1 second'
          where id = ${calendarId} and lease_until is not null`);
        return (await syncCalendar(services, calendarId, "schedule")).status === "succeeded";
      });
      expect(await count()).toBe(20);
      const [own] = await google.provider.listWindow(
        {
          accessToken: google.sandbox.vault.issueAccess(
            {
              account: `worker-${accounts}@example.test`,
              clientId: CLIENT.clientId,
              scopes: ["https://www.googleapis.com/auth/calendar"],
            },
            false,
          ).token,
        },
        { externalId: `worker-${accounts}@example.test`, timeZone: "Europe/Paris" as never },
        { start: new Date(0), end: new Date("2100-01-01") },
      );
      await google.act("events/delete", {
        account: `worker-${accounts}@example.test`,
        eventId: own?.externalId,
      });
      await syncCalendar(services, calendarId, "schedule");
      expect(await count()).toBe(19);
    });
    expect(outcome).not.toBe("succeeded");
    expect(await count()).toBe(19);
  });

  it("leaves nothing half done when it is killed, and the next worker finishes", async () => {
    await behindGate(database, GATE, async (open) => {
      const worker = startSyncWorker(order);
      await atGate(database, GATE, worker);
      worker.process.kill("SIGKILL");
      await worker.ended;
      await open();
    });
    expect(await count()).toBe(0);
    await database.db.execute(
      sql`update calendars set lease_until = clock_timestamp() where id = ${calendarId}`,
    );
    await eventually(
      "the next one finishes",
      async () => (await syncCalendar(services, calendarId, "schedule")).status === "succeeded",
    );
    expect(await count()).toBe(20);
  });
});
