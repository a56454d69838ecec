import { and, eq } from "drizzle-orm";
import type { z } from "zod";
import { announce } from "@/db/live";
import { bookings } from "@/db/schema/bookings";
import { withProviderTime } from "@/db/transaction";
import { cancellationInput } from "@/lib/bookings/booking-input";
import type { BookingRow, BookingView } from "@/lib/bookings/booking-view";
import { readBooking } from "@/lib/bookings/list-bookings";
import { oweBookingMails } from "@/lib/bookings/owe-mail";
import { planExports } from "@/lib/connections/plan-exports";
import type { Services } from "@/lib/connections/services";
import { recordAudit } from "@/lib/organizations/audit";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { AppError, notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { parseInput } from "@/lib/platform/parse-input";

type Cancellation = z.input<typeof cancellationInput>;

/**
 * Cancels one of the caller's bookings, until it is over: a provider may still break off one that has begun. Cancelling
 * it twice is no fault and does nothing. Throws `conflict` for one that is over, `not_found` for none.
 */
export async function cancelBooking(
  _services: Services,
  ctx: Ctx,
  id: string,
  input: Cancellation = {},
): Promise<BookingView> {
  requireScope(ctx, "write");
  const { reason } = parseInput(cancellationInput, input, "This booking cannot be cancelled like that.");
  await applyCancellation(ctx, id, { reason: reason ?? null, again: "ignore" });
  return readBooking(ctx, id);
}

/** As `cancelBooking`, for callers whose right was judged otherwise. A client may only before it begins. */
export async function applyCancellation(
  ctx: Ctx,
  id: string,
  { reason, again }: { reason: string | null; again: "ignore" | "refuse" },
): Promise<void> {
  if (!isId(id)) throw notFound("booking");
  const by = ctx.actor.type === "client" ? "client" : "provider";
  const own = and(eq(bookings.id, id), eq(bookings.userId, ctx.userId));
  await withProviderTime(ctx.db, ctx.userId, async (tx) => {
    const [before] = await tx.select().from(bookings).where(own);
    if (before === undefined) throw notFound("booking");
    if (before.status === "cancelled") {
      if (again === "ignore") return;
      throw new AppError("conflict", "This booking is already cancelled.");
    }
    refuseOver(before, by, ctx.now);
    const version = before.version + 1;
    await tx
      .update(bookings)
      .set({
        status: "cancelled",
        version,
        updatedAt: ctx.now,
        cancelledAt: ctx.now,
        cancelledBy: by,
        cancelReason: reason || null,
      })
      .where(own);
    await planExports(tx, { userId: ctx.userId, bookingIds: [id], touch: false }, ctx.now);
    await oweBookingMails(tx, { booking: { ...before, version }, event: "cancelled", by }, ctx.now);
    const details = { version, by };
    await recordAudit(tx, ctx, { action: "booking.cancelled", subject: { type: "booking", id }, details });
    await announce(tx, ctx.userId, ["bookings", "calendar"]);
  });
}

function refuseOver({ startsAt, endsAt }: BookingRow, by: "client" | "provider", now: Date): void {
  if (by === "client" && startsAt <= now) {
    throw new AppError("conflict", "This booking has begun, so it can no longer be cancelled.");
  }
  if (endsAt <= now) throw new AppError("conflict", "This booking is over.");
}
