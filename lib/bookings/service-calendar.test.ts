import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { calendarSyncLogs } from "@/db/schema/calendars";
import { calendarExportedBookings } from "@/db/schema/exports";
import { outbox } from "@/db/schema/work";
import { createService, loadOwnService, updateService } from "@/lib/bookings/services";
import { planExports } from "@/lib/connections/plan-exports";
import type { Ctx } from "@/lib/organizations/context";
import { newId } from "@/lib/platform/ids";
import { createBookingRow } from "@/tests/support/booking-factories";
import { bookingWorld, NOW } from "@/tests/support/booking-world";
import { createCalendar, createConnection, createPerson, type Person } from "@/tests/support/factories";

const world = bookingWorld();
const HOUR_MS = 3_600_000;

let person: Person;
let ctx: Ctx;
beforeEach(async () => {
  person = await createPerson(world.database.db);
  ctx = person.ctx(NOW);
});
const fault = (path: string) => ({ code: "invalid_input", fields: [expect.objectContaining({ path })] });

describe("the calendar of a service", () => {
  const visit = (targetCalendarId: string | null) => ({
    name: "Visit",
    durationMinutes: 30,
    targetCalendarId,
  });

  it("is one of the caller's own that can be written", async () => {
    const connection = await createConnection(world.services, person);
    const own = await createCalendar(world.services, connection, person);
    const readOnly = await createCalendar(world.services, connection, person, { canWrite: false });
    const leaving = await createConnection(world.services, person, { disconnectingAt: NOW });
    const lost = await createCalendar(world.services, leaving, person);
    const other = await createPerson(world.database.db);
    const foreign = await createCalendar(
      world.services,
      await createConnection(world.services, other),
      other,
    );
    const made = await createService(ctx, visit(own));
    expect(made.targetCalendarId).toBe(own);
    for (const id of [foreign, lost, newId(NOW), "calendar"]) {
      await expect(createService(ctx, visit(id))).rejects.toMatchObject({ code: "not_found" });
      await expect(updateService(ctx, made.id, { targetCalendarId: id })).rejects.toMatchObject({
        code: "not_found",
      });
    }
    await expect(createService(ctx, visit(readOnly))).rejects.toMatchObject(fault("targetCalendarId"));
  });

  it("is read from the moment it is chosen, and no longer than that", async () => {
    const connection = await createConnection(world.services, person);
    const [first, second] = [
      await createCalendar(world.services, connection, person, { selected: false, changeSeq: 0 }),
      await createCalendar(world.services, connection, person, { selected: false, changeSeq: 0 }),
    ];
    const runs = async () => {
      const rows = await world.database.db.select().from(calendarSyncLogs).orderBy(calendarSyncLogs.seq);
      return rows
        .filter(({ connectionId }) => connectionId === connection)
        .map(({ calendarId, status }) => [calendarId, status]);
    };
    const made = await createService(ctx, visit(first));
    expect(await runs()).toEqual([[first, "running"]]);
    const nudges = (await world.database.db.select().from(outbox)).filter(({ data }) =>
      JSON.stringify(data).includes(connection),
    );
    expect(nudges.map(({ name }) => name)).toEqual(["connection/watches.due", "calendar/sync.requested"]);
    await updateService(ctx, made.id, { name: "Call", targetCalendarId: first });
    expect(await runs()).toEqual([[first, "running"]]);
    await updateService(ctx, made.id, { targetCalendarId: second });
    expect(await runs()).toEqual([
      [first, "cancelled"],
      [second, "running"],
    ]);
    await updateService(ctx, made.id, { targetCalendarId: null });
    expect((await runs()).map(([, status]) => status)).toEqual(["cancelled", "cancelled"]);
  });

  it("when changed takes the events of bookings that are not over along; a new name is written to them", async () => {
    const connection = await createConnection(world.services, person);
    const [first, second] = [
      await createCalendar(world.services, connection, person),
      await createCalendar(world.services, connection, person),
    ];
    const made = await createService(ctx, visit(first));
    const service = await loadOwnService(world.database.db, person.userId, made.id);
    const book = (hours: number) => {
      const startsAt = new Date(NOW.getTime() + hours * HOUR_MS);
      return createBookingRow(world.database.db, service, {
        startsAt,
        endsAt: new Date(startsAt.getTime() + HOUR_MS),
      });
    };
    const [past, coming] = [await book(-5), await book(5)];
    await world.database.db.transaction((tx) =>
      planExports(tx, { userId: person.userId, touch: false }, NOW),
    );
    const rows = async (bookingId: string) =>
      (
        await world.database.db
          .select()
          .from(calendarExportedBookings)
          .where(eq(calendarExportedBookings.bookingId, bookingId))
      ).map(({ calendarId, desired, wantedSeq }) => [calendarId, desired, wantedSeq]);
    expect(await rows(coming)).toEqual([[first, "present", 1]]);

    await updateService(ctx, made.id, { name: "Call" });
    expect(await rows(coming)).toEqual([[first, "present", 2]]);
    await updateService(ctx, made.id, { durationMinutes: 60, active: false });
    expect(await rows(coming)).toEqual([[first, "present", 2]]);

    await world.database.db.delete(outbox);
    await updateService(ctx, made.id, { targetCalendarId: second });
    expect((await rows(coming)).filter(([, desired]) => desired === "present")).toEqual([
      [second, "present", 1],
    ]);
    expect(await rows(past)).toEqual([]);
    expect((await world.database.db.select().from(outbox)).map(({ name }) => name)).toContain(
      "connection/exports.due",
    );
  });
});
