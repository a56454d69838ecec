import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { services as offers } from "@/db/schema/bookings";
import { calendarSyncEvents, calendarSyncLogs, calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { getConnection } from "@/lib/connections/queries";
import { requestSync } from "@/lib/connections/request-sync";
import type { Services } from "@/lib/connections/services";
import { updateSettings } from "@/lib/connections/settings";
import { ProviderError } from "@/lib/providers/provider-error";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { findCalendarsToReconcile, findDueCalendars } from "@/lib/sync/sync-due";
import { createBookingRow, createServiceRow } from "@/tests/support/booking-factories";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createExportRow, exportRows, ownEventId } from "@/tests/support/exported";
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

const WORDS = {
  start: "2026-11-24T10:00:00.000Z",
  end: "2026-11-24T11:00:00.000Z",
  title: "Appointment: Ada",
  location: null,
};
const NOON = { start: at("2026-11-24T12:00:00.000Z"), end: at("2026-11-24T13:00:00.000Z") };

let vendor: ScriptedVendor;
let services: Services;
let clock: TestClock;
let person: Person;
let connectionId: string;
/** Checked; not where bookings are added. */
let main: string;
/** Bookings are added to it, and it is not checked. */
let target: string;
let externalId: string;
let bookingId: string;

beforeEach(async () => {
  vendor = scriptedVendor();
  clock = testClock();
  services = testServices(database.db, [vendor.provider], { clock });
  person = await createPerson(database.db);
  connectionId = await createConnection(services, person);
  main = await createCalendar(services, connectionId, person, { isPrimary: true });
  target = await createCalendar(services, connectionId, person, { selected: false, changeSeq: 0 });
  await save({ targetCalendarId: target });
  const service = await createServiceRow(database.db, person.userId);
  bookingId = await createBookingRow(database.db, service, {
    startsAt: new Date(WORDS.start),
    endsAt: new Date(WORDS.end),
  });
  const place = {
    userId: person.userId,
    connectionId,
    calendarId: target,
    calendarExternalId: `calendar-${target}`,
  };
  await createExportRow(services, bookingId, place, WORDS, { etag: "v1" });
  externalId = ownEventId(services, bookingId, `calendar-${target}`);
});

const save = (body: unknown) => updateSettings(services, person.ctx(clock.now()), connectionId, body);
const check = (id: string, checkForConflicts: boolean) => save({ calendars: [{ id, checkForConflicts }] });
const ours = (more: Partial<CalendarEvent> = {}) =>
  upsert(externalId, { title: WORDS.title, etag: "v1", bookingMarker: bookingId, ...more });
const moved = () => ours({ ...NOON, etag: "v2" });
const sync = (items: ReturnType<typeof upsert>[], id = target) => {
  vendor.script({ pages: [{ items }] });
  return syncCalendar(services, id, "schedule");
};
const stored = async (id = target) => {
  const rows = await database.db
    .select()
    .from(calendarSyncEvents)
    .where(eq(calendarSyncEvents.calendarId, id));
  return rows.map((row) => row.externalId).sort();
};
const blocked = async () => {
  const rows = await database.db.execute<{ external_event_id: string }>(
    sql`select external_event_id from unavailabilities where user_id = ${person.userId} order by 1`,
  );
  return rows.map((row) => row.external_event_id);
};
const calendar = async (id = target) => {
  const [row] = await database.db.select().from(calendars).where(eq(calendars.id, id));
  if (row === undefined) throw new Error("the calendar is gone");
  return row;
};
const due = () => findDueCalendars(database.db, clock.now(), connectionId);
const runs = (id = target) =>
  database.db
    .select()
    .from(calendarSyncLogs)
    .where(eq(calendarSyncLogs.calendarId, id))
    .orderBy(calendarSyncLogs.seq);
const wasFull = () => vendor.requests.at(-1)?.cursor === null;

