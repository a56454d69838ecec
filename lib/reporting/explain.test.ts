import { beforeEach, describe, expect, it } from "vitest";
import { calendarExportedBookings } from "@/db/schema/exports";
import { loadSchedule } from "@/lib/bookings/schedule";
import { createService, loadOwnService } from "@/lib/bookings/services";
import { createTimeOff } from "@/lib/bookings/time-off";
import { putWorkingHours } from "@/lib/bookings/working-hours";
import { judgeSlot } from "@/lib/calendar/slots";
import type { TimeRange } from "@/lib/calendar/time-range";
import type { Ctx } from "@/lib/organizations/context";
import { newId } from "@/lib/platform/ids";
import { explainInterval } from "@/lib/reporting/explain";
import { createBookingRow, createEventRow, createServiceRow } from "@/tests/support/booking-factories";
import { calendarWorld, NOW } from "@/tests/support/calendar-world";
import { createCalendar, createConnection } from "@/tests/support/factories";

const world = calendarWorld({ syncedThrough: NOW });

let ctx: Ctx;
beforeEach(() => {
  ctx = world.person.ctx(NOW);
});

/** Paris time of Tuesday, 24 November 2026. */
const at = (time: string, date = "2026-11-24") => new Date(`${date}T${time}:00+01:00`);
const range = (from: string, to: string): TimeRange => ({ start: at(from), end: at(to) });
const event = (from: string, to: string, overrides = {}, calendar = world.calendarId) =>
  createEventRow(
    world.database.db,
    { userId: world.person.userId, calendarId: calendar, startsAt: at(from), endsAt: at(to) },
    overrides,
  );
const explain = (from: string, to: string, serviceId?: string) =>
  explainInterval(ctx, { time: range(from, to), serviceId });
const codes = async (from: string, to: string, serviceId?: string) => {
  const { free, reasons } = await explain(from, to, serviceId);
  expect(free).toBe(!reasons.some(({ blocks }) => blocks));
  return reasons.map(({ code }) => code);
};

