import { z } from "zod";
import { reasonField } from "@/lib/bookings/booking-input";
import { applyCancellation } from "@/lib/bookings/cancel-booking";
import { applyChange } from "@/lib/bookings/change-booking";
import { type ClientBooking, readClientBooking } from "@/lib/bookings/public-booking";
import { visitByLink } from "@/lib/bookings/public-gate";
import type { Services } from "@/lib/connections/services";
import { instantField } from "@/lib/platform/instant-field";
import { parseInput } from "@/lib/platform/parse-input";

const moveInput = z.strictObject({ start: instantField });
const clientCancellation = z.strictObject({ reason: reasonField });

/** The booking behind a link, a cancelled one too. Changes nothing: mail programs open links before people do. */
export async function findBookingByLink(
  services: Services,
  token: string,
  now: Date,
): Promise<ClientBooking> {
  const visit = await visitByLink(services, token, now);
  return readClientBooking(visit, visit.bookingId);
}

/** Moves the booking behind a link. Throws `not_found`, `conflict` once it is cancelled or has begun, and as booking. */
export async function moveByLink(
  services: Services,
  token: string,
  input: z.input<typeof moveInput>,
  now: Date,
): Promise<ClientBooking> {
  const visit = await visitByLink(services, token, now);
  const { start } = parseInput(moveInput, input, "This time cannot be used.");
  await applyChange(services, visit.ctx, visit.bookingId, { start });
  return readClientBooking(visit, visit.bookingId);
}

/** Cancels the booking behind a link. Throws `not_found`, and `conflict` once it is cancelled or has begun. */
export async function cancelByLink(
  services: Services,
  token: string,
  input: z.input<typeof clientCancellation>,
  now: Date,
): Promise<ClientBooking> {
  const visit = await visitByLink(services, token, now);
  const { reason } = parseInput(clientCancellation, input, "This booking cannot be cancelled like that.");
  await applyCancellation(visit.ctx, visit.bookingId, { reason: reason ?? null, again: "refuse" });
  return readClientBooking(visit, visit.bookingId);
}
