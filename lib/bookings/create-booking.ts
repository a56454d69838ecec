import { bookSlot } from "@/lib/bookings/book-slot";
import { loadBookableService } from "@/lib/bookings/bookable-service";
import { type BookingInput, bookingInput } from "@/lib/bookings/booking-input";
import type { BookingView } from "@/lib/bookings/booking-view";
import { readBooking } from "@/lib/bookings/list-bookings";
import type { Services } from "@/lib/connections/services";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { parseInput } from "@/lib/platform/parse-input";

/**
 * Books a slot of one of the caller's services for a client. Throws `invalid_input` (also for a start in the past, off
 * the grid, outside working hours or too soon), `range_too_far`, `not_found` for the service, `slot_unavailable` with
 * the nearest free slots, or `calendar_not_ready`. What comes again under its `requestKey` is the booking it made, also
 * when the process that made it died before it could answer.
 */
export async function createBooking(
  services: Services,
  ctx: Ctx,
  input: BookingInput,
  requestKey: string | null = null,
): Promise<BookingView> {
  requireScope(ctx, "write");
  const wish = parseInput(bookingInput, input, "This booking cannot be made.");
  const service = await loadBookableService(ctx.db, ctx, wish.serviceId);
  return readBooking(ctx, await bookSlot(services, ctx, { ...wish, requestKey }, service));
}
