import { and, eq } from "drizzle-orm";
import type { z } from "zod";
import type { Tx } from "@/db/client";
import { announce } from "@/db/live";
import { bookings } from "@/db/schema/bookings";
import { type BookableService, loadBookableService } from "@/lib/bookings/bookable-service";
import type { bookingInput } from "@/lib/bookings/booking-input";
import { createBookingLink } from "@/lib/bookings/booking-link";
import { oweBookingMails } from "@/lib/bookings/owe-mail";
import { type TakenTime, takeTime } from "@/lib/bookings/take-time";
import type { SlotRules } from "@/lib/calendar/slots";
import { planExports } from "@/lib/connections/plan-exports";
import type { Services } from "@/lib/connections/services";
import { recordAudit } from "@/lib/organizations/audit";
import type { Ctx } from "@/lib/organizations/context";
import { AppError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";

/** A booking somebody asked for, parsed. */
export type BookingWish = z.output<typeof bookingInput> & {
  /** Names the form or the request it came by; null where nothing tells repetitions. */
  requestKey: string | null;
};

/**
 * Books a slot for whoever `ctx` speaks for, and answers its id. A wish that comes again under its request key is the
 * booking it made. The caller has asked for the scope and found the service, whose `rules` are read again under the
 * lock. Throws what `takeTime` throws, `not_found` for a service that can no longer be booked and
 * `idempotency_key_reused` for another wish under the same key.
 */
export async function bookSlot(
  services: Services,
  ctx: Ctx,
  wish: BookingWish,
  rules: SlotRules,
): Promise<string> {
  try {
    const slot = { rules, start: new Date(wish.start), exceptBookingId: null };
    return await takeTime<string, BookableService>(services, ctx, slot, {
      prepare: async (tx) => {
        const found = await loadBookableService(tx, ctx, wish.serviceId);
        return { found, rules: found };
      },
      write: (tx, service, taken) => insertBooking(services, tx, ctx, { wish, service, taken }),
    });
  } catch (error) {
    // What stands in the way may be the very booking this request made before.
    const made = error instanceof AppError ? await findRequest(ctx, wish) : null;
    if (made === null) throw error;
    return made;
  }
}

async function findRequest({ db, userId }: Ctx, wish: BookingWish): Promise<string | null> {
  if (wish.requestKey === null) return null;
  const [row] = await db
    .select()
    .from(bookings)
    .where(and(eq(bookings.userId, userId), eq(bookings.requestKey, wish.requestKey)));
  if (row === undefined) return null;
  // One that was moved since is still what the form made.
  const unmoved = row.version === 1;
  const isSame =
    row.serviceId === wish.serviceId &&
    (!unmoved || row.startsAt.getTime() === Date.parse(wish.start)) &&
    row.clientName === wish.client.name &&
    row.clientEmail === (wish.client.email ?? null);
  if (isSame) return row.id;
  throw new AppError("idempotency_key_reused", "This form was already sent with other content.");
}

/** Null when another booking holds the time after all, or the request has made one already. */
async function insertBooking(
  services: Services,
  tx: Tx,
  ctx: Ctx,
  made: { wish: BookingWish; service: BookableService; taken: TakenTime },
): Promise<string | null> {
  const id = newId(ctx.now);
  const { token: _, ...link } = await createBookingLink(tx, { id, userId: ctx.userId }, services.masterKeys);
  const [row] = await tx
    .insert(bookings)
    .values({ id, userId: ctx.userId, ...link, ...toRow(ctx, made) })
    .onConflictDoNothing()
    .returning();
  if (row === undefined) return null;
  await planExports(tx, { userId: ctx.userId, bookingIds: [id], touch: false }, ctx.now);
  const by = row.source === "client" ? "client" : "provider";
  await oweBookingMails(tx, { booking: row, event: "confirmed", by }, ctx.now);
  await recordAudit(tx, ctx, { action: "booking.created", subject: { type: "booking", id } });
  await announce(tx, ctx.userId, ["bookings", "calendar"]);
  return id;
}

const SOURCES = { client: "client", api_key: "api", user: "provider", system: "provider" } as const;

function toRow(
  ctx: Ctx,
  { wish, service, taken }: { wish: BookingWish; service: BookableService; taken: TakenTime },
) {
  return {
    serviceId: service.id,
    kind: service.kind,
    status: "confirmed" as const,
    startsAt: taken.slot.start,
    endsAt: taken.slot.end,
    bufferBeforeMinutes: service.bufferBeforeMinutes,
    bufferAfterMinutes: service.bufferAfterMinutes,
    timeZone: wish.timeZone ?? service.provider.timeZone,
    locale: wish.locale ?? service.provider.locale,
    clientName: wish.client.name,
    clientEmail: wish.client.email ?? null,
    clientPhone: wish.client.phone || null,
    address: wish.address || null,
    instructions: wish.instructions || null,
    priceAmount: service.priceAmount,
    priceCurrency: service.priceCurrency,
    source: SOURCES[ctx.actor.type],
    requestKey: wish.requestKey,
    receipt: taken.receipt,
    createdAt: ctx.now,
    updatedAt: ctx.now,
  };
}