describe("why an event blocks, or not", () => {
  it.each([
    ["event_busy", {}, false],
    ["event_tentative", { status: "tentative" }, false],
    ["event_unanswered", { response: "needs_action" }, false],
    ["event_override_busy", { showAs: "free", override: true }, false],
    ["event_declined", { response: "declined" }, true],
    ["event_marked_free", { showAs: "free" }, true],
    ["event_working_elsewhere", { showAs: "working_elsewhere" }, true],
    ["event_override_free", { override: false }, true],
    ["event_own", { own: true }, true],
  ] as const)("%s", async (code, overrides, free) => {
    const { externalId } = await event("10:00", "11:00", overrides);
    expect(await explain("10:30", "11:30")).toMatchObject({
      free,
      reasons: [
        {
          code,
          blocks: !free,
          source: "external",
          subject: "Meeting",
          externalEventId: externalId,
          calendarId: world.calendarId,
        },
      ],
    });
    expect(await explain("11:00", "11:30")).toEqual({ free: true, reasons: [] });
  });

  it("by the settings of its account", async () => {
    const settings = { tentative: "ignore", allDayEvents: "always_block" } as const;
    const account = await createConnection(world.services, world.person, settings);
    const calendar = await createCalendar(world.services, account, world.person, { syncedThrough: NOW });
    await event("10:00", "11:00", { response: "tentative" }, calendar);
    expect(await codes("10:00", "11:00")).toEqual(["event_tentative_ignored"]);
    const day = { startDate: "2026-11-24", endDate: "2026-11-25", showAs: "free", title: null };
    const place = { userId: world.person.userId, calendarId: calendar };
    const whole = { startsAt: at("00:00"), endsAt: at("00:00", "2026-11-25") };
    await createEventRow(world.database.db, { ...place, ...whole }, day);
    const { free, reasons } = await explain("10:00", "11:00");
    expect([free, reasons.map(({ code, title, fix }) => [code, title, fix?.action])]).toEqual([
      false,
      [
        [
          "event_all_day_setting",
          "An event in “Work” is marked free, blocked by your setting for all-day events",
          "override_event",
        ],
      ],
    ]);
  });

  it("an event without length, where it stands", async () => {
    await event("10:00", "10:00");
    expect(await codes("10:00", "11:00")).toEqual(["event_zero_length"]);
    expect(await codes("09:00", "10:00")).toEqual([]);
  });

  it("whose account or calendar does not count says so", async () => {
    const off = await createConnection(world.services, world.person, { importEnabled: false });
    const calendar = await createCalendar(world.services, off, world.person);
    await event("10:00", "11:00", {}, calendar);
    const unchecked = await world.addCalendar({ selected: false });
    await event("12:00", "13:00", {}, unchecked);
    expect((await explain("10:00", "11:00")).reasons).toMatchObject([
      { code: "import_off", fix: { action: "enable_import", integrationId: off } },
    ]);
    expect((await explain("12:00", "13:00")).reasons).toMatchObject([
      { code: "calendar_unchecked", fix: { action: "check_calendar", calendarId: unchecked } },
    ]);
  });

  it("a booking's event that its owner moved blocks where it is now", async () => {
    const service = await createServiceRow(world.database.db, world.person.userId);
    const bookingId = await createBookingRow(world.database.db, service, {
      startsAt: at("09:00"),
      endsAt: at("10:00"),
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
    expect(await explain("12:00", "13:00")).toMatchObject({
      free: false,
      reasons: [{ code: "event_displaced", bookingId, externalEventId: externalId, fix: null }],
    });
  });

  it("whatever its title holds, stays one sentence", async () => {
    await event("10:00", "11:00", { title: "$& <b>{event}</b> $1" });
    const [found] = (await explain("10:00", "11:00")).reasons;
    expect(found?.title).toBe("“$& <b>{event}</b> $1” is in your calendar");
  });
});

describe("why time is not offered", () => {
  it("outside the weekly hours, or those of a single day", async () => {
    const exceptions = [{ date: "2026-11-25", ranges: [{ from: "10:00", to: "12:00" }] }];
    await putWorkingHours(ctx, { exceptions });
    expect((await explain("16:30", "17:30")).reasons).toMatchObject([
      {
        code: "outside_weekly_hours",
        source: "working_hours",
        title: "2026-11-24 is outside your weekly hours (09:00–17:00, Europe/Paris)",
        learnedAt: NOW.toISOString(),
        fix: { action: "change_working_hours" },
      },
    ]);
    const time = { start: at("09:00", "2026-11-25"), end: at("10:00", "2026-11-25") };
    expect((await explainInterval(ctx, { time })).reasons).toMatchObject([
      {
        code: "outside_exception_hours",
        title: expect.stringContaining("the hours you set for this day (10:00–12:00"),
      },
    ]);
    const long = { start: at("09:00"), end: at("09:00", "2026-12-24") };
    expect((await explainInterval(ctx, { time: long })).reasons).toHaveLength(14);
  });

  it("time off, by its title", async () => {
    const { id } = await createTimeOff(ctx, {
      title: "Sport",
      start: at("10:00").toISOString(),
      end: at("11:00").toISOString(),
    });
    expect(await explain("10:00", "11:00")).toMatchObject({
      free: false,
      reasons: [
        {
          code: "time_off",
          title: "“Sport” was blocked by hand",
          source: "manual",
          fix: { action: "delete_time_off", id },
        },
      ],
    });
  });

  it("a booking, and the time kept free around it", async () => {
    const service = await createServiceRow(world.database.db, world.person.userId, { name: "Massage" });
    const bookingId = await createBookingRow(world.database.db, service, {
      startsAt: at("10:00"),
      endsAt: at("11:00"),
      bufferAfterMinutes: 15,
    });
    expect((await explain("10:30", "11:30")).reasons).toMatchObject([
      { code: "booking", bookingId, subject: "Massage", source: "booking" },
    ]);
    expect(await codes("11:00", "12:00")).toEqual(["booking_buffer"]);
    expect(await codes("11:15", "12:00")).toEqual([]);
  });

  it("what lies in the buffers of the service that is asked about", async () => {
    const buffers = { bufferBeforeMinutes: 30, bufferAfterMinutes: 30, slotStepMinutes: 5 };
    const { id } = await createService(ctx, { name: "Visit", durationMinutes: 60, ...buffers });
    const service = await loadOwnService(world.database.db, world.person.userId, id);
    await event("09:40", "10:00");
    await event("09:40", "10:00", { response: "declined" });
    await createBookingRow(world.database.db, service, { startsAt: at("11:20"), endsAt: at("12:00") });
    expect(await codes("10:00", "11:00", id)).toEqual(["service_buffer", "service_buffer"]);
    expect(await codes("10:00", "11:00")).toEqual([]);
  });

  it("the rules: the past, notice, horizon, grid", async () => {
    const { id } = await createService(ctx, {
      name: "Visit",
      durationMinutes: 60,
      noticeMinutes: 25 * 60,
      slotStepMinutes: 60,
      horizonDays: 2,
    });
    const fix = { action: "change_service", serviceId: id };
    expect((await explain("10:00", "11:00", id)).reasons).toMatchObject([
      { code: "notice", source: "rule", fix },
    ]);
    expect(await codes("13:10", "14:10", id)).toEqual(["off_grid"]);
    const past = { start: at("09:00", "2026-11-23"), end: at("10:00", "2026-11-23") };
    expect((await explainInterval(ctx, { time: past })).reasons).toMatchObject([{ code: "past", fix: null }]);
    const far = { start: at("11:00", "2026-11-26"), end: at("12:00", "2026-11-26") };
    expect((await explainInterval(ctx, { time: far, serviceId: id })).reasons).toMatchObject([
      { code: "too_far" },
    ]);
    const unread = { start: at("11:00", "2027-03-01"), end: at("12:00", "2027-03-01") };
    expect((await explainInterval(ctx, { time: unread })).reasons).toMatchObject([{ code: "too_far" }]);
  });

  it("a calendar that was never read blocks; one read long ago is named", async () => {
    const stale = await world.addCalendar({ syncedThrough: new Date(NOW.getTime() - 3_600_000) });
    expect(await explain("10:00", "11:00")).toMatchObject({
      free: true,
      reasons: [
        {
          code: "calendar_stale",
          blocks: false,
          calendarId: stale,
          fix: { action: "sync", integrationId: world.connectionId },
        },
      ],
    });
    const unread = await world.addCalendar();
    expect(await explain("10:00", "11:00")).toMatchObject({
      free: false,
      reasons: [
        { code: "calendar_unknown", blocks: true, calendarId: unread, learnedAt: null },
        { code: "calendar_stale" },
      ],
    });
  });
});

it("agrees with the judgement of slots on every place of a day", async () => {
  const made = await createService(ctx, {
    name: "Visit",
    durationMinutes: 45,
    bufferBeforeMinutes: 10,
    bufferAfterMinutes: 20,
    slotStepMinutes: 25,
    noticeMinutes: 60,
  });
  const service = await loadOwnService(world.database.db, world.person.userId, made.id);
  await event("10:00", "10:20");
  await event("12:30", "13:00", { response: "declined" });
  await event("13:00", "13:30", { status: "tentative" });
  await createTimeOff(ctx, { start: at("15:00").toISOString(), end: at("15:10").toISOString() });
  await createBookingRow(world.database.db, service, {
    startsAt: at("11:30"),
    endsAt: at("12:00"),
    bufferBeforeMinutes: 30,
  });
  const day = { start: at("00:00"), end: at("00:00", "2026-11-25") };
  const schedule = await loadSchedule(world.database.db, {
    userId: world.person.userId,
    service,
    range: day,
  });
  for (let minute = 7 * 60; minute < 19 * 60; minute += 5) {
    const start = new Date(day.start.getTime() + minute * 60_000);
    const time = { start, end: new Date(start.getTime() + 45 * 60_000) };
    const { free } = await explainInterval(ctx, { time, serviceId: made.id });
    expect([start, free]).toEqual([start, judgeSlot(schedule, start, NOW).ok]);
  }
});
