import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { calendarExportedBookings } from "@/db/schema/exports";
import { cancelBooking } from "@/lib/bookings/cancel-booking";
import { disconnect } from "@/lib/connections/disconnect";
import type { Services } from "@/lib/connections/services";
import { exportConnection } from "@/lib/sync/export/export-connection";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { createBookingRow, createServiceRow } from "@/tests/support/booking-factories";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { exportBooking, exportRows } from "@/tests/support/exported";
import {
  createCalendar,
  createConnection,
  createPerson,
  type Person,
  type TestClock,
  testClock,
  testServices,
} from "@/tests/support/factories";
import { type GoogleBench, openGoogle } from "@/tests/support/google";

const NOW = new Date("2026-11-23T09:00:00.000Z");
const TEN = { start: "2026-11-24T10:00:00.000Z", end: "2026-11-24T11:00:00.000Z" };
const NOON = { start: "2026-11-24T12:00:00.000Z", end: "2026-11-24T13:00:00.000Z" };
const timed = ({ start, end }: typeof TEN) => ({ start: { dateTime: start }, end: { dateTime: end } });
const lines = (...places: [string, typeof TEN][]) => places.map(([id, { start }]) => `${id} ${start}`).sort();

let database: TestDatabase;
let google: GoogleBench;
beforeAll(async () => {
  database = await createTestDatabase();
  google = await openGoogle(NOW);
});
afterAll(async () => {
  await google[Symbol.asyncDispose]();
  await database.drop();
});

let account: { email: string; accessToken: string; refreshToken: string };
let services: Services;
let clock: TestClock;
let person: Person;
let connectionId: string;
let calendarId: string;
let externalId: string;
let bookingId: string;
let accounts = 0;

/** A booking whose event stands in the account's calendar, as the exporter leaves it. */
beforeEach(async () => {
  accounts += 1;
  google.sandbox.clock.set(NOW);
  clock = testClock(NOW);
  account = google.account(`owner-${accounts}@example.test`);
  services = testServices(database.db, [google.provider], { clock });
  person = await createPerson(database.db);
  connectionId = await createConnection(services, person, account);
  calendarId = await createCalendar(services, connectionId, person, { externalId: account.email });
  await database.db
    .update(calendarConnections)
    .set({ targetCalendarId: calendarId })
    .where(eq(calendarConnections.id, connectionId));
  const service = await createServiceRow(database.db, person.userId);
  bookingId = await createBookingRow(database.db, service, {
    startsAt: new Date(TEN.start),
    endsAt: new Date(TEN.end),
  });
  await sync();
  const place = { userId: person.userId, connectionId, calendarId, calendarExternalId: account.email };
  const words = { ...TEN, title: "Appointment: Ada", location: "Lyon" };
  externalId = await exportBooking(services, { ...google, access: account }, bookingId, place, words);
  await minutes(1);
});

const act = <T = { id: string }>(path: string, body: object) =>
  google.act<T>(path, { account: account.email, ...body });
const edit = (change: object, scope = "this") => act("events/edit", { eventId: externalId, change, scope });
const minutes = async (count: number) => {
  clock.advance(count * 60_000);
  google.sandbox.clock.set(clock.now());
};

async function sync(id = calendarId): Promise<void> {
  expect(await syncCalendar(services, id, "schedule")).toMatchObject({ status: "succeeded" });
}

async function blocked(): Promise<string[]> {
  const rows = await database.db.execute<{ id: string; ms: string }>(sql`
    select external_event_id as id, (extract(epoch from starts_at) * 1000)::bigint::text as ms
    from unavailabilities where user_id = ${person.userId}`);
  return rows.map(({ id, ms }) => `${id} ${new Date(Number(ms)).toISOString()}`).sort();
}

const known = async () => (await exportRows(database.db, person.userId))[0];
const forgetCursor = () =>
  database.db
    .update(calendars)
    .set({ cursor: null, cursorVersion: null })
    .where(eq(calendars.id, calendarId));
const own = async (id = calendarId) => {
  const rows = await database.db.execute<{ own: boolean }>(
    sql`select own from calendar_sync_events where calendar_id = ${id} and external_id = ${externalId}`,
  );
  return rows.map((row) => row.own);
};

/** A page of the calendar as somebody else's program sees it. */
async function api(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const origin = google.origins.get("https://www.googleapis.com");
  const url = `${origin}/calendar/v3/calendars/${encodeURIComponent(account.email)}/events/${path}`;
  const headers = { authorization: `Bearer ${account.accessToken}`, "content-type": "application/json" };
  const answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return (await answer.json()) as Record<string, unknown>;
}

