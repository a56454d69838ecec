import { and, eq } from "drizzle-orm";
import type { z } from "zod";
import type { Db, Tx } from "@/db/client";
import { announce } from "@/db/live";
import { bookings, services as offers } from "@/db/schema/bookings";
import { withProviderTime } from "@/db/transaction";
import { type BookingChange, bookingChange } from "@/lib/bookings/booking-input";
import type { BookingRow, BookingView } from "@/lib/bookings/booking-view";
import { readBooking } from "@/lib/bookings/list-bookings";
import { type MailEvent, oweBookingMails } from "@/lib/bookings/owe-mail";
import { takeTime } from "@/lib/bookings/take-time";
import type { SlotRules } from "@/lib/calendar/slots";
import { planExports } from "@/lib/connections/plan-exports";
import type { Services } from "@/lib/connections/services";
import { recordAudit } from "@/lib/organizations/audit";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { AppError, notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { parseInput } from "@/lib/platform/parse-input";

/**
 * Moves or edits one of the caller's bookings. It keeps its id, its duration, its buffers and its price; its version
 * rises by one. Throws as `createBooking` does, `version_conflict` when somebody changed it since, and `conflict` for
 * a cancelled one or for moving one that has begun.
 */
export async function changeBooking(
  services: Services,
  ctx: Ctx,
  id: string,
  input: BookingChange,
): Promise<BookingView> {
  requireScope(ctx, "write");
  await applyChange(services, ctx, id, parseInput(bookingChange, input, "This change cannot be made."));
  return readBooking(ctx, id);
}

type Change = z.output<typeof bookingChange>;

/** As `changeBooking`, for callers whose right was judged otherwise. */
export async function applyChange(services: Services, ctx: Ctx, id: string, change: Change): Promise<void> {
  const known = await loadChangeable(ctx.db, ctx, id, change);
  const start = change.start === undefined ? known.booking.startsAt : new Date(change.start);
  if (start.getTime() === known.booking.startsAt.getTime()) {
    const stayed = await withProviderTime(ctx.db, ctx.userId, async (tx) => {
      const { booking } = await loadChangeable(tx, ctx, id, change);
      if (change.start !== undefined && booking.startsAt.getTime() !== start.getTime()) return false;
      await write(tx, ctx, booking, editsOf(change));
      return true;
    });
    // Somebody moved it between the look and the lock: then this is a move back.
    return stayed ? undefined : applyChange(services, ctx, id, change);
  }
  await takeTime<true, BookingRow>(
    services,
    ctx,
    { rules: rulesOf(known), start, exceptBookingId: id },
    {
      prepare: async (tx) => {
        const again = await loadChangeable(tx, ctx, id, change);
        return { found: again.booking, rules: rulesOf(again) };
      },
      write: async (tx, current, { slot, receipt }) => {
        const moved = { startsAt: slot.start, endsAt: slot.end, receipt };
        await write(tx, ctx, current, { ...editsOf(change), ...moved });
        return true;
      },
    },
  );
}

interface Known {
  booking: BookingRow;
  offer: typeof offers.$inferSelect;
}

async function loadChangeable(db: Db, ctx: Ctx, id: string, change: Change): Promise<Known> {
  const known = await loadForChange(db, ctx, id, { moves: change.start !== undefined });
  if (change.version !== undefined && change.version !== known.booking.version) {
    throw new AppError("version_conflict", "Somebody changed this booking since you read it.");
  }
  return known;
}

/** The booking as it stands, with its service, if it may still be changed. Throws `not_found` or `conflict`. */
export async function loadForChange(
  db: Db,
  ctx: Ctx,
  id: string,
  { moves }: { moves: boolean },
): Promise<Known> {
  if (!isId(id)) throw notFound("booking");
  const [known] = await db
    .select({ booking: bookings, offer: offers })
    .from(bookings)
    .innerJoin(offers, eq(offers.id, bookings.serviceId))
    .where(and(eq(bookings.id, id), eq(bookings.userId, ctx.userId)));
  if (known === undefined) throw notFound("booking");
  const { booking } = known;
  if (booking.status === "cancelled") throw new AppError("conflict", "This booking is cancelled.");
  if (moves && booking.startsAt <= ctx.now) {
    throw new AppError("conflict", "This booking has begun, so it can no longer be moved.");
  }
  return known;
}

/** Where a booking may move: by its service's rules as they are now, with the length and buffers it was made with. */
export function rulesOf({ booking, offer }: Known): SlotRules {
  const { bufferBeforeMinutes, bufferAfterMinutes } = booking;
  const durationMinutes = (booking.endsAt.getTime() - booking.startsAt.getTime()) / 60_000;
  return { ...offer, durationMinutes, bufferBeforeMinutes, bufferAfterMinutes };
}

type Columns = Partial<BookingRow>;

function editsOf({ client, address, instructions, timeZone, locale }: Change): Columns {
  const given: Columns = {
    clientName: client?.name,
    clientEmail: client?.email,
    clientPhone: emptied(client?.phone),
    address: emptied(address),
    instructions: emptied(instructions),
    timeZone,
    locale,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const emptied = (text: string | null | undefined) => (text === "" ? null : text);

async function write(tx: Tx, ctx: Ctx, before: BookingRow, columns: Columns): Promise<void> {
  const changed = Object.entries(columns).filter(
    ([column, value]) => JSON.stringify(before[column as keyof BookingRow]) !== JSON.stringify(value),
  );
  if (changed.length === 0) return;
  const [after] = await tx
    .update(bookings)
    .set({ ...Object.fromEntries(changed), version: before.version + 1, updatedAt: ctx.now })
    .where(eq(bookings.id, before.id))
    .returning();
  if (after === undefined) throw notFound("booking");
  await planExports(tx, { userId: ctx.userId, bookingIds: [after.id], touch: true }, ctx.now);
  const event = mailFor(before, after);
  const by = ctx.actor.type === "client" ? "client" : "provider";
  if (event !== null) await oweBookingMails(tx, { booking: after, event, by }, ctx.now);
  const details = { version: after.version, fields: changed.map(([column]) => column) };
  await recordAudit(tx, ctx, {
    action: "booking.changed",
    subject: { type: "booking", id: after.id },
    details,
  });
  await announce(tx, ctx.userId, ["bookings", "calendar"]);
}

/** An edit is not worth a mail, except that a corrected address has not been written to yet. */
function mailFor(before: BookingRow, after: BookingRow): MailEvent | null {
  if (before.startsAt.getTime() !== after.startsAt.getTime()) return "moved";
  return before.clientEmail !== after.clientEmail ? "confirmed" : null;
}
