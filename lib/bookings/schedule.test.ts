import { describe, expect, it } from "vitest";
import { openDatabase } from "@/db/client";
import { workingHours } from "@/db/schema/bookings";
import { calendarExportedBookings } from "@/db/schema/exports";
import { timeOff } from "@/db/schema/time-off";
import { loadSchedule, loadTrustedSchedule, readFreshness } from "@/lib/bookings/schedule";
import { USUAL_WEEK } from "@/lib/bookings/usual-week";
import { freeSlots, judgeSlot } from "@/lib/calendar/slots";
import type { TimeRange } from "@/lib/calendar/time-range";
import { newId } from "@/lib/platform/ids";
import { createBookingRow, createEventRow, createServiceRow } from "@/tests/support/booking-factories";
import { calendarWorld, NOW } from "@/tests/support/calendar-world";
import { createCalendar, createConnection, createPerson } from "@/tests/support/factories";

const world = calendarWorld({ syncedThrough: NOW });

/** Paris time of Tuesday, 24 November 2026. */
const at = (time: string, date = "2026-11-24") => new Date(`${date}T${time}:00+01:00`);
const range = (from: string, to: string): TimeRange => ({ start: at(from), end: at(to) });
const DAY = { start: at("00:00"), end: at("00:00", "2026-11-25") };
const event = (from: string, to: string, overrides = {}) =>
  createEventRow(
    world.database.db,
    { userId: world.person.userId, calendarId: world.calendarId, startsAt: at(from), endsAt: at(to) },
    overrides,
  );
const local = (slots: readonly TimeRange[]) =>
  slots.map(({ start }) => new Date(start.getTime() + 3_600_000).toISOString().slice(11, 16));

