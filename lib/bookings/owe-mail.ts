import { and, eq, gt, inArray, isNotNull, isNull, or } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { enqueue } from "@/db/outbox";
import { mails } from "@/db/schema/mails";
import { newId } from "@/lib/platform/ids";

export type MailEvent = "confirmed" | "moved" | "cancelled";

interface Owed {
  booking: { id: string; userId: string; version: number; clientEmail: string | null };
  event: MailEvent;
  /** Whoever did it need not be told by mail, except that a client always gets it in writing. */
  by: "client" | "provider";
}

const KINDS = {
  client: {
    confirmed: "booking_confirmed",
    moved: "booking_moved",
    cancelled: "booking_cancelled",
  },
  provider: {
    confirmed: "provider_booking_confirmed",
    moved: "provider_booking_moved",
    cancelled: "provider_booking_cancelled",
  },
} as const;

type Reader = keyof typeof KINDS;

/**
 * Owes the mails that tell of a booking's change, in the transaction of the change. What was owed before and has not
 * gone out is dropped, because its words would be out of date: a reader gets the last word alone. Somebody who was
 * never told of a booking gets a confirmation of where it is now, or, when it is cancelled, nothing.
 */
export async function oweBookingMails(tx: Tx, owed: Owed, now: Date): Promise<void> {
  const { booking, by } = owed;
  const readers: Reader[] = [
    ...(booking.clientEmail === null ? [] : (["client"] as const)),
    ...(by === "client" ? (["provider"] as const) : []),
  ];
  const told = await toldReaders(tx, booking.id);
  await dropUnsent(tx, booking.id, now);
  const rows = readers.flatMap((reader) => {
    const event = eventFor(owed.event, told.has(reader));
    return event === null ? [] : [toRow(owed, KINDS[reader][event], now)];
  });
  if (rows.length === 0) return;
  await tx.insert(mails).values(rows).onConflictDoNothing();
  await enqueue(tx, { name: "mail/due", data: {} }, now);
}

function eventFor(event: MailEvent, told: boolean): MailEvent | null {
  if (told || event === "confirmed") return event;
  return event === "moved" ? "confirmed" : null;
}

function toRow({ booking }: Owed, kind: (typeof KINDS)[Reader][MailEvent], now: Date) {
  return {
    id: newId(now),
    userId: booking.userId,
    kind,
    bookingId: booking.id,
    bookingVersion: booking.version,
    dedupeKey: `${kind}:${booking.id}:${booking.version}`,
    createdAt: now,
    nextAttemptAt: now,
  };
}

/** Who may have heard of the booking: a mail went out, or was tried and nobody knows whether it arrived. */
async function toldReaders(tx: Tx, bookingId: string): Promise<Set<Reader>> {
  const rows = await tx
    .select({ kind: mails.kind })
    .from(mails)
    .where(and(eq(mails.bookingId, bookingId), or(isNotNull(mails.sentAt), gt(mails.attempts, 0))));
  const kinds = new Set<string>(rows.map(({ kind }) => kind));
  const readers: Reader[] = ["client", "provider"];
  return new Set(readers.filter((reader) => Object.values(KINDS[reader]).some((kind) => kinds.has(kind))));
}

async function dropUnsent(tx: Tx, bookingId: string, now: Date): Promise<void> {
  const kinds = [...Object.values(KINDS.client), ...Object.values(KINDS.provider)];
  await tx
    .update(mails)
    .set({ droppedAt: now, dropReason: "superseded" })
    .where(
      and(
        eq(mails.bookingId, bookingId),
        inArray(mails.kind, kinds),
        isNull(mails.sentAt),
        isNull(mails.droppedAt),
      ),
    );
}
