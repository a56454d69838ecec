import { eq } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { calendarExportedBookings } from "@/db/schema/exports";
import { outbox } from "@/db/schema/work";
import { chooseTarget } from "@/lib/connections/choose-target";
import { getConnection } from "@/lib/connections/queries";
import { requestExports } from "@/lib/connections/request-exports";
import { updateSettings } from "@/lib/connections/settings";
import { newId } from "@/lib/platform/ids";
import { createBookingRow, createServiceRow } from "@/tests/support/booking-factories";
import { calendarWorld } from "@/tests/support/calendar-world";
import { exportRows } from "@/tests/support/exported";
import { createCalendar, createConnection, createPerson } from "@/tests/support/factories";

const world = calendarWorld({ isPrimary: true });
const { ctx } = world;

let second: string;
let privately: string;
beforeEach(async () => {
  second = await createConnection(world.services, world.person);
  privately = await createCalendar(world.services, second, world.person, { isPrimary: true });
  const service = await createServiceRow(world.database.db, world.person.userId);
  await createBookingRow(world.database.db, service, {
    startsAt: new Date("2026-11-24T09:00:00Z"),
    endsAt: new Date("2026-11-24T10:00:00Z"),
  });
  await choose(world.connectionId, world.calendarId);
  // As an exporter leaves it.
  await world.database.db
    .update(calendarExportedBookings)
    .set({ doneSeq: 1, externalId: newId(world.clock.now()), contentHash: "c" })
    .where(eq(calendarExportedBookings.userId, world.person.userId));
});
const choose = (connectionId: string, calendarId: string) =>
  chooseTarget(world.services, ctx(), { connectionId, calendarId });
const settings = async (id: string) => {
  const { exportEnabled, targetCalendarId } = (await getConnection(world.services, ctx(), id)).settings;
  return { exportEnabled, targetCalendarId };
};
const wanted = async () =>
  Object.fromEntries(
    (await exportRows(world.database.db, world.person.userId)).map((row) => [row.calendarId, row.desired]),
  );
const waiting = async () =>
  (await exportRows(world.database.db, world.person.userId)).filter(
    ({ wantedSeq, doneSeq }) => wantedSeq > doneSeq,
  ).length;

it("moves the bookings to come into the calendar of another account, and out of the one before", async () => {
  await choose(second, privately);
  expect(await settings(world.connectionId)).toEqual({
    exportEnabled: false,
    targetCalendarId: world.calendarId,
  });
  expect(await settings(second)).toEqual({ exportEnabled: true, targetCalendarId: privately });
  expect(await wanted()).toEqual({ [world.calendarId]: "absent", [privately]: "present" });
  expect(await waiting()).toBe(2);
  const nudged = await world.database.db
    .select()
    .from(outbox)
    .where(eq(outbox.name, "connection/exports.due"));
  expect(nudged.map(({ data }) => data)).toEqual(
    expect.arrayContaining([{ connectionId: world.connectionId }, { connectionId: second }]),
  );
});

it("goes on removing from the account before, whatever is planned meanwhile", async () => {
  await choose(second, privately);
  await updateSettings(world.services, ctx(), second, { exportDetails: "minimal" });
  expect(await wanted()).toEqual({ [world.calendarId]: "absent", [privately]: "present" });
  await choose(world.connectionId, world.calendarId);
  expect(await wanted(), "what was never written needs no removal").toEqual({
    [world.calendarId]: "present",
    [privately]: "left",
  });
});

it("leaves what is there when bookings shall go nowhere, and takes it up again later", async () => {
  await chooseTarget(world.services, ctx(), null);
  expect(await settings(world.connectionId)).toMatchObject({ exportEnabled: false });
  expect(await wanted()).toEqual({ [world.calendarId]: "left" });
  expect(await waiting()).toBe(0);
  await choose(world.connectionId, world.calendarId);
  expect(await wanted()).toEqual({ [world.calendarId]: "present" });
});

it("is one answer: an account that took bookings as well no longer does", async () => {
  await updateSettings(world.services, ctx(), second, { exportEnabled: true, targetCalendarId: privately });
  expect(await wanted()).toEqual({ [world.calendarId]: "present", [privately]: "present" });
  await choose(world.connectionId, world.calendarId);
  expect(await settings(second)).toMatchObject({ exportEnabled: false });
  expect((await wanted())[world.calendarId]).toBe("present");
});

it("changes nothing for a calendar that is read-only, unknown or another's", async () => {
  const readOnly = await createCalendar(world.services, second, world.person, { canWrite: false });
  await expect(choose(second, readOnly)).rejects.toMatchObject({ code: "invalid_input" });
  await expect(choose(second, newId(world.clock.now()))).rejects.toMatchObject({ code: "not_found" });
  const stranger = await createPerson(world.database.db);
  await expect(
    chooseTarget(world.services, stranger.ctx(world.clock.now()), {
      connectionId: world.connectionId,
      calendarId: world.calendarId,
    }),
  ).rejects.toMatchObject({ code: "not_found" });
  expect(await settings(world.connectionId)).toEqual({
    exportEnabled: true,
    targetCalendarId: world.calendarId,
  });
  expect(await wanted()).toEqual({ [world.calendarId]: "present" });
});

it("tries again at once what failed, but not before a time the vendor named", async () => {
  const later = new Date(world.clock.now().getTime() + 3_600_000);
  const fail = (errorCode: string) =>
    world.database.db
      .update(calendarExportedBookings)
      .set({
        wantedSeq: 2,
        doneSeq: 1,
        attempts: 5,
        errorCode,
        errorAt: world.clock.now(),
        nextAttemptAt: later,
      })
      .where(eq(calendarExportedBookings.userId, world.person.userId));
  const row = async () => (await exportRows(world.database.db, world.person.userId))[0];
  await fail("transient");
  expect(await requestExports(world.services, ctx(), world.connectionId)).toBe(1);
  expect(await row()).toMatchObject({ attempts: 0, errorCode: null, nextAttemptAt: world.clock.now() });
  await fail("rate_limited");
  await requestExports(world.services, ctx(), world.connectionId);
  expect(await row()).toMatchObject({ errorCode: "rate_limited", nextAttemptAt: later });
  const stranger = await createPerson(world.database.db);
  await expect(
    requestExports(world.services, stranger.ctx(world.clock.now()), world.connectionId),
  ).rejects.toMatchObject({
    code: "not_found",
  });
});
