import { type Availability, availableSlots, slotRange } from "@/lib/bookings/availability";
import { loadForChange, rulesOf } from "@/lib/bookings/change-booking";
import { horizonEnd } from "@/lib/calendar/slots";
import { type Ctx, requireScope } from "@/lib/organizations/context";

/** Where one of the caller's bookings can be moved to. */
export interface MoveAvailability extends Availability {
  horizonDays: number;
}

/**
 * The free times a booking of the caller's may move to, up to its service's horizon: with the length and buffers it
 * was made with, and not in its own way. Throws `not_found`, and `conflict` for one that is cancelled or has begun.
 */
export async function getMoveAvailability(ctx: Ctx, id: string): Promise<MoveAvailability> {
  requireScope(ctx, "read");
  const service = rulesOf(await loadForChange(ctx.db, ctx, id, { moves: true }));
  const range = slotRange(service, { to: horizonEnd(service, ctx.now) }, ctx.now);
  const wish = { userId: ctx.userId, service, range, exceptBookingId: id };
  return { ...(await availableSlots(ctx.db, wish, ctx.now)), horizonDays: service.horizonDays };
}
