import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { services as offers } from "@/db/schema/bookings";
import { cancelBooking } from "@/lib/bookings/cancel-booking";
import { listBookings } from "@/lib/bookings/list-bookings";
import { getMoveAvailability } from "@/lib/bookings/move-availability";
import { bookingWorld, minutesAfter, NOW, SLOT } from "@/tests/support/booking-world";

const world = bookingWorld();
const { book } = world;

it("offers a booking its own time and what touches it, and none that another one has", async () => {
  const provider = await world.provider();
  const booking = await book(provider);
  const other = await book(provider, { start: minutesAfter(SLOT, 120) });
  const { slots } = await getMoveAvailability(provider.ctx(), booking.id);
  const starts = slots.map(({ start }) => start);
  expect(starts).toContain(SLOT);
  expect(starts).toContain(minutesAfter(SLOT, 15));
  expect(starts).not.toContain(other.start);
});

it("keeps to the length it was booked with, also when its service is deleted", async () => {
  const provider = await world.provider();
  const booking = await book(provider);
  await world.database.db
    .update(offers)
    .set({ durationMinutes: 15, deletedAt: NOW })
    .where(eq(offers.id, provider.service.id));
  const { slots, horizonDays } = await getMoveAvailability(provider.ctx(), booking.id);
  expect(slots[0]).toMatchObject({ end: minutesAfter(slots[0]?.start ?? "", 60) });
  expect(horizonDays).toBe(92);
});

it("has nothing for a cancelled booking, or for somebody else", async () => {
  const provider = await world.provider();
  const stranger = await world.provider();
  const booking = await book(provider);
  await expect(getMoveAvailability(stranger.ctx(), booking.id)).rejects.toMatchObject({ code: "not_found" });
  await cancelBooking(world.services, provider.ctx(), booking.id);
  await expect(getMoveAvailability(provider.ctx(), booking.id)).rejects.toMatchObject({ code: "conflict" });
});

it("lists bookings that are over from the latest on, page by page", async () => {
  const provider = await world.provider();
  const starts = [0, 60, 120].map((minutes) => minutesAfter(SLOT, minutes));
  for (const start of starts) await book(provider, { start });
  const past = { endedBy: new Date(minutesAfter(SLOT, 150)), latestFirst: true };
  const first = await listBookings(provider.ctx(), past, { limit: 1, cursor: null });
  expect(first.data.map(({ start }) => start)).toEqual([starts[1]]);
  const second = await listBookings(provider.ctx(), past, { limit: 5, cursor: first.nextCursor });
  expect(second.data.map(({ start }) => start)).toEqual([starts[0]]);
  expect(second.nextCursor).toBeNull();
});
