import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { services as offers } from "@/db/schema/bookings";
import { calendarSyncEvents, calendarSyncLogs } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { getConnection } from "@/lib/connections/queries";
import { requestSync } from "@/lib/connections/request-sync";
import { updateSettings } from "@/lib/connections/settings";
import { ProviderError } from "@/lib/providers/provider-error";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { findCalendarsToReconcile, findDueCalendars } from "@/lib/sync/sync-due";
import { createBookingRow, createServiceRow } from "@/tests/support/booking-factories";
import { createExportRow, exportRows, ownEventId } from "@/tests/support/exported";
import { importWorld } from "@/tests/support/import-world";
import { at, removed, upsert } from "@/tests/support/scripted-vendor";

/** Bookings are added to its calendar, which is not checked. */
const world = importWorld({ selected: false, changeSeq: 0 });
const { sync, read, calendar, stored, blocked } = world;

const WORDS = {
  start: "2026-11-24T10:00:00.000Z",
  end: "2026-11-24T11:00:00.000Z",
  title: "Appointment: Ada",
  location: null,
};
const NOON = { start: at("2026-11-24T12:00:00.000Z"), end: at("2026-11-24T13:00:00.000Z") };
/** Checked; not where bookings are added. */
let main: string;
let externalId: string;
let bookingId: string;

beforeEach(async () => {
  main = await world.addCalendar({ isPrimary: true });
  await save({ targetCalendarId: world.calendarId });
  const service = await createServiceRow(world.database.db, world.person.userId);
  bookingId = await createBookingRow(world.database.db, service, {
    startsAt: new Date(WORDS.start),
    endsAt: new Date(WORDS.end),
  });
  const place = {
    userId: world.person.userId,
    connectionId: world.connectionId,
    calendarId: world.calendarId,
    calendarExternalId: `calendar-${world.calendarId}`,
  };
  await createExportRow(world.services, bookingId, place, WORDS, { etag: "v1" });
  externalId = ownEventId(world.services, bookingId, `calendar-${world.calendarId}`);
});

const save = (body: unknown) => updateSettings(world.services, world.ctx(), world.connectionId, body);
const check = (id: string, checkForConflicts: boolean) => save({ calendars: [{ id, checkForConflicts }] });
const ours = (more: Partial<CalendarEvent> = {}) =>
  upsert(externalId, { title: WORDS.title, etag: "v1", bookingMarker: bookingId, ...more });
const moved = () => ours({ ...NOON, etag: "v2" });
const due = () => findDueCalendars(world.database.db, world.clock.now(), world.connectionId);
const runs = (id = world.calendarId) =>
  world.database.db
    .select()
    .from(calendarSyncLogs)
    .where(eq(calendarSyncLogs.calendarId, id))
    .orderBy(calendarSyncLogs.seq);
const wasFull = () => world.vendor.requests.at(-1)?.cursor === null;

describe("a calendar that bookings are added to and that is not checked", () => {
  it("is read from the moment it is chosen, by request, by schedule and once a day", async () => {
    expect(await runs()).toMatchObject([{ status: "running", kind: "full" }]);
    expect((await due()).sort()).toEqual([main, world.calendarId].sort());
    expect(
      await findCalendarsToReconcile(world.database.db, world.clock.now(), world.connectionId),
    ).toContain(world.calendarId);
    const { runIds } = await requestSync(world.services, world.ctx(), world.connectionId);
    expect(runIds).toHaveLength(2);
    expect(await read([ours()])).toMatchObject({ status: "succeeded" });
    expect((await runs()).map((run) => run.status)).toEqual(["succeeded", "succeeded"]);
  });

  it("keeps our own events alone, in deltas, sweeps and removals", async () => {
    await read([ours(), upsert("dentist")]);
    expect(await stored()).toEqual([externalId]);
    await read([upsert("lunch"), { type: "series", seriesId: "s", occurrences: [] }, removed("dentist")]);
    expect(await stored()).toEqual([externalId]);
    world.clock.advance(26 * 3_600_000);
    expect(await read([ours(), upsert("other")])).toMatchObject({
      counts: { imported: 0, updated: 0, removed: 0, unchanged: 1 },
    });
    expect(await blocked()).toEqual([]);
    expect(wasFull()).toBe(true);
  });

  it("makes an event of ours that its owner moved block all the same, until it is put back", async () => {
    await read([ours()]);
    await read([moved(), upsert("dentist")]);
    expect(await blocked()).toEqual([externalId]);
    expect(await exportRows(world.database.db, world.person.userId)).toMatchObject([
      { remoteState: "moved" },
    ]);
    await read([ours({ etag: "v3" })]);
    expect(await blocked()).toEqual([]);
  });

  it("lets go of one that is its owner's now", async () => {
    await read([moved()]);
    await world.database.db.execute(
      sql`update calendar_exported_bookings set desired = 'left' where user_id = ${world.person.userId}`,
    );
    await read([moved()]);
    expect(await stored()).toEqual([]);
  });

  it("is no evidence about anybody's time, and its failures are nobody's status", async () => {
    await read([upsert("dentist")], main);
    await read([ours()]);
    expect(await calendar()).toMatchObject({ syncedThrough: null, failures: 0 });
    for (let failure = 0; failure < 4; failure += 1) {
      world.vendor.script({ error: new ProviderError("transient") });
      await sync();
    }
    const view = await getConnection(world.services, world.ctx(), world.connectionId);
    expect([view.status, view.statusReason]).toEqual(["connected", null]);
    expect(view.calendars.find(({ id }) => id === world.calendarId)?.state).toBe("ok");
  });

  it("is forgotten when it is no target any more", async () => {
    await read([moved()]);
    await save({ targetCalendarId: main });
    expect(await stored()).toEqual([]);
    expect(await blocked()).toEqual([]);
    expect(await due()).toEqual([main]);
    expect(await syncCalendar(world.services, world.calendarId, "manual")).toEqual({ status: "skipped" });
  });

  it("is read as a service's own target too, while its connection exports", async () => {
    const another = await world.addCalendar({ selected: false });
    expect(await due()).not.toContain(another);
    await createServiceRow(world.database.db, world.person.userId, { targetCalendarId: another });
    expect(await due()).toContain(another);
    await world.database.db
      .update(calendarConnections)
      .set({ exportEnabled: false })
      .where(eq(calendarConnections.id, world.connectionId));
    expect(await due()).toEqual([main]);
    await world.database.db.delete(offers).where(eq(offers.targetCalendarId, another));
  });
});

