import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { calendarExportedBookings } from "@/db/schema/exports";
import { outbox } from "@/db/schema/work";
import { cancelBooking } from "@/lib/bookings/cancel-booking";
import { exportBookingAgain } from "@/lib/bookings/export-again";
import { getBooking } from "@/lib/bookings/list-bookings";
import { bookingWorld, minutesAfter, NOW, type Provider, SLOT } from "@/tests/support/booking-world";

const world = bookingWorld();
const LATER = "2026-11-24T13:00:00.000Z";
const { book } = world;
const cancel = (provider: Provider, id: string, now = NOW) =>
  cancelBooking(world.services, provider.ctx(now), id, { reason: "ill" });

describe("writing a booking to the calendar again", () => {
  it("overrules what its owner did to the event, and tries at once what failed", async () => {
    const { provider, connectionId } = await world.exporting();
    const made = await book(provider);
    await world.written(made.id, "ent4", made);
    await world.database.db
      .update(calendarExportedBookings)
      .set({
        remoteState: "moved",
        remoteStart: NOW,
        remoteEnd: new Date(LATER),
        verify: true,
        attempts: 7,
        errorCode: "transient",
        errorAt: NOW,
        nextAttemptAt: new Date(LATER),
      })
      .where(eq(calendarExportedBookings.bookingId, made.id));
    await world.database.db.delete(outbox);
    const again = await exportBookingAgain(world.services, provider.ctx(), made.id);
    expect(again.exports).toMatchObject([{ status: "pending", error: null }]);
    expect((await world.exportsOf(made.id))[0]).toMatchObject({
      remoteState: "in_place",
      remoteStart: null,
      verify: false,
      attempts: 0,
      errorCode: null,
      wantedSeq: 2,
      doneSeq: 1,
      nextAttemptAt: NOW,
    });
    const nudges = await world.database.db.select().from(outbox);
    expect(nudges).toMatchObject([{ name: "connection/exports.due", data: { connectionId } }]);
  });

  it("leaves alone what is no longer kept up, and is no fault where nothing is exported", async () => {
    const { provider } = await world.exporting();
    const made = await book(provider);
    await world.database.db.execute(`update calendar_connections set export_enabled = false
      where user_id = '${provider.userId}'`);
    await world.database.db
      .update(calendarExportedBookings)
      .set({ desired: "left", remoteState: "edited" })
      .where(eq(calendarExportedBookings.bookingId, made.id));
    await exportBookingAgain(world.services, provider.ctx(), made.id);
    expect((await world.exportsOf(made.id))[0]).toMatchObject({
      desired: "left",
      remoteState: "edited",
      wantedSeq: 1,
    });
    const plain = await world.provider();
    const other = await book(plain);
    expect(await exportBookingAgain(world.services, plain.ctx(), other.id)).toMatchObject({ exports: [] });
  });

  it("where bookings are no longer added it says that it is kept up no more, until it is over", async () => {
    const { provider } = await world.exporting();
    const made = await book(provider);
    await world.written(made.id, "event-1", { start: SLOT, end: minutesAfter(SLOT, 60) });
    await world.database.db
      .update(calendarExportedBookings)
      .set({ desired: "left" })
      .where(eq(calendarExportedBookings.bookingId, made.id));
    const read = async (now: Date) => (await getBooking(provider.ctx(now), made.id)).exports;
    expect(await read(NOW)).toMatchObject([{ status: "synced", error: { code: "no_longer_updated" } }]);
    const after = new Date(minutesAfter(SLOT, 60));
    expect(await read(after)).toMatchObject([{ status: "synced", error: null }]);
  });

  it("of a booking that is over waits for nothing any more", async () => {
    const { provider } = await world.exporting();
    const made = await book(provider);
    const read = (now: Date) => getBooking(provider.ctx(now), made.id);
    expect(await read(NOW)).toMatchObject({ exports: [{ status: "pending" }] });
    expect(await read(new Date(minutesAfter(SLOT, 60)))).toMatchObject({ exports: [{ status: "removed" }] });
  });

  it("of a cancelled booking tries the removal again", async () => {
    const { provider } = await world.exporting();
    const made = await book(provider);
    await cancel(provider, made.id);
    await exportBookingAgain(world.services, provider.ctx(), made.id);
    expect((await world.exportsOf(made.id))[0]).toMatchObject({ desired: "absent", wantedSeq: 3 });
  });
});
