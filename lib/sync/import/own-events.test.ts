import { eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { describe, expect, it } from "vitest";
import type { Database } from "@/db/client";
import { bookings } from "@/db/schema/bookings";
import { calendarExportedBookings } from "@/db/schema/exports";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { ProviderError } from "@/lib/providers/provider-error";
import { createBookingRow, createServiceRow } from "@/tests/support/booking-factories";
import { createExportRow, exportRows, ownEventId } from "@/tests/support/exported";
import { createCalendar, createConnection, createPerson } from "@/tests/support/factories";
import { NOON, ownEventWorld, TEN, times, WORDS, when } from "@/tests/support/own-event-world";
import { upsert } from "@/tests/support/scripted-vendor";

const world = ownEventWorld();
const { read, readPages, sync, blocked, whose, exported, known, ours } = world;

describe("an event of ours that comes back", () => {
  it("takes no time where it was put, beside others that do", async () => {
    await exported();
    await read([ours(), upsert("dentist")]);
    expect(await whose()).toEqual(["dentist foreign", `${world.externalId} own`].sort());
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
    await read([ours()]);
    expect(await blocked()).toEqual([]);
    await world.database.db
      .delete(calendarExportedBookings)
      .where(eq(calendarExportedBookings.bookingId, world.bookingId));
    world.clock.advance(26 * 3_600_000);
    await read([ours()]);
    expect(await whose()).toEqual([`${world.externalId} own`]);
    await read([ours({ ...times(NOON), updatedAt: when(2), etag: "v2" })]);
    expect(await whose()).toEqual([`${world.externalId} displaced`]);
  });

  it("is known by its iCal UID in another calendar, and a duplicate in its own is not", async () => {
    await exported();
    const uid = { iCalUid: `${world.externalId}@google.com`, bookingMarker: world.bookingId };
    await read([upsert("mirror", { ...uid, ...times(TEN) })], world.other);
    await read([ours(), upsert("copy", { ...uid, iCalUid: "copy@google.com", ...times(TEN) })]);
    expect(await blocked()).toEqual(["copy"]);
  });

  it("is known among hundreds on one page as well, be its booking over or ahead", async () => {
    await exported();
    const service = await createServiceRow(world.database.db, world.person.userId);
    const past = { startsAt: when(-100), endsAt: when(-99) };
    const over = await createBookingRow(world.database.db, service, past);
    const words = { ...WORDS, start: past.startsAt.toISOString(), end: past.endsAt.toISOString() };
    await createExportRow(world.services, over, world.place(), words);
    const old = ownEventId(world.services, over, `calendar-${world.calendarId}`);
    const crowd = Array.from({ length: 250 }, (_, index) => upsert(`e${index}`));
    await read([
      ...crowd,
      ours({ bookingMarker: null }),
      upsert(old, { ...times(NOON), bookingMarker: over }),
    ]);
    expect((await whose()).filter((line) => !line.endsWith("foreign"))).toEqual(
      [`${world.externalId} own`, `${old} displaced`].sort(),
    );
    await read([...crowd, upsert("mirror", { iCalUid: `${world.externalId}@google.com` })], world.other);
    expect(await whose(world.other)).toContain("mirror own");
    world.clock.advance(26 * 3_600_000);
    await read(crowd);
    const rows = await exportRows(world.database.db, world.person.userId);
    expect(rows.find((row) => row.bookingId === world.bookingId)).toMatchObject({ verify: true });
  });

  it("is somebody else's in another person's calendar", async () => {
    await exported();
    const stranger = await createPerson(world.database.db);
    const theirs = await createConnection(world.services, stranger);
    const calendar = await createCalendar(world.services, theirs, stranger);
    await read([ours()], calendar);
    expect(await whose(calendar)).toEqual([`${world.externalId} foreign`]);
  });

  it("becomes ours when its row comes after it, though the event is unchanged", async () => {
    await read([ours({ bookingMarker: null })]);
    expect(await blocked()).toEqual([world.externalId]);
    await exported();
    world.clock.advance(26 * 3_600_000);
    expect(await read([ours({ bookingMarker: null })])).toMatchObject({
      counts: { updated: 1, unchanged: 0 },
    });
    expect(await blocked()).toEqual([]);
  });

  it("is held until the last page, its row asked for again, where that frees time", async () => {
    await exported();
    await read([ours({ ...times(NOON), updatedAt: when(2), etag: "v2" })]);
    const during: string[][] = [];
    const back = ours({ updatedAt: when(3), etag: "v3" });
    await readPages([{ items: [back] }, {}, { before: async () => void during.push(await blocked()) }]);
    expect(during).toEqual([[world.externalId]]);
    expect(await whose()).toEqual([`${world.externalId} own`]);
    expect(await known()).toMatchObject({ remoteState: "in_place" });
  });
});

describe("every kind of item", () => {
  it("our event in a series item is judged, and in a doubt it is not", async () => {
    await exported();
    await read([ours()]);
    const { event } = ours({ ...times(NOON), etag: "v2", updatedAt: when(2) }) as { event: CalendarEvent };
    await read([{ type: "series", seriesId: "s", occurrences: [event] }]);
    expect(await known()).toMatchObject({ remoteState: "moved" });
    await readPages([{ items: [{ type: "unsure", externalId: world.externalId }] }]);
    expect(await known()).toMatchObject({ remoteState: "moved" });
    expect(await whose()).toEqual([]);
  });
});

describe("a page that was read before our write and is applied after it", () => {
  it("says nothing, and takes no time", async () => {
    await exported();
    await read([ours()]);
    const rewrite = async () => {
      await world.database.db
        .update(bookings)
        .set({ startsAt: new Date(NOON.start), endsAt: new Date(NOON.end) })
        .where(eq(bookings.id, world.bookingId));
      await world.database.db
        .update(calendarExportedBookings)
        .set({
          writtenStart: new Date(NOON.start),
          writtenEnd: new Date(NOON.end),
          etag: "v5",
          remoteUpdatedAt: when(5),
        })
        .where(eq(calendarExportedBookings.bookingId, world.bookingId));
    };
    await readPages([
      { before: rewrite, items: [ours({ title: "Ours, before", etag: "v3", updatedAt: when(3) })] },
    ]);
    expect(await known()).toMatchObject({ remoteState: "in_place", etag: "v5", remoteUpdatedAt: when(5) });
    expect(await blocked()).toEqual([]);
  });

  it("takes the later of two versions, whichever comes last", async () => {
    await exported();
    const late = ours({ ...times(NOON), etag: "v3", updatedAt: when(3) });
    const early = ours({ title: "Half way", etag: "v2", updatedAt: when(2) });
    await read([late, early]);
    expect(await known()).toMatchObject({ remoteState: "moved", etag: "v3" });
    await read([early]);
    expect(await known()).toMatchObject({ remoteState: "moved", etag: "v3" });
  });

  it("leaves a row that the exporter has in hand to be looked at", async () => {
    await exported();
    await world.database.db.execute(sql`update calendar_exported_bookings
      set lease_until = clock_timestamp() + interval '1 minute' where booking_id = ${world.bookingId}`);
    await read([ours({ ...times(NOON), etag: "v2", updatedAt: when(2) })]);
    expect(await known()).toMatchObject({ remoteState: "in_place", verify: true, etag: "v1" });
    expect(await blocked()).toEqual([world.externalId]);
  });
});

describe("an event of ours on an unreadable day", () => {
  it("is not missed by a full reading that fails half way, which concludes nothing", async () => {
    await exported();
    await read([ours()]);
    world.clock.advance(26 * 3_600_000);
    world.vendor.script({
      pages: [{ items: [upsert("a")] }, {}],
      error: new ProviderError("malformed_response"),
    });
    await sync();
    expect(world.vendor.requests.at(-1)?.cursor).toBeNull();
    expect(await known()).toMatchObject({ remoteState: "in_place", verify: false });
    expect(await whose()).toContain(`${world.externalId} own`);
  });
});

describe("a round that was overtaken", () => {
  it("notices nothing any more", async () => {
    await exported();
    await read([ours()]);
    const moved = ours({ ...times(NOON), title: "Dentist", etag: "v2", updatedAt: when(2) });
    expect(await readPages([{ before: world.takeOver, items: [moved] }])).toMatchObject({ status: "fenced" });
    expect(await known()).toMatchObject({ remoteState: "in_place", etag: "v1" });
  });

  it("keeps what it noticed when a later page fails, and says it once", async () => {
    await exported();
    await read([ours()]);
    const moved = ours({ ...times(NOON), etag: "v2", updatedAt: when(2) });
    world.vendor.script({ pages: [{ items: [moved] }], error: new ProviderError("transient") });
    await sync();
    expect(await known()).toMatchObject({ remoteState: "moved" });
    world.clock.advance(3_600_000);
    const seen = (await known()).remoteSeenAt;
    await read([moved]);
    expect((await known()).remoteSeenAt).toEqual(seen);
  });
});

describe("what it costs", () => {
  it("an idle round no statement more than before, a page with events one", async () => {
    const asked: string[] = [];
    const client = postgres(world.database.url, { max: 2, onnotice: () => undefined });
    const logger = { logQuery: (query: string) => void asked.push(query) };
    const db = drizzle(client, { logger }) as unknown as Database;
    world.services = { ...world.services, db };
    await exported();
    await read([ours(), upsert("a")]);
    const count = async (work: () => Promise<unknown>) => {
      asked.length = 0;
      await work();
      return asked.length;
    };
    expect(await count(() => read([]))).toBe(3);
    expect(await count(() => readPages([{}, {}, {}]))).toBe(5);
    expect(await count(() => read([ours(), upsert("a")]))).toBe(5);
    expect(await count(() => read([upsert("a")]))).toBe(5);
    await client.end();
  });
});
