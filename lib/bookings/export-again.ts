import { and, eq, ne, sql } from "drizzle-orm";
import { announce } from "@/db/live";
import { enqueue } from "@/db/outbox";
import { bookings } from "@/db/schema/bookings";
import { calendarExportedBookings as exported } from "@/db/schema/exports";
import { withProviderTime } from "@/db/transaction";
import type { BookingView } from "@/lib/bookings/booking-view";
import { readBooking } from "@/lib/bookings/list-bookings";
import { planExports } from "@/lib/connections/plan-exports";
import type { Services } from "@/lib/connections/services";
import { recordAudit } from "@/lib/organizations/audit";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";

/**
 * Writes a booking to the calendars again, whatever its owner did to its events there, and tries what failed at once:
 * for a cancelled one, the removal. Events that are no longer kept up (`left`) stay as they are.
 */
export async function exportBookingAgain(_services: Services, ctx: Ctx, id: string): Promise<BookingView> {
  requireScope(ctx, "write");
  if (!isId(id)) throw notFound("booking");
  await withProviderTime(ctx.db, ctx.userId, async (tx) => {
    const own = and(eq(bookings.id, id), eq(bookings.userId, ctx.userId));
    const [booking] = await tx.select({ id: bookings.id }).from(bookings).where(own);
    if (booking === undefined) throw notFound("booking");
    await planExports(tx, { userId: ctx.userId, bookingIds: [id], touch: false }, ctx.now);
    const rows = await tx
      .update(exported)
      .set({
        wantedSeq: sql`${exported.wantedSeq} + 1`,
        contentHash: null, // Written over whatever is there, also where nothing of ours changed.
        remoteState: "in_place",
        remoteStart: null,
        remoteEnd: null,
        verify: false,
        attempts: 0,
        nextAttemptAt: ctx.now,
        errorCode: null,
        errorAt: null,
      })
      .where(and(eq(exported.bookingId, id), eq(exported.userId, ctx.userId), ne(exported.desired, "left")))
      .returning({ connectionId: exported.connectionId });
    for (const connectionId of new Set(rows.flatMap((row) => row.connectionId ?? []))) {
      await enqueue(tx, { name: "connection/exports.due", data: { connectionId } }, ctx.now);
    }
    await recordAudit(tx, ctx, { action: "booking.export_requested", subject: { type: "booking", id } });
    await announce(tx, ctx.userId, ["bookings"]);
  });
  return readBooking(ctx, id);
}