describe("a schedule", () => {
  it("merges in the database what blocks, by events and by hand, and keeps bookings with their buffers apart", async () => {
    const service = await createServiceRow(world.database.db, world.person.userId, {
      bufferBeforeMinutes: 10,
    });
    await event("10:00", "11:00");
    await event("10:30", "11:30");
    await event("11:30", "12:00");
    await event("13:00", "13:30", { response: "declined" });
    await event("14:00", "14:30", { own: true });
    await world.database.db.insert(timeOff).values({
      id: newId(NOW),
      userId: world.person.userId,
      allDay: false,
      startsAt: at("15:00"),
      endsAt: at("16:00"),
      createdAt: NOW,
    });
    await createBookingRow(world.database.db, service, {
      startsAt: at("08:00"),
      endsAt: at("09:00"),
      bufferAfterMinutes: 20,
    });
    await createBookingRow(world.database.db, service, {
      startsAt: at("12:30"),
      endsAt: at("13:00"),
      status: "cancelled",
      cancelledAt: NOW,
    });
    const schedule = await loadSchedule(world.database.db, {
      userId: world.person.userId,
      service,
      range: DAY,
    });
    expect(schedule).toEqual({
      rules: service,
      working: [range("09:00", "17:00")],
      busy: [range("10:00", "12:00"), range("15:00", "16:00")],
      booked: [{ range: range("08:00", "09:00"), bufferBeforeMinutes: 0, bufferAfterMinutes: 20 }],
    });
    expect(local(freeSlots(schedule, DAY, NOW))).toEqual([
      "12:15",
      "12:30",
      "12:45",
      "13:00",
      "13:15",
      "13:30",
      "13:45",
      "14:00",
    ]);
  });

  it("closes gaps too short for the service and its buffers, and leaves one that just holds it", async () => {
    const service = await createServiceRow(world.database.db, world.person.userId, {
      durationMinutes: 50,
      bufferBeforeMinutes: 5,
      bufferAfterMinutes: 5,
    });
    await event("10:00", "11:00");
    await event("11:59", "13:00");
    await event("14:00", "15:00");
    const schedule = await loadSchedule(world.database.db, {
      userId: world.person.userId,
      service,
      range: DAY,
    });
    expect(schedule.busy).toEqual([range("10:00", "13:00"), range("14:00", "15:00")]);
    expect(judgeSlot(schedule, at("13:05"), NOW).ok).toBe(false); // Off the grid of a quarter of an hour.
    const finer = { ...schedule, rules: { ...schedule.rules, slotStepMinutes: 5 } };
    expect(judgeSlot(finer, at("13:05"), NOW)).toEqual({ ok: true });
    expect(judgeSlot(finer, at("11:05"), NOW)).toEqual({ ok: false, reason: "busy" });
  });

  it("takes in what was read live", async () => {
    const service = await createServiceRow(world.database.db, world.person.userId);
    await event("10:00", "11:00");
    const alsoBusy = [range("10:30", "11:30"), range("09:00", "09:15")];
    const { busy } = await loadSchedule(world.database.db, {
      userId: world.person.userId,
      service,
      range: DAY,
      alsoBusy,
    });
    expect(busy).toEqual([range("09:00", "09:15"), range("10:00", "11:30")]);
  });

  it("lets a booking that is moved pass its own time and its own displaced event, and nobody else's", async () => {
    const service = await createServiceRow(world.database.db, world.person.userId);
    const bookingId = await createBookingRow(world.database.db, service, {
      startsAt: at("10:00"),
      endsAt: at("11:00"),
    });
    const { externalId } = await event("12:00", "13:00", { displaced: true });
    await world.database.db.insert(calendarExportedBookings).values({
      id: newId(NOW),
      bookingId,
      userId: world.person.userId,
      connectionId: world.connectionId,
      provider: "google",
      calendarId: world.calendarId,
      calendarExternalId: "main",
      desired: "present",
      externalId,
      nextAttemptAt: NOW,
      createdAt: NOW,
    });
    const wish = { userId: world.person.userId, service, range: DAY };
    const fixed = await loadSchedule(world.database.db, wish);
    expect(judgeSlot(fixed, at("10:30"), NOW)).toEqual({ ok: false, reason: "booked" });
    expect(judgeSlot(fixed, at("12:30"), NOW)).toEqual({ ok: false, reason: "busy" });
    const moving = await loadSchedule(world.database.db, { ...wish, exceptBookingId: bookingId });
    expect(judgeSlot(moving, at("10:30"), NOW)).toEqual({ ok: true });
    expect(judgeSlot(moving, at("12:30"), NOW)).toEqual({ ok: true });
    const other = await loadSchedule(world.database.db, { ...wish, exceptBookingId: newId(NOW) });
    expect(judgeSlot(other, at("12:30"), NOW)).toEqual({ ok: false, reason: "busy" });
  });

  it("of a narrow range judges like that of a wide one, on the same grid", async () => {
    const service = await createServiceRow(world.database.db, world.person.userId, {
      slotStepMinutes: 25,
      bufferAfterMinutes: 60,
      bufferBeforeMinutes: 60,
    });
    await event("07:00", "08:20");
    await event("12:00", "13:00");
    await createBookingRow(world.database.db, service, {
      startsAt: at("17:10"),
      endsAt: at("18:00"),
      bufferBeforeMinutes: 90,
    });
    const wide = await loadSchedule(world.database.db, { userId: world.person.userId, service, range: DAY });
    for (let minutes = 0; minutes < 1_440; minutes += 5) {
      const start = new Date(DAY.start.getTime() + minutes * 60_000);
      const narrow = await loadSchedule(world.database.db, {
        userId: world.person.userId,
        service,
        range: { start, end: new Date(start.getTime() + 60_000) },
      });
      expect([start, judgeSlot(narrow, start, NOW)]).toEqual([start, judgeSlot(wide, start, NOW)]);
    }
  });

  it("follows the person's own hours, in their zone", async () => {
    const service = await createServiceRow(world.database.db, world.person.userId);
    const weekly = { ...USUAL_WEEK, tue: [{ from: "22:00", to: "24:00" }] };
    const exceptions = [{ date: "2026-11-25", ranges: [{ from: "00:00", to: "02:00" }] }];
    await world.database.db
      .insert(workingHours)
      .values({ userId: world.person.userId, weekly, exceptions, updatedAt: NOW });
    const { working } = await loadSchedule(world.database.db, {
      userId: world.person.userId,
      service,
      range: DAY,
    });
    expect(working).toEqual([{ start: at("22:00"), end: at("01:00", "2026-11-25") }]);
  });

  it("costs one statement, with its freshness too", async () => {
    const statements: string[] = [];
    const counted = openDatabase(world.database.url, {
      max: 1,
      onStatement: (text) => statements.push(text),
    });
    const service = await createServiceRow(world.database.db, world.person.userId);
    const wish = { userId: world.person.userId, service, range: DAY };
    await loadSchedule(counted.db, wish);
    expect(statements).toHaveLength(1);
    await loadTrustedSchedule(counted.db, wish, NOW);
    expect(statements).toHaveLength(2);
    await counted.close();
  });

  it("of nobody is not found", async () => {
    const service = await createServiceRow(world.database.db, world.person.userId);
    const wish = { userId: newId(NOW), service, range: DAY };
    await expect(loadSchedule(world.database.db, wish)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("freshness", () => {
  it("names every calendar that blocks, and no other", async () => {
    const stale = new Date(NOW.getTime() - 3_600_000);
    const old = await world.addCalendar({ syncedThrough: stale });
    const unread = await world.addCalendar();
    await world.addCalendar({ selected: false });
    const off = await createConnection(world.services, world.person, { importEnabled: false });
    const leaving = await createConnection(world.services, world.person, { disconnectingAt: NOW });
    for (const id of [off, leaving]) await createCalendar(world.services, id, world.person);
    const other = await createPerson(world.database.db);
    await createCalendar(world.services, await createConnection(world.services, other), other);
    const found = await readFreshness(world.database.db, world.person.userId, NOW);
    expect(found).toHaveLength(3);
    expect(found).toEqual(
      expect.arrayContaining([
        { calendarId: world.calendarId, state: "fresh", syncedAt: NOW.toISOString() },
        { calendarId: old, state: "stale", syncedAt: stale.toISOString() },
        { calendarId: unread, state: "unknown", syncedAt: null },
      ]),
    );
    const service = await createServiceRow(world.database.db, world.person.userId);
    const wish = { userId: world.person.userId, service, range: DAY };
    expect((await loadTrustedSchedule(world.database.db, wish, NOW)).freshness).toEqual(found);
  });

  it("is nothing for somebody without calendars", async () => {
    const { userId } = await createPerson(world.database.db);
    expect(await readFreshness(world.database.db, userId, NOW)).toEqual([]);
  });
});
