import { and, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { mails } from "@/db/schema/mails";
import { type ClaimedMail, UNCERTAIN } from "@/lib/mail/claim";

const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;

export type DropReason =
  | "no_address"
  | "disabled"
  | "refused"
  | "reconnected"
  | "disconnected"
  | "superseded"
  | "never_told"
  | "past"
  | "gone";

/** The server took it. What its reader was owed about the same booking up to `version` is told with it. */
export async function markSent(
  db: Database,
  mail: ClaimedMail,
  told: { version: number } | null,
  now: Date,
): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  await db.transaction(async (tx) => {
    await tx
      .update(mails)
      .set({ sentAt: now, lastError: null })
      .where(and(eq(mails.id, mail.id), isNull(mails.sentAt)));
    if (told === null) return;
    await tx.execute(sql`
      update mails set dropped_at = ${at}, drop_reason = 'superseded'
      where booking_id = ${mail.bookingId} and booking_version <= ${told.version} and sent_at is null
        and dropped_at is null and starts_with(kind, 'provider_') = starts_with(${mail.kind}, 'provider_')
    `);
  });
}

/** Nobody is to get it. `all`: nor anything else its reader was owed about that booking. */
export async function markDropped(
  db: Database,
  mail: ClaimedMail,
  reason: DropReason,
  now: Date,
  all = false,
): Promise<void> {
  const siblings = all
    ? sql`booking_id = ${mail.bookingId} and starts_with(kind, 'provider_') = starts_with(${mail.kind}, 'provider_')`
    : sql`false`;
  await db.execute(sql`
    update mails set dropped_at = ${now.toISOString()}::timestamptz, drop_reason = ${reason}
    where (id = ${mail.id} or ${siblings}) and sent_at is null and dropped_at is null
  `);
}

/** Tried again after a wait that doubles up to an hour. Once it may have arrived, no later failure takes that back. */
export async function markFailed(
  db: Database,
  mail: ClaimedMail,
  error: string,
  { now, random }: { now: Date; random: () => number },
): Promise<void> {
  const doubled = Math.min(FIRST_WAIT_MS * 2 ** Math.min(mail.attempts - 1, 10), LONGEST_WAIT_MS);
  const wait = doubled * (0.5 + random() / 2);
  await db
    .update(mails)
    .set({
      nextAttemptAt: new Date(now.getTime() + wait),
      lastError: mail.mayHaveArrived ? UNCERTAIN : error.slice(0, 200),
    })
    .where(and(eq(mails.id, mail.id), isNull(mails.sentAt)));
}