describe("what we exported never comes back as an unavailability", () => {
  it.each<[string, () => Promise<unknown>]>([
    ["by the next delta", async () => undefined],
    ["by a full reading", forgetCursor],
    ["after the cursor was lost", () => act("calendars/invalidate-tokens", {})],
    [
      "after a reconnect",
      () =>
        database.db
          .update(calendarConnections)
          .set({ generation: 2 })
          .where(eq(calendarConnections.id, connectionId)),
    ],
    [
      "when another program took our property away",
      async () => {
        const { extendedProperties: _, ...rest } = await api("GET", externalId);
        await api("PUT", externalId, rest);
      },
    ],
    [
      "with its row lost, by our property and its id",
      () =>
        database.db.delete(calendarExportedBookings).where(eq(calendarExportedBookings.bookingId, bookingId)),
    ],
  ])("%s", async (_, before) => {
    await before();
    await sync();
    expect(await own()).toEqual([true]);
    expect(await blocked()).toEqual([]);
    await forgetCursor();
    await sync();
    expect(await blocked()).toEqual([]);
    expect((await known())?.remoteState ?? "in_place").toBe("in_place");
  });

  it("after a disconnect that kept it and a new connection of the same account", async () => {
    await sync();
    await disconnect(services, person.ctx(clock.now()), connectionId, { exportedEvents: "keep" });
    await database.db.delete(calendarConnections).where(eq(calendarConnections.id, connectionId));
    await database.db
      .update(calendarExportedBookings)
      .set({ desired: "left" })
      .where(eq(calendarExportedBookings.bookingId, bookingId));
    const again = await createConnection(services, person, account);
    calendarId = await createCalendar(services, again, person, { externalId: account.email });
    await sync();
    expect(await own()).toEqual([true]);
    expect(await blocked()).toEqual([]);
    expect(await known()).toMatchObject({ desired: "left", connectionId: null, remoteState: "in_place" });
  });
});

describe("what its owner does in the calendar's own pages", () => {
  beforeEach(() => sync());

  it("duplicated: the copy blocks, the event does not", async () => {
    const copy = await act("events/duplicate", { eventId: externalId });
    await sync();
    expect(await blocked()).toEqual(lines([copy.id, TEN]));
    expect(await known()).toMatchObject({ remoteState: "in_place" });
  });

  it("moved: it blocks at its new time, beside its booking; moved back: quiet", async () => {
    await edit(timed(NOON));
    await sync();
    expect(await blocked()).toEqual(lines([externalId, NOON]));
    expect(await known()).toMatchObject({ remoteState: "moved", remoteStart: new Date(NOON.start) });
    await forgetCursor();
    await sync();
    expect(await blocked()).toEqual(lines([externalId, NOON]));
    await minutes(1);
    await edit(timed(TEN));
    await sync();
    expect(await blocked()).toEqual([]);
    expect(await known()).toMatchObject({ remoteState: "in_place", remoteStart: null });
  });

  it("edited", async () => {
    await edit({ summary: "Ada, bring cake" });
    await sync();
    expect(await known()).toMatchObject({ remoteState: "edited" });
    expect(await blocked()).toEqual([]);
  });

  it("coloured, or its text changed: no change that we could tell from here", async () => {
    const { etag } = (await known()) ?? {};
    await edit({ description: "notes of my own" });
    await sync();
    expect(await known()).toMatchObject({ remoteState: "in_place", etag });
  });

  it.each([
    ["a bare id", "sparse"],
    ["a full body", "full"],
  ])("deleted, told as %s: somebody must look", async (_, shape) => {
    google.set("tombstone", shape);
    await act("events/delete", { eventId: externalId });
    await sync();
    expect(await known()).toMatchObject({ remoteState: "in_place", verify: true });
  });

  it("deleted, and the cursor lost: the full reading misses it", async () => {
    await act("events/delete", { eventId: externalId });
    await act("calendars/invalidate-tokens", {});
    await minutes(5);
    await sync();
    expect(await known()).toMatchObject({ remoteState: "in_place", verify: true });
  });

  it.each(["source first", "destination first"])(
    "moved to another calendar of the account, read %s",
    async (order) => {
      const made = await act("calendars/create", { summary: "Team" });
      const team = await createCalendar(services, connectionId, person, { externalId: made.id });
      await sync(team);
      await act("events/move", { eventId: externalId, destination: made.id });
      for (const id of order === "source first" ? [calendarId, team] : [team, calendarId]) await sync(id);
      expect(await known()).toMatchObject({
        remoteState: "relocated",
        remoteStart: new Date(TEN.start),
        verify: false,
      });
      expect(await own(team)).toEqual([true]);
      expect(await blocked()).toEqual([]);
    },
  );

  it("moved to another calendar, it is removed from there when its booking is cancelled", async () => {
    const made = await act("calendars/create", { summary: "Team" });
    const team = await createCalendar(services, connectionId, person, { externalId: made.id });
    await sync(team);
    await act("events/move", { eventId: externalId, destination: made.id });
    for (const id of [calendarId, team]) await sync(id);
    const user = person.ctx(clock.now());
    await cancelBooking(services, user, bookingId);
    expect(await exportConnection(services, connectionId, "booking")).toEqual({ exported: 1, failed: 0 });
    await sync(team);
    expect(await own(team)).toEqual([]);
    expect(await known()).toMatchObject({ desired: "absent", remoteState: "in_place", writtenStart: null });
  });

  it("made recurring: every occurrence blocks, and somebody must look", async () => {
    await edit({ ...timed(TEN), recurrence: ["RRULE:FREQ=WEEKLY;COUNT=4"] }, "all");
    await sync();
    expect((await blocked()).length).toBeGreaterThanOrEqual(4);
    expect(await known()).toMatchObject({ verify: true });
    await forgetCursor();
    await sync();
    expect(await own()).toEqual([]);
  });
});