describe("checking and unchecking it", () => {
  it("checked, it starts over with a full round: nothing of it is known before", async () => {
    await read([ours(), upsert("dentist")]);
    await check(world.calendarId, true);
    expect(await calendar()).toMatchObject({ syncedThrough: null, cursor: null });
    await read([ours(), upsert("dentist")]);
    expect(wasFull()).toBe(true);
    expect(await stored()).toEqual(["dentist", externalId].sort());
    expect(await blocked()).toEqual(["dentist"]);
    expect((await calendar()).syncedThrough).toEqual(world.clock.now());
  });

  it("unchecked, what others wrote goes at once, ours stays known, and the next round is full", async () => {
    await check(world.calendarId, true);
    await read([moved(), upsert("dentist")]);
    expect(await blocked()).toEqual(["dentist", externalId].sort());
    await check(world.calendarId, false);
    expect(await stored()).toEqual([externalId]);
    expect(await blocked()).toEqual([externalId]);
    await read([moved(), upsert("dentist")]);
    expect(wasFull()).toBe(true);
    expect(await stored()).toEqual([externalId]);
  });

  it("unchecked while it is read: the late worker writes nothing", async () => {
    await check(world.calendarId, true);
    world.vendor.script({
      pages: [
        { items: [upsert("a")] },
        {},
        { items: [upsert("b")], before: () => check(world.calendarId, false) },
      ],
    });
    expect(await sync()).not.toMatchObject({ counts: { imported: 2 } });
    expect(await stored()).toEqual([]);
  });
});

describe("import switched off", () => {
  beforeEach(async () => {
    await check(world.calendarId, true);
    await read([ours(), upsert("dentist")]);
    await read([upsert("a")], main);
    await world.database.db.execute(sql`update calendar_sync_events set override = true where external_id = 'dentist'
      and calendar_id = ${world.calendarId}`);
    await save({ importEnabled: false });
  });

  it("frees its time at once, and goes on looking after our own events", async () => {
    expect(await blocked()).toEqual([]);
    world.clock.advance(3_600_000);
    expect(await due()).toEqual([world.calendarId]);
    const before = await calendar();
    await read([moved(), upsert("lunch")]);
    expect(wasFull()).toBe(true);
    expect(await blocked()).toEqual([externalId]);
    expect(await calendar()).toMatchObject({ syncedThrough: before.syncedThrough });
    await read([removed(externalId)]);
    expect(await blocked()).toEqual([]);
  });

  it("and on again, reads what others did meanwhile, and keeps their owner's word on them", async () => {
    await read([ours(), upsert("lunch")]);
    await save({ importEnabled: true });
    expect(await blocked()).toEqual(["a", "dentist"]);
    await read([ours(), upsert("dentist"), upsert("lunch")]);
    expect(wasFull()).toBe(true);
    expect(await stored()).toEqual(["dentist", externalId, "lunch"].sort());
    const rows = await world.database.db
      .select()
      .from(calendarSyncEvents)
      .where(eq(calendarSyncEvents.calendarId, world.calendarId));
    expect(rows.find((row) => row.externalId === "dentist")?.override).toBe(true);
  });
});
