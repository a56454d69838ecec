"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_session/action";
import { bookingChange, bookingInput } from "@/lib/bookings/booking-input";
import { cancelBooking } from "@/lib/bookings/cancel-booking";
import { changeBooking } from "@/lib/bookings/change-booking";
import { createBooking } from "@/lib/bookings/create-booking";
import { exportBookingAgain } from "@/lib/bookings/export-again";

const id = z.uuid();

export const book = action(bookingInput, async ({ ctx, services, input }) => {
  const booking = await createBooking(services, ctx, input);
  revalidatePath("/bookings", "layout");
  return { id: booking.id };
});

export const change = action(z.object({ id, change: bookingChange }), async ({ ctx, services, input }) => {
  await changeBooking(services, ctx, input.id, input.change);
  revalidatePath("/bookings", "layout");
});

export const cancel = action(
  z.object({ id, reason: z.string().max(2_000) }),
  async ({ ctx, services, input }) => {
    await cancelBooking(services, ctx, input.id, { reason: input.reason || null });
    revalidatePath("/bookings", "layout");
  },
);

export const exportAgain = action(z.object({ id }), async ({ ctx, services, input }) => {
  await exportBookingAgain(services, ctx, input.id);
  revalidatePath("/bookings", "layout");
});
