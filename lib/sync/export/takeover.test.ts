import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bookings } from "@/db/schema/bookings";
import { calendarExportedBookings } from "@/db/schema/exports";
import { withProviderTime } from "@/db/transaction";
import { planExports } from "@/lib/connections/plan-exports";
import type { Services } from "@/lib/connections/services";
import { exportConnection } from "@/lib/sync/export/export-connection";
import { createBookingRow, createServiceRow } from "@/tests/support/booking-factories";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import {
  createCalendar,
  createConnection,
  createPerson,
  PARIS,
  type Person,
  testServices,
} from "@/tests/support/factories";
import {
  atGate,
  behindGate,
  type SyncWorker,
  startSyncWorker,
  waitsAtGate,
} from "@/tests/support/gated-worker";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";
import type { WorkerOrder } from "@/tests/support/sync-worker";

const DAY_MS = 86_400_000;

/** A gate between a worker's request and its write: whoever holds this lock keeps it shut. */
const GATE = 4_243;

let database: TestDatabase;
let google: GoogleBench;
beforeAll(async () => {
  database = await createTestDatabase();
  google = await openGoogle();
  await database.db.execute(
    sql.raw(`create function gate() returns trigger language plpgsql as $$
    begin
      if current_setting('application_name') = 'sync-worker'
        and exists (select from calendar_exported_bookings where external_id is not null and lease_until is not null) then
        perform pg_advisory_xact_lock_shared(${GATE});
      end if;
      return null;
    end $$`),
  );
  await database.db.execute(sql`create trigger gate before update on calendar_exported_bookings
    for each statement execute function gate()`);
});
afterAll(async () => {
  await google[Symbol.asyncDispose]();
  await database.drop();
});

let services: Services;
let person: Person;
let account: { email: string; accessToken: string; refreshToken: string };
let connectionId: string;
let bookingId: string;
let order: WorkerOrder;
let serial = 0;

beforeEach(async () => {
  serial += 1;
  await database.db.delete(calendarExportedBookings);
  account = google.account(`worker-${serial}@example.test`);
  const key = Buffer.alloc(32, serial);
  services = testServices(database.db, [google.provider], { masterKeys: [{ id: "test", key }] });
  person = await createPerson(database.db);
  connectionId = await createConnection(services, person, account);
  const targetCalendarId = await createCalendar(services, connectionId, person, {
    externalId: account.email,
  });
  await database.db.execute(sql`
    update calendar_connections set target_calendar_id = ${targetCalendarId} where id = ${connectionId}`);
  const startsAt = new Date(Math.floor(services.clock.now().getTime() / 60_000) * 60_000 + DAY_MS);
  const service = await createServiceRow(database.db, person.userId);
  const endsAt = new Date(startsAt.getTime() + 3_600_000);
  bookingId = await createBookingRow(database.db, service, { startsAt, endsAt });
  await change({});
  const { url: databaseUrl } = database;
  order = {
    databaseUrl,
    origins: [...google.origins],
    masterKey: key.toString("base64"),
    connectionId,
    client: CLIENT,
  };
});

async function change(to: Partial<typeof bookings.$inferInsert>): Promise<void> {
  const now = services.clock.now();
  await withProviderTime(database.db, person.userId, async (tx) => {
    await tx
      .update(bookings)
      .set({ updatedAt: now, ...to })
      .where(eq(bookings.id, bookingId));
    await planExports(tx, { userId: person.userId, bookingIds: [bookingId], touch: true }, now);
  });
}

/** Runs `act` while a worker has made its event and cannot write that down. */
async function whileAtGate(act: (worker: SyncWorker) => Promise<void>): Promise<void> {
  await behindGate(database, GATE, async (open) => {
    const worker = startSyncWorker(order);
    try {
      await atGate(database, GATE, worker);
      expect(await titles()).toHaveLength(1);
      await act(worker);
    } finally {
      await open();
      await worker.ended;
    }
  });
}

/** With its sessions: the database would still perform what it has been sent. */
async function kill(worker: SyncWorker): Promise<void> {
  worker.process.kill("SIGKILL");
  await worker.ended;
  await database.db.execute(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'sync-worker'`);
  await eventually("nobody waits any more", async () => !(await isWaiting()));
}

const isWaiting = () => waitsAtGate(database, GATE);

async function titles(): Promise<(string | null)[]> {
  const now = services.clock.now();
  const window = { start: now, end: new Date(now.getTime() + 10 * DAY_MS) };
  const calendar = { externalId: account.email, timeZone: PARIS };
  const events = await google.provider.listWindow(account, calendar, window);
  return events.filter(({ bookingMarker }) => bookingMarker === bookingId).map(({ title }) => title);
}

const leaseEnds = () =>
  database.db.execute(sql`
    update calendar_exported_bookings set lease_until = clock_timestamp() - interval '1 second'
    where lease_until is not null`);
const drain = () => exportConnection(services, connectionId, "schedule");
const row = async () => (await database.db.select().from(calendarExportedBookings))[0];

describe("a worker that made the event and", () => {
  it("was killed before it could write so: the next one finds it", async () => {
    await whileAtGate(async (worker) => {
      await kill(worker);
    });
    expect(await drain()).toEqual({ exported: 0, failed: 0 });
    await leaseEnds();
    expect(await drain()).toEqual({ exported: 1, failed: 0 });
    expect(await titles()).toHaveLength(1);
    expect(await row()).toMatchObject({
      wantedSeq: 1,
      doneSeq: 1,
      writtenStart: expect.any(Date),
      idGeneration: 0,
    });
  });

  it("was killed, and its booking cancelled meanwhile: nothing stays", async () => {
    await whileAtGate(async (worker) => {
      await kill(worker);
      await change({ status: "cancelled", cancelledAt: services.clock.now() });
    });
    await leaseEnds();
    await drain();
    expect(await titles()).toEqual([]);
  });

  it("slept through its lease: who took over decides, and the late answer changes nothing", async () => {
    await whileAtGate(async () => {
      await leaseEnds();
      await change({ clientName: "Changed" });
      expect(await drain()).toEqual({ exported: 1, failed: 0 });
    });
    expect(await drain()).toEqual({ exported: 0, failed: 0 });
    expect(await titles()).toEqual(["Appointment: Consultation – Changed"]);
    expect(await row()).toMatchObject({
      wantedSeq: 2,
      doneSeq: 2,
      remoteState: "in_place",
      leaseUntil: null,
    });
  });

  it("slept while its booking was cancelled and the event removed: it is looked for once more", async () => {
    await whileAtGate(async () => {
      await leaseEnds();
      await change({ status: "cancelled", cancelledAt: services.clock.now() });
      await drain();
    });
    expect((await row())?.wantedSeq).toBe(3);
    await drain();
    expect(await titles()).toEqual([]);
    expect(await row()).toMatchObject({ doneSeq: 3 });
  });
});
