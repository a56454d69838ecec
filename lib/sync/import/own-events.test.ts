import { eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "@/db/client";
import { bookings } from "@/db/schema/bookings";
import { calendarSyncEvents, calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { calendarExportedBookings } from "@/db/schema/exports";
import { outbox } from "@/db/schema/work";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import type { Services } from "@/lib/connections/services";
import { ProviderError } from "@/lib/providers/provider-error";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
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

const TEN = { start: "2026-11-24T10:00:00.000Z", end: "2026-11-24T11:00:00.000Z" };
const NOON = { start: "2026-11-24T12:00:00.000Z", end: "2026-11-24T13:00:00.000Z" };
const WORDS = { ...TEN, title: "Appointment: Ada", location: "Lyon" };
const times = ({ start, end }: typeof TEN) => ({ start: at(start), end: at(end) });
const when = (hour: number) => new Date(Date.UTC(2026, 10, 23, hour));
const DAY_MS = 86_400_000;

let vendor: ScriptedVendor;
let services: Services;
let clock: TestClock;
let person: Person;
let connectionId: string;
let calendarId: string;
let other: string;
let bookingId: string;
let externalId: string;

beforeEach(async () => {
  vendor = scriptedVendor();
  clock = testClock();
  services = testServices(database.db, [vendor.provider], { clock });
  person = await createPerson(database.db);
  connectionId = await createConnection(services, person);
  calendarId = await createCalendar(services, connectionId, person);
  other = await createCalendar(services, connectionId, person);
  await database.db
    .update(calendarConnections)
    .set({ targetCalendarId: calendarId })
    .where(eq(calendarConnections.id, connectionId));
  const service = await createServiceRow(database.db, person.userId);
  bookingId = await createBookingRow(database.db, service, {
    startsAt: new Date(TEN.start),
    endsAt: new Date(TEN.end),
  });
  externalId = ownEventId(services, bookingId, `calendar-${calendarId}`);
});

const place = () => ({
  userId: person.userId,
  connectionId,
  calendarId,
  calendarExternalId: `calendar-${calendarId}`,
});
const exported = (overrides: Partial<typeof calendarExportedBookings.$inferInsert> = {}) =>
  createExportRow(services, bookingId, place(), WORDS, {
    etag: "v1",
    remoteUpdatedAt: when(1),
    ...overrides,
  });
const known = async () => {
  const [row] = await exportRows(database.db, person.userId);
  if (row === undefined) throw new Error("nothing is exported");
  return row;
};
const ours = (more: Partial<CalendarEvent> = {}) =>
  upsert(externalId, {
    ...times(TEN),
    title: WORDS.title,
    location: WORDS.location,
    iCalUid: `${externalId}@google.com`,
    bookingMarker: bookingId,
    etag: "v1",
    updatedAt: when(1),
    ...more,
  });
const read = (
  items: Parameters<ScriptedVendor["script"]>[0] extends { pages?: infer P } ? P : never,
  id = calendarId,
) => {
  vendor.script({ pages: items ?? [] });
  return syncCalendar(services, id, "schedule");
};
const sync = (items: ReturnType<typeof upsert>[], id = calendarId) => read([{ items }], id);
const stored = async (id = calendarId) => {
  const rows = await database.db
    .select()
    .from(calendarSyncEvents)
    .where(eq(calendarSyncEvents.calendarId, id));
  return rows
    .map((row) => `${row.externalId} ${row.own ? "own" : row.displaced ? "displaced" : "foreign"}`)
    .sort();
};
const blocked = async () => {
  const rows = await database.db.execute<{ external_event_id: string }>(
    sql`select external_event_id from unavailabilities where user_id = ${person.userId} order by 1`,
  );
  return rows.map((row) => row.external_event_id);
};
const nudges = async () => {
  const rows = await database.db.select().from(outbox).where(eq(outbox.name, "connection/exports.due"));
  return rows.filter(({ data }) => (data as { connectionId: string }).connectionId === connectionId).length;
};

describe("an event of ours that comes back", () => {
  it("takes no time where it was put, beside others that do", async () => {
    await exported();
    await sync([ours(), upsert("dentist")]);
    expect(await stored()).toEqual(["dentist foreign", `${externalId} own`].sort());
    expect(await blocked()).toEqual(["dentist"]);
    expect(await known()).toMatchObject({ remoteState: "in_place", verify: false, remoteSeenAt: null });
  });

  it("is known before any of our writes was answered, and by its marker though its row is lost", async () => {
    await exported({
      writtenStart: null,
      writtenEnd: null,
      etag: null,
      remoteUpdatedAt: null,
      contentHash: null,
    });
    await sync([ours()]);
    expect(await blocked()).toEqual([]);
    await database.db
      .delete(calendarExportedBookings)
      .where(eq(calendarExportedBookings.bookingId, bookingId));
    clock.advance(26 * 3_600_000);
    await sync([ours()]);
    expect(await stored()).toEqual([`${externalId} own`]);
    await sync([ours({ ...times(NOON), updatedAt: when(2), etag: "v2" })]);
    expect(await stored()).toEqual([`${externalId} displaced`]);
  });

  it("is known by its iCal UID in another calendar, and a duplicate in its own is not", async () => {
    await exported();
    const uid = { iCalUid: `${externalId}@google.com`, bookingMarker: bookingId };
    await sync([upsert("mirror", { ...uid, ...times(TEN) })], other);
    await sync([ours(), upsert("copy", { ...uid, iCalUid: "copy@google.com", ...times(TEN) })]);
    expect(await blocked()).toEqual(["copy"]);
  });

  it("is known among hundreds on one page as well, be its booking over or ahead", async () => {
    await exported();
    const service = await createServiceRow(database.db, person.userId);
    const past = { startsAt: when(-100), endsAt: when(-99) };
    const over = await createBookingRow(database.db, service, past);
    const words = { ...WORDS, start: past.startsAt.toISOString(), end: past.endsAt.toISOString() };
    await createExportRow(services, over, place(), words);
    const old = ownEventId(services, over, `calendar-${calendarId}`);
    const crowd = Array.from({ length: 250 }, (_, index) => upsert(`e${index}`));
    await sync([
      ...crowd,
      ours({ bookingMarker: null }),
      upsert(old, { ...times(NOON), bookingMarker: over }),
    ]);
    expect((await stored()).filter((line) => !line.endsWith("foreign"))).toEqual(
      [`${externalId} own`, `${old} displaced`].sort(),
    );
    await sync([...crowd, upsert("mirror", { iCalUid: `${externalId}@google.com` })], other);
    expect(await stored(other)).toContain("mirror own");
    clock.advance(26 * 3_600_000);
    await sync(crowd);
    const rows = await exportRows(database.db, person.userId);
    expect(rows.find((row) => row.bookingId === bookingId)).toMatchObject({ verify: true });
  });

  it("is somebody else's in another person's calendar", async () => {
    await exported();
    const stranger = await createPerson(database.db);
    const theirs = await createConnection(services, stranger);
    const calendar = await createCalendar(services, theirs, stranger);
    await sync([ours()], calendar);
    expect(await stored(calendar)).toEqual([`${externalId} foreign`]);
  });

  it("becomes ours when its row comes after it, though the event is unchanged", async () => {
    await sync([ours({ bookingMarker: null })]);
    expect(await blocked()).toEqual([externalId]);
    await exported();
    clock.advance(26 * 3_600_000);
    expect(await sync([ours({ bookingMarker: null })])).toMatchObject({
      counts: { updated: 1, unchanged: 0 },
    });
    expect(await blocked()).toEqual([]);
  });

  it("is held until the last page, its row asked for again, where that frees time", async () => {
    await exported();
    await sync([ours({ ...times(NOON), updatedAt: when(2), etag: "v2" })]);
    const during: string[][] = [];
    const back = ours({ updatedAt: when(3), etag: "v3" });
    await read([{ items: [back] }, {}, { before: async () => void during.push(await blocked()) }]);
    expect(during).toEqual([[externalId]]);
    expect(await stored()).toEqual([`${externalId} own`]);
    expect(await known()).toMatchObject({ remoteState: "in_place" });
  });
});

describe("what its owner does to it", () => {
  beforeEach(async () => {
    await exported();
    await sync([ours()]);
  });

  it("moved: it blocks where it is now, and its row says so; moved back: all is quiet", async () => {
    await sync([ours({ ...times(NOON), etag: "v2", updatedAt: when(2) })]);
    expect(await blocked()).toEqual([externalId]);
    expect(await known()).toMatchObject({
      remoteState: "moved",
      remoteStart: new Date(NOON.start),
      remoteEnd: new Date(NOON.end),
      remoteSeenAt: clock.now(),
      remoteUpdatedAt: when(2),
      etag: "v2",
      verify: false,
    });
    await sync([ours({ etag: "v3", updatedAt: when(3) })]);
    expect(await blocked()).toEqual([]);
    expect(await known()).toMatchObject({ remoteState: "in_place", remoteStart: null, etag: "v2" });
    expect(await nudges()).toBe(0);
  });

  it("put back, with something to write that had to wait: the exporter is told", async () => {
    await sync([ours({ ...times(NOON), etag: "v2", updatedAt: when(2) })]);
    await database.db
      .update(calendarExportedBookings)
      .set({ wantedSeq: 2 })
      .where(eq(calendarExportedBookings.bookingId, bookingId));
    await sync([ours({ etag: "v3", updatedAt: when(3) })]);
    expect(await nudges()).toBe(1);
  });

  it("edited: noticed also where titles are not kept, and it goes on taking no time", async () => {
    await database.db
      .update(calendarConnections)
      .set({ titles: "busy_only" })
      .where(eq(calendarConnections.id, connectionId));
    clock.advance(26 * 3_600_000);
    await sync([ours()]);
    expect(await known()).toMatchObject({ remoteState: "in_place" });
    await sync([ours({ title: "Dentist", etag: "v2", updatedAt: when(2) })]);
    expect(await known()).toMatchObject({ remoteState: "edited", etag: "v2" });
    expect(await blocked()).toEqual([]);
    const [row] = await database.db
      .select()
      .from(calendarSyncEvents)
      .where(eq(calendarSyncEvents.calendarId, calendarId));
    expect(row?.title).toBeNull();
  });

  it("deleted: somebody must look, nothing is concluded; asked again, it is not asked twice", async () => {
    await sync([removed(externalId), { type: "seriesRemoved", seriesId: externalId }]);
    expect(await known()).toMatchObject({
      remoteState: "in_place",
      verify: true,
      nextAttemptAt: clock.now(),
    });
    expect(await stored()).toEqual([]);
    expect(await nudges()).toBe(1);
    await sync([removed(externalId)]);
    expect(await nudges()).toBe(1);
  });

  it("gone from a full reading without a word: the same", async () => {
    clock.advance(3_600_000);
    await database.db
      .update(calendars)
      .set({ cursor: null, cursorVersion: null })
      .where(eq(calendars.id, calendarId));
    await read([{ items: [upsert("a")] }, {}]);
    expect(await known()).toMatchObject({ remoteState: "in_place", verify: true });
    expect(await nudges()).toBe(1);
  });

  it.each<[string, Partial<typeof calendarExportedBookings.$inferInsert>]>([
    ["lies outside the window", { writtenStart: when(-90), writtenEnd: when(-89) }],
    ["was written after the reading began", { syncedAt: new Date("2026-11-23T10:00:00.000Z") }],
    ["is known to be gone", { remoteState: "deleted" }],
    ["is no longer wanted there", { desired: "absent" }],
    ["was left to its owner", { desired: "left" }],
  ])("asks nothing about one that %s", async (_, more) => {
    await database.db
      .update(calendarExportedBookings)
      .set(more)
      .where(eq(calendarExportedBookings.bookingId, bookingId));
    clock.set("2026-11-23T09:30:00.000Z");
    await database.db
      .update(calendars)
      .set({ cursor: null, cursorVersion: null })
      .where(eq(calendars.id, calendarId));
    await sync([upsert("a")]);
    expect(await known()).toMatchObject({ verify: false });
    expect(await nudges()).toBe(0);
  });

  it("made recurring: occurrences block, and somebody must look at once", async () => {
    const occurrence = (n: number) =>
      upsert(`${externalId}_${n}`, {
        seriesId: externalId,
        iCalUid: `${externalId}@google.com`,
        bookingMarker: bookingId,
        ...times(n === 1 ? TEN : NOON),
      });
    await sync([occurrence(1), occurrence(2)]);
    expect(await blocked()).toEqual([`${externalId}_1`, `${externalId}_2`]);
    expect(await known()).toMatchObject({ verify: true });
  });

  it.each(["source first", "destination first"])(
    "moved to another calendar: relocated, not blocking twice, %s",
    async (order) => {
      const there = () => sync([ours({ etag: "v2", updatedAt: when(2) })], other);
      const gone = () => sync([removed(externalId)]);
      const steps = order === "source first" ? [gone, there] : [there, gone];
      for (const step of steps) await step();
      expect(await known()).toMatchObject({
        remoteState: "relocated",
        remoteStart: new Date(TEN.start),
        verify: false,
      });
      expect(await stored(other)).toEqual([`${externalId} own`]);
      expect(await blocked()).toEqual([]);
    },
  );

  it.each(["source first", "destination first"])(
    "moved to another calendar and another time: it blocks there, %s",
    async (order) => {
      const there = () => sync([ours({ ...times(NOON), etag: "v2", updatedAt: when(2) })], other);
      const gone = () => sync([removed(externalId)]);
      const steps = order === "source first" ? [gone, there] : [there, gone];
      for (const step of steps) await step();
      expect(await known()).toMatchObject({ remoteState: "relocated", remoteStart: new Date(NOON.start) });
      expect(await stored(other)).toEqual([`${externalId} displaced`]);
    },
  );

  it("deleted where it had been moved to, or brought back from there", async () => {
    await sync([removed(externalId)]);
    await sync([ours({ etag: "v2", updatedAt: when(2) })], other);
    await sync([removed(externalId)], other);
    expect(await known()).toMatchObject({ remoteState: "in_place", remoteStart: null, verify: true });
    await sync([ours({ etag: "v3", updatedAt: when(3) })]);
    expect(await known()).toMatchObject({ remoteState: "in_place", verify: false });
  });

  it("invited their other account: the guest's copy is no move", async () => {
    await sync([ours({ etag: "g1", updatedAt: when(2) })], other);
    expect(await known()).toMatchObject({ remoteState: "in_place", etag: "v1" });
    expect(await blocked()).toEqual([]);
  });

  it("is not judged through a calendar shared with an account that is shown less of it", async () => {
    const second = await createConnection(services, person);
    const same = await createCalendar(services, second, person, { externalId: `calendar-${calendarId}` });
    await sync([ours({ title: null, location: null })], same);
    expect(await known()).toMatchObject({ remoteState: "in_place", remoteSeenAt: null });
    expect(await blocked()).toEqual([]);
  });
});

describe("a page that was read before our write and is applied after it", () => {
  it("says nothing, and takes no time", async () => {
    await exported();
    await sync([ours()]);
    const rewrite = async () => {
      await database.db
        .update(bookings)
        .set({ startsAt: new Date(NOON.start), endsAt: new Date(NOON.end) })
        .where(eq(bookings.id, bookingId));
      await database.db
        .update(calendarExportedBookings)
        .set({
          writtenStart: new Date(NOON.start),
          writtenEnd: new Date(NOON.end),
          etag: "v5",
          remoteUpdatedAt: when(5),
        })
        .where(eq(calendarExportedBookings.bookingId, bookingId));
    };
    await read([
      { before: rewrite, items: [ours({ title: "Ours, before", etag: "v3", updatedAt: when(3) })] },
    ]);
    expect(await known()).toMatchObject({ remoteState: "in_place", etag: "v5", remoteUpdatedAt: when(5) });
    expect(await blocked()).toEqual([]);
  });

  it("takes the later of two versions, whichever comes last", async () => {
    await exported();
    const late = ours({ ...times(NOON), etag: "v3", updatedAt: when(3) });
    const early = ours({ title: "Half way", etag: "v2", updatedAt: when(2) });
    await sync([late, early]);
    expect(await known()).toMatchObject({ remoteState: "moved", etag: "v3" });
    await sync([early]);
    expect(await known()).toMatchObject({ remoteState: "moved", etag: "v3" });
  });

  it("leaves a row that the exporter has in hand to be looked at", async () => {
    await exported();
    await database.db.execute(sql`update calendar_exported_bookings
      set lease_until = clock_timestamp() + interval '1 minute' where booking_id = ${bookingId}`);
    await sync([ours({ ...times(NOON), etag: "v2", updatedAt: when(2) })]);
    expect(await known()).toMatchObject({ remoteState: "in_place", verify: true, etag: "v1" });
    expect(await blocked()).toEqual([externalId]);
  });
});

describe("an event of ours on an unreadable day", () => {
  it("is not missed by a full reading that fails half way, which concludes nothing", async () => {
    await exported();
    await sync([ours()]);
    clock.advance(26 * 3_600_000);
    vendor.script({ pages: [{ items: [upsert("a")] }, {}], error: new ProviderError("malformed_response") });
    await syncCalendar(services, calendarId, "schedule");
    expect(vendor.requests.at(-1)?.cursor).toBeNull();
    expect(await known()).toMatchObject({ remoteState: "in_place", verify: false });
    expect(await stored()).toContain(`${externalId} own`);
  });
});

describe("every kind of item", () => {
  it("our event in a series item is judged, and in a doubt it is not", async () => {
    await exported();
    await sync([ours()]);
    const { event } = ours({ ...times(NOON), etag: "v2", updatedAt: when(2) }) as { event: CalendarEvent };
    await sync([{ type: "series", seriesId: "s", occurrences: [event] }]);
    expect(await known()).toMatchObject({ remoteState: "moved" });
    await read([{ items: [{ type: "unsure", externalId }] }]);
    expect(await known()).toMatchObject({ remoteState: "moved" });
    expect(await stored()).toEqual([]);
  });
});

describe("a round that was overtaken", () => {
  it("notices nothing any more", async () => {
    await exported();
    await sync([ours()]);
    const take = async () => {
      await database.db.execute(sql`update calendars set lease_epoch = lease_epoch + 1,
        lease_until = clock_timestamp() + interval '90 seconds' where id = ${calendarId}`);
    };
    const moved = ours({ ...times(NOON), title: "Dentist", etag: "v2", updatedAt: when(2) });
    expect(await read([{ before: take, items: [moved] }])).toMatchObject({ status: "fenced" });
    expect(await known()).toMatchObject({ remoteState: "in_place", etag: "v1" });
  });

  it("keeps what it noticed when a later page fails, and says it once", async () => {
    await exported();
    await sync([ours()]);
    const moved = ours({ ...times(NOON), etag: "v2", updatedAt: when(2) });
    vendor.script({ pages: [{ items: [moved] }], error: new ProviderError("transient") });
    await syncCalendar(services, calendarId, "schedule");
    expect(await known()).toMatchObject({ remoteState: "moved" });
    clock.advance(DAY_MS / 24);
    const seen = (await known()).remoteSeenAt;
    await sync([moved]);
    expect((await known()).remoteSeenAt).toEqual(seen);
  });
});

describe("what it costs", () => {
  it("an idle round no statement more than before, a page with events one", async () => {
    const asked: string[] = [];
    const client = postgres(database.url, { max: 2, onnotice: () => undefined });
    const logger = { logQuery: (query: string) => void asked.push(query) };
    const db = drizzle(client, { logger }) as unknown as Database;
    services = { ...services, db };
    await exported();
    await sync([ours(), upsert("a")]);
    const count = async (work: () => Promise<unknown>) => {
      asked.length = 0;
      await work();
      return asked.length;
    };
    expect(await count(() => sync([]))).toBe(3);
    expect(await count(() => read([{}, {}, {}]))).toBe(5);
    expect(await count(() => sync([ours(), upsert("a")]))).toBe(5);
    expect(await count(() => sync([upsert("a")]))).toBe(5);
    await client.end();
  });
});
