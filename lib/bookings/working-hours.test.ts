import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bookings } from "@/db/schema/bookings";
import { auditLog } from "@/db/schema/work";
import { loadSchedule } from "@/lib/bookings/schedule";
import { createTimeOff } from "@/lib/bookings/time-off";
import { listTimeOff } from "@/lib/bookings/time-off-list";
import { USUAL_WEEK } from "@/lib/bookings/usual-week";
import { getWorkingHours, putWorkingHours } from "@/lib/bookings/working-hours";
import type { Ctx } from "@/lib/organizations/context";
import { getMe } from "@/lib/organizations/me";
import { createBookingRow, createServiceRow } from "@/tests/support/booking-factories";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createPerson, type Person, testClock } from "@/tests/support/factories";

const NOW = testClock().now();
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

let person: Person;
let ctx: Ctx;
beforeEach(async () => {
  person = await createPerson(database.db);
  ctx = person.ctx(NOW);
});

const MORNING = [{ from: "08:00", to: "12:00" }];

describe("working hours", () => {
  it("are the usual week until somebody chooses", async () => {
    expect(await getWorkingHours(ctx)).toEqual({
      timeZone: "Europe/Paris",
      weekly: USUAL_WEEK,
      exceptions: [],
    });
  });

  it("are what was put, in order; days the week does not name are off; what is not given stays", async () => {
    const exceptions = [
      { date: "2026-12-31", ranges: [{ from: "09:00", to: "12:00" }] },
      { date: "2026-12-24", ranges: [] },
    ];
    const afternoonFirst = [{ from: "13:00", to: "24:00" }, { from: "12:00", to: "13:00" }, ...MORNING];
    const weekly = { mon: afternoonFirst, sun: MORNING };
    const put = await putWorkingHours(ctx, { timeZone: "europe/paris", weekly, exceptions });
    expect(put).toEqual({
      timeZone: "Europe/Paris",
      weekly: { mon: afternoonFirst.toReversed(), tue: [], wed: [], thu: [], fri: [], sat: [], sun: MORNING },
      exceptions: exceptions.toReversed(),
    });
    expect(await getWorkingHours(ctx)).toEqual(put);
    expect(await putWorkingHours(ctx, { exceptions: [] })).toEqual({ ...put, exceptions: [] });
    expect(await putWorkingHours(ctx, put)).toEqual(put);
  });

  it("are nobody else's", async () => {
    await putWorkingHours(ctx, { weekly: { mon: MORNING } });
    const other = (await createPerson(database.db)).ctx(NOW);
    expect((await getWorkingHours(other)).weekly).toEqual(USUAL_WEEK);
  });

  it("are not overwritten by somebody who has not seen them", async () => {
    const seen = await getWorkingHours(ctx);
    const wish = { ...seen, weekly: { ...seen.weekly, mon: MORNING } };
    const both = await Promise.allSettled([
      putWorkingHours(ctx, wish, seen),
      putWorkingHours(ctx, { ...wish, exceptions: [{ date: "2026-12-24", ranges: [] }] }, seen),
    ]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(both).toContainEqual({
      status: "rejected",
      reason: expect.objectContaining({ code: "version_conflict" }),
    });
    const now = await getWorkingHours(ctx);
    // However they are written: what counts is what they say.
    const same = { exceptions: now.exceptions, weekly: now.weekly, timeZone: now.timeZone };
    await putWorkingHours(ctx, { weekly: { tue: MORNING } }, same);
    await expect(putWorkingHours(ctx, {}, same)).rejects.toMatchObject({ code: "version_conflict" });
  });

  it("leave a trail", async () => {
    await putWorkingHours(ctx, { timeZone: "Asia/Kathmandu" });
    const rows = await database.db.select().from(auditLog).where(eq(auditLog.userId, person.userId));
    expect(rows).toMatchObject([
      {
        action: "working_hours.changed",
        details: { fields: ["timeZone"], timeZone: ["Europe/Paris", "Asia/Kathmandu"] },
      },
    ]);
  });
});

describe("a provider who travels", () => {
  it("takes hours and whole days off along; bookings and hours off stay the moments they are", async () => {
    const service = await createServiceRow(database.db, person.userId);
    const time = { startsAt: new Date("2026-11-25T09:00:00Z"), endsAt: new Date("2026-11-25T10:00:00Z") };
    const bookingId = await createBookingRow(database.db, service, time);
    await createTimeOff(ctx, { allDay: true, startDate: "2026-11-26", endDate: "2026-11-27" });
    await createTimeOff(ctx, { start: "2026-11-25T14:00:00Z", end: "2026-11-25T15:00:00Z" });

    const before = await getWorkingHours(ctx);
    expect(await putWorkingHours(ctx, { ...before, timeZone: "Asia/Tokyo" })).toEqual({
      ...before,
      timeZone: "Asia/Tokyo",
    });
    expect((await getMe(ctx)).timeZone).toBe("Asia/Tokyo");
    const [booking] = await database.db.select().from(bookings).where(eq(bookings.id, bookingId));
    expect(booking).toMatchObject({ ...time, timeZone: "Europe/Paris", version: 1 });
    const range = { from: new Date("2026-11-24T00:00:00Z"), to: new Date("2026-11-28T00:00:00Z") };
    expect(await listTimeOff(ctx, range, 10)).toMatchObject([
      { allDay: false, start: "2026-11-25T14:00:00.000Z" },
      { allDay: true, start: "2026-11-25T15:00:00.000Z", end: "2026-11-26T15:00:00.000Z" },
    ]);
    const { working } = await loadSchedule(database.db, {
      userId: person.userId,
      service,
      range: { start: new Date("2026-11-24T15:00:00Z"), end: new Date("2026-11-25T14:00:00Z") },
    });
    expect(working).toEqual([
      { start: new Date("2026-11-25T00:00:00Z"), end: new Date("2026-11-25T08:00:00Z") },
    ]);
  });
});

describe("hours that cannot be are refused by field", () => {
  const many = (length: number) =>
    Array.from({ length }, (_, n) => ({
      from: `${String(n).padStart(2, "0")}:00`,
      to: `${String(n).padStart(2, "0")}:30`,
    }));
  const days = (length: number) =>
    Array.from({ length }, (_, n) => ({
      date: new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10),
      ranges: [],
    }));
  it.each([
    ["timeZone", { timeZone: "Mars/Olympus" }],
    ["timeZone", { timeZone: "+02:00" }],
    ["timeZone", { timeZone: "Romance Standard Time" }],
    ["weekly", { weekly: [] }],
    ["weekly.mon", { weekly: { mon: null } }],
    ["weekly.mon", { weekly: { mon: many(13) } }],
    ["weekly.mon.0.from", { weekly: { mon: [{ from: "9:00", to: "17:00" }] } }],
    ["weekly.mon.0.from", { weekly: { mon: [{ from: "24:00", to: "24:00" }] } }],
    ["weekly.mon.0.from", { weekly: { mon: [{ from: "09:60", to: "17:00" }] } }],
    ["weekly.mon.0.to", { weekly: { mon: [{ from: "09:00", to: "24:30" }] } }],
    ["weekly.mon.0.to", { weekly: { mon: [{ from: "09:00", to: "09:00" }] } }],
    ["weekly.mon.0.to", { weekly: { mon: [{ from: "22:00", to: "06:00" }] } }],
    ["weekly.mon.0", { weekly: { mon: ["09:00-17:00"] } }],
    [
      "weekly.tue.1.from",
      {
        weekly: {
          tue: [
            { from: "09:00", to: "12:00" },
            { from: "11:59", to: "13:00" },
          ],
        },
      },
    ],
    [
      "weekly.tue.0.from",
      {
        weekly: {
          tue: [
            { from: "11:59", to: "13:00" },
            { from: "09:00", to: "12:00" },
          ],
        },
      },
    ],
    ["exceptions.0.date", { exceptions: [{ date: "2026-02-30", ranges: [] }] }],
    ["exceptions.0.date", { exceptions: [{ date: "0001-01-01", ranges: [] }] }],
    ["exceptions.0.ranges", { exceptions: [{ date: "2026-02-28" }] }],
    ["exceptions.1.date", { exceptions: [...days(1), ...days(1)] }],
    ["exceptions", { exceptions: days(401) }],
  ])("%s of %j", async (path, body) => {
    const refused = { code: "invalid_input", fields: [expect.objectContaining({ path })] };
    await expect(putWorkingHours(ctx, body as never)).rejects.toMatchObject(refused);
    expect((await getWorkingHours(ctx)).weekly).toEqual(USUAL_WEEK);
  });

  it.each([{ userId: "someone" }, { weekly: { someday: [] } }])("unknown fields: %j", async (body) => {
    await expect(putWorkingHours(ctx, body as never)).rejects.toMatchObject({ code: "invalid_input" });
  });

  it("takes as much as is allowed", async () => {
    const { exceptions } = await putWorkingHours(ctx, { weekly: { mon: many(12) }, exceptions: days(400) });
    expect(exceptions).toHaveLength(400);
  });
});
