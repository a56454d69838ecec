import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { calendarExportedBookings } from "@/db/schema/exports";
import { outbox } from "@/db/schema/work";
import { chooseTarget } from "@/lib/connections/choose-target";
import { getConnection } from "@/lib/connections/queries";
import { requestExports } from "@/lib/connections/request-exports";
import type { Services } from "@/lib/connections/services";
import { updateSettings } from "@/lib/connections/settings";
import { newId } from "@/lib/platform/ids";
import { createBookingRow, createServiceRow } from "@/tests/support/booking-factories";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { exportRows } from "@/tests/support/exported";
import {
  createCalendar,
  createConnection,
  createPerson,
  type Person,
  testClock,
  testServices,
} from "@/tests/support/factories";
import { scriptedVendor } from "@/tests/support/scripted-vendor";

const clock = testClock();
let database: TestDatabase;
let services: Services;
beforeAll(async () => {
  database = await createTestDatabase();
  services = testServices(database.db, [scriptedVendor().provider], { clock });
});
afterAll(() => database.drop());

let person: Person;
let first: string;
let second: string;
let practice: string;
let privately: string;
beforeEach(async () => {
  person = await createPerson(database.db);
  first = await createConnection(services, person);
  second = await createConnection(services, person);
  practice = await createCalendar(services, first, person, { isPrimary: true });
  privately = await createCalendar(services, second, person, { isPrimary: true });
  const service = await createServiceRow(database.db, person.userId);
  await createBookingRow(database.db, service, {
    startsAt: new Date("2026-11-24T09:00:00Z"),
    endsAt: new Date("2026-11-24T10:00:00Z"),
  });
  await choose(first, practice);
  // As an exporter leaves it.
  await database.db
    .update(calendarExportedBookings)
    .set({ doneSeq: 1, externalId: newId(clock.now()), contentHash: "c" })
    .where(eq(calendarExportedBookings.userId, person.userId));
});

const ctx = () => person.ctx(clock.now());
const choose = (connectionId: string, calendarId: string) =>
  chooseTarget(services, ctx(), { connectionId, calendarId });
const settings = async (id: string) => {
  const { exportEnabled, targetCalendarId } = (await getConnection(services, ctx(), id)).settings;
  return { exportEnabled, targetCalendarId };
};
const wanted = async () =>
  Object.fromEntries(
    (await exportRows(database.db, person.userId)).map((row) => [row.calendarId, row.desired]),
  );
const waiting = async () =>
  (await exportRows(database.db, person.userId)).filter(({ wantedSeq, doneSeq }) => wantedSeq > doneSeq)
    .length;

it("moves the bookings to come into the calendar of another account, and out of the one before", async () => {
  await choose(second, privately);
  expect(await settings(first)).toEqual({ exportEnabled: false, targetCalendarId: practice });
  expect(await settings(second)).toEqual({ exportEnabled: true, targetCalendarId: privately });
  expect(await wanted()).toEqual({ [practice]: "absent", [privately]: "present" });
  expect(await waiting()).toBe(2);
  const nudged = await database.db.select().from(outbox).where(eq(outbox.name, "connection/exports.due"));
  expect(nudged.map(({ data }) => data)).toEqual(
    expect.arrayContaining([{ connectionId: first }, { connectionId: second }]),
  );
});

it("goes on removing from the account before, whatever is planned meanwhile", async () => {
  await choose(second, privately);
  await updateSettings(services, ctx(), second, { exportDetails: "minimal" });
  expect(await wanted()).toEqual({ [practice]: "absent", [privately]: "present" });
  await choose(first, practice);
  expect(await wanted(), "what was never written needs no removal").toEqual({
    [practice]: "present",
    [privately]: "left",
  });
});

it("leaves what is there when bookings shall go nowhere, and takes it up again later", async () => {
  await chooseTarget(services, ctx(), null);
  expect(await settings(first)).toMatchObject({ exportEnabled: false });
  expect(await wanted()).toEqual({ [practice]: "left" });
  expect(await waiting()).toBe(0);
  await choose(first, practice);
  expect(await wanted()).toEqual({ [practice]: "present" });
});

it("is one answer: an account that took bookings as well no longer does", async () => {
  await updateSettings(services, ctx(), second, { exportEnabled: true, targetCalendarId: privately });
  expect(await wanted()).toEqual({ [practice]: "present", [privately]: "present" });
  await choose(first, practice);
  expect(await settings(second)).toMatchObject({ exportEnabled: false });
  expect((await wanted())[practice]).toBe("present");
});

it("changes nothing for a calendar that is read-only, unknown or another's", async () => {
  const readOnly = await createCalendar(services, second, person, { canWrite: false });
  await expect(choose(second, readOnly)).rejects.toMatchObject({ code: "invalid_input" });
  await expect(choose(second, newId(clock.now()))).rejects.toMatchObject({ code: "not_found" });
  const stranger = await createPerson(database.db);
  await expect(
    chooseTarget(services, stranger.ctx(clock.now()), { connectionId: first, calendarId: practice }),
  ).rejects.toMatchObject({ code: "not_found" });
  expect(await settings(first)).toEqual({ exportEnabled: true, targetCalendarId: practice });
  expect(await wanted()).toEqual({ [practice]: "present" });
});

it("tries again at once what failed, but not before a time the vendor named", async () => {
  const later = new Date(clock.now().getTime() + 3_600_000);
  const fail = (errorCode: string) =>
    database.db
      .update(calendarExportedBookings)
      .set({ wantedSeq: 2, doneSeq: 1, attempts: 5, errorCode, errorAt: clock.now(), nextAttemptAt: later })
      .where(eq(calendarExportedBookings.userId, person.userId));
  const row = async () => (await exportRows(database.db, person.userId))[0];
  await fail("transient");
  expect(await requestExports(services, ctx(), first)).toBe(1);
  expect(await row()).toMatchObject({ attempts: 0, errorCode: null, nextAttemptAt: clock.now() });
  await fail("rate_limited");
  await requestExports(services, ctx(), first);
  expect(await row()).toMatchObject({ errorCode: "rate_limited", nextAttemptAt: later });
  const stranger = await createPerson(database.db);
  await expect(requestExports(services, stranger.ctx(clock.now()), first)).rejects.toMatchObject({
    code: "not_found",
  });
});
