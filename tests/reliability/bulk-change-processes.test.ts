import type { ChildProcess } from "node:child_process";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bulkChanges, calendarRemovals } from "@/db/schema/bulk-changes";
import { calendarSyncEvents } from "@/db/schema/calendars";
import { notifications } from "@/db/schema/notifications";
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

/** Locks that keep a worker at one line: in the transaction that finds the change, and after it, before the cursor moves. */
const GATES = { detection: 4_243, end: 4_244 } as const;

let database: TestDatabase;
let google: GoogleBench;
beforeAll(async () => {
  database = await createTestDatabase();
  google = await openGoogle();
  for (const [name, key] of Object.entries(GATES)) {
    await database.db.execute(
      sql.raw(`create function gate_${name}() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock_shared(${key}); return null; end $$`),
    );
  }
  await database.db.execute(sql`create trigger gate after insert on bulk_changes
    for each statement execute function gate_detection()`);
  await database.db.execute(sql`create trigger gate after update of cursor on calendars
    for each statement execute function gate_end()`);
});
afterAll(async () => {
  await google[Symbol.asyncDispose]();
  await database.drop();
});

let services: Services;
let person: Person;
let calendarId: string;
let order: WorkerOrder;
let accounts = 0;

/** A person whose calendar of twelve events was read, and has been emptied since. */
beforeEach(async () => {
  accounts += 1;
  const account = google.account(`emptied-${accounts}@example.test`);
  await google.act("bulk", { account: account.email, count: 12 });
  const key = Buffer.alloc(32, accounts);
  services = testServices(database.db, [google.provider], { masterKeys: [{ id: "test", key }] });
  person = await createPerson(database.db);
  const connectionId = await createConnection(services, person, account);
  calendarId = await createCalendar(services, connectionId, person, { externalId: account.email });
  await syncCalendar(services, calendarId, "schedule");
  for (const eventId of await storedIds())
    await google.act("events/delete", { account: account.email, eventId });
  order = {
    databaseUrl: database.url,
    origins: [...google.origins],
    masterKey: key.toString("base64"),
    calendarId,
    client: CLIENT,
  };
});

const storedIds = async () =>
  (
    await database.db.select().from(calendarSyncEvents).where(eq(calendarSyncEvents.calendarId, calendarId))
  ).map(({ externalId }) => externalId);
const changes = () => database.db.select().from(bulkChanges).where(eq(bulkChanges.calendarId, calendarId));
const evidence = () =>
  database.db.select().from(calendarRemovals).where(eq(calendarRemovals.calendarId, calendarId));
const notices = () => database.db.select().from(notifications).where(eq(notifications.userId, person.userId));

async function expectNoticedOnce(): Promise<void> {
  expect(await storedIds()).toEqual([]);
  expect(await changes()).toMatchObject([{ before: 12, gone: 12, moved: 0, decision: null }]);
  expect(await evidence()).toHaveLength(12);
  expect(await notices()).toHaveLength(1);
}

/** Holds a gate shut while a worker of its own runs up against it, and hands over the worker and the key. */
async function whileAtGate(
  gate: keyof typeof GATES,
  work: (worker: ChildProcess, open: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const key = GATES[gate];
  await behindGate(database, key, async (open) => {
    const worker = startSyncWorker(order);
    await atGate(database, key, worker);
    await work(worker.process, open);
    worker.process.kill("SIGCONT");
    await worker.ended;
  });
}

/** As if the lease of a dead worker had lapsed, which takes 90 seconds; then reads on. */
async function readOn(): Promise<void> {
  await eventually("the next one reads on", async () => {
    await database.db.execute(sql`update calendars set lease_until = clock_timestamp() - interval '1 second'
      where id = ${calendarId} and lease_until is not null`);
    return (await syncCalendar(services, calendarId, "schedule")).status === "succeeded";
  });
}

describe("a worker that finds a calendar emptied", () => {
  it("and is killed over it leaves all to the next one: what went, and that it was much", async () => {
    await whileAtGate("detection", async (worker, open) => {
      worker.kill("SIGKILL");
      await open();
    });
    expect(await storedIds()).toHaveLength(12);
    expect(await evidence()).toEqual([]);
    await readOn();
    await expectNoticedOnce();
  });

  it("and is killed before its round ends has told of it, and the next one tells nothing more", async () => {
    await whileAtGate("end", async (worker, open) => {
      expect(await changes()).toHaveLength(1);
      worker.kill("SIGKILL");
      await open();
    });
    await readOn();
    await expectNoticedOnce();
  });

  it("and sleeps through its lease finds the calendar taken, and everything told by the other", async () => {
    await whileAtGate("end", async (worker, open) => {
      worker.kill("SIGSTOP");
      await open();
      await readOn();
    });
    await expectNoticedOnce();
  });
});