describe("a calendar that bookings are added to and that is not checked", () => {
  it("is read from the moment it is chosen, by request, by schedule and once a day", async () => {
    expect(await runs()).toMatchObject([{ status: "running", kind: "full" }]);
    expect((await due()).sort()).toEqual([main, target].sort());
    expect(await findCalendarsToReconcile(database.db, clock.now(), connectionId)).toContain(target);
    const { runIds } = await requestSync(services, person.ctx(clock.now()), connectionId);
    expect(runIds).toHaveLength(2);
    expect(await sync([ours()])).toMatchObject({ status: "succeeded" });
    expect((await runs()).map((run) => run.status)).toEqual(["succeeded", "succeeded"]);
  });

  it("keeps our own events alone, in deltas, sweeps and removals", async () => {
    await sync([ours(), upsert("dentist")]);
    expect(await stored()).toEqual([externalId]);
    await sync([upsert("lunch"), { type: "series", seriesId: "s", occurrences: [] }, removed("dentist")]);
    expect(await stored()).toEqual([externalId]);
    clock.advance(26 * 3_600_000);
    expect(await sync([ours(), upsert("other")])).toMatchObject({
      counts: { imported: 0, updated: 0, removed: 0, unchanged: 1 },
    });
    expect(await blocked()).toEqual([]);
    expect(wasFull()).toBe(true);
  });

  it("makes an event of ours that its owner moved block all the same, until it is put back", async () => {
    await sync([ours()]);
    await sync([moved(), upsert("dentist")]);
    expect(await blocked()).toEqual([externalId]);
    expect(await exportRows(database.db, person.userId)).toMatchObject([{ remoteState: "moved" }]);
    await sync([ours({ etag: "v3" })]);
    expect(await blocked()).toEqual([]);
  });

  it("lets go of one that is its owner's now", async () => {
    await sync([moved()]);
    await database.db.execute(
      sql`update calendar_exported_bookings set desired = 'left' where user_id = ${person.userId}`,
    );
    await sync([moved()]);
    expect(await stored()).toEqual([]);
  });

  it("is no evidence about anybody's time, and its failures are nobody's status", async () => {
    await sync([upsert("dentist")], main);
    await sync([ours()]);
    expect(await calendar()).toMatchObject({ syncedThrough: null, failures: 0 });
    for (let failure = 0; failure < 4; failure += 1) {
      vendor.script({ error: new ProviderError("transient") });
      await syncCalendar(services, target, "schedule");
    }
    const view = await getConnection(services, person.ctx(clock.now()), connectionId);
    expect([view.status, view.statusReason]).toEqual(["connected", null]);
    expect(view.calendars.find(({ id }) => id === target)?.state).toBe("ok");
  });

  it("is forgotten when it is no target any more", async () => {
    await sync([moved()]);
    await save({ targetCalendarId: main });
    expect(await stored()).toEqual([]);
    expect(await blocked()).toEqual([]);
    expect(await due()).toEqual([main]);
    expect(await syncCalendar(services, target, "manual")).toEqual({ status: "skipped" });
  });

  it("is read as a service's own target too, while its connection exports", async () => {
    const another = await createCalendar(services, connectionId, person, { selected: false });
    expect(await due()).not.toContain(another);
    await createServiceRow(database.db, person.userId, { targetCalendarId: another });
    expect(await due()).toContain(another);
    await database.db
      .update(calendarConnections)
      .set({ exportEnabled: false })
      .where(eq(calendarConnections.id, connectionId));
    expect(await due()).toEqual([main]);
    await database.db.delete(offers).where(eq(offers.targetCalendarId, another));
  });
});

describe("checking and unchecking it", () => {
  it("checked, it starts over with a full round: nothing of it is known before", async () => {
    await sync([ours(), upsert("dentist")]);
    await check(target, true);
    expect(await calendar()).toMatchObject({ syncedThrough: null, cursor: null });
    await sync([ours(), upsert("dentist")]);
    expect(wasFull()).toBe(true);
    expect(await stored()).toEqual(["dentist", externalId].sort());
    expect(await blocked()).toEqual(["dentist"]);
    expect((await calendar()).syncedThrough).toEqual(clock.now());
  });

  it("unchecked, what others wrote goes at once, ours stays known, and the next round is full", async () => {
    await check(target, true);
    await sync([moved(), upsert("dentist")]);
    expect(await blocked()).toEqual(["dentist", externalId].sort());
    await check(target, false);
    expect(await stored()).toEqual([externalId]);
    expect(await blocked()).toEqual([externalId]);
    await sync([moved(), upsert("dentist")]);
    expect(wasFull()).toBe(true);
    expect(await stored()).toEqual([externalId]);
  });

  it("unchecked while it is read: the late worker writes nothing", async () => {
    await check(target, true);
    vendor.script({
      pages: [{ items: [upsert("a")] }, {}, { items: [upsert("b")], before: () => check(target, false) }],
    });
    expect(await syncCalendar(services, target, "schedule")).not.toMatchObject({ counts: { imported: 2 } });
    expect(await stored()).toEqual([]);
  });
});

describe("import switched off", () => {
  beforeEach(async () => {
    await check(target, true);
    await sync([ours(), upsert("dentist")]);
    await sync([upsert("a")], main);
    await database.db.execute(sql`update calendar_sync_events set override = true where external_id = 'dentist'
      and calendar_id = ${target}`);
    await save({ importEnabled: false });
  });

  it("frees its time at once, and goes on looking after our own events", async () => {
    expect(await blocked()).toEqual([]);
    clock.advance(3_600_000);
    expect(await due()).toEqual([target]);
    const before = await calendar();
    await sync([moved(), upsert("lunch")]);
    expect(wasFull()).toBe(true);
    expect(await blocked()).toEqual([externalId]);
    expect(await calendar()).toMatchObject({ syncedThrough: before.syncedThrough });
    await sync([removed(externalId)]);
    expect(await blocked()).toEqual([]);
  });

  it("and on again, reads what others did meanwhile, and keeps their owner's word on them", async () => {
    await sync([ours(), upsert("lunch")]);
    await save({ importEnabled: true });
    expect(await blocked()).toEqual(["a", "dentist"]);
    await sync([ours(), upsert("dentist"), upsert("lunch")]);
    expect(wasFull()).toBe(true);
    expect(await stored()).toEqual(["dentist", externalId, "lunch"].sort());
    const rows = await database.db
      .select()
      .from(calendarSyncEvents)
      .where(eq(calendarSyncEvents.calendarId, target));
    expect(rows.find((row) => row.externalId === "dentist")?.override).toBe(true);
  });
});
