import { sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import type { MAIL_KINDS } from "@/db/schema/mails";
import { withTransaction } from "@/db/transaction";

export type MailKind = (typeof MAIL_KINDS)[number];

/** A mail taken for sending. Nobody else takes it before its lease is over. */
export interface ClaimedMail {
  id: string;
  userId: string;
  kind: MailKind;
  bookingId: string | null;
  connectionId: string | null;
  /** This one included. */
  attempts: number;
  /** An earlier attempt ended without an answer, so its reader may have it already. */
  mayHaveArrived: boolean;
}

/** Longer than a mail server may keep us waiting. */
const LEASE = sql.raw("interval '5 minutes'");

/** The word for an attempt of which nothing is known: written before it begins, replaced when it ended. */
export const UNCERTAIN = "uncertain";

/** Reminders are planned two weeks ahead, everything else an hour at most: what lies further was a wrong clock. */
const ABSURDLY_FAR = sql`case when m.kind = 'connection_dead' and m.attempts = 0
  then interval '15 days' else interval '2 hours' end`;

/**
 * Takes the mail that has waited longest, or null. Of one booking and reader only the oldest can be taken, so that
 * two workers never write to one person at once; of one connection only the newest, which replaces those before it.
 */
export async function claimMail(db: Database, now: Date): Promise<ClaimedMail | null> {
  const at = sql`${now.toISOString()}::timestamptz`;
  return withTransaction(db, async (tx) => {
    const [row] = await tx.execute<{
      id: string;
      user_id: string;
      kind: MailKind;
      booking_id: string | null;
      connection_id: string | null;
      attempts: number;
      may_have_arrived: boolean;
    }>(sql`
      with due as (
        select m.id, m.attempts > 0 and coalesce(m.last_error, ${UNCERTAIN}) = ${UNCERTAIN} as may_have_arrived
        from mails m
        where m.sent_at is null and m.dropped_at is null
          and (m.next_attempt_at <= ${at} or m.next_attempt_at > ${at} + ${ABSURDLY_FAR})
          and not exists (
            select from mails o
            where o.sent_at is null and o.dropped_at is null and o.id <> m.id and (
              o.booking_id = m.booking_id and starts_with(o.kind, 'provider_') = starts_with(m.kind, 'provider_')
                and (o.booking_version, o.id) < (m.booking_version, m.id)
              or o.connection_id = m.connection_id
                and o.next_attempt_at <= ${at} and (o.next_attempt_at, o.id) > (m.next_attempt_at, m.id)
            )
          )
        order by m.next_attempt_at, m.id
        limit 1
        for update skip locked
      )
      update mails m
      set attempts = m.attempts + 1, next_attempt_at = ${at} + ${LEASE}, last_error = ${UNCERTAIN}
      from due
      where due.id = m.id
      returning m.id, m.user_id, m.kind, m.booking_id, m.connection_id, m.attempts, due.may_have_arrived
    `);
    if (row === undefined) return null;
    if (row.connection_id !== null) {
      await tx.execute(sql`
        update mails set dropped_at = ${at}, drop_reason = 'superseded'
        where connection_id = ${row.connection_id} and id <> ${row.id} and sent_at is null and dropped_at is null
          and next_attempt_at <= ${at}
      `);
    }
    return {
      id: row.id,
      userId: row.user_id,
      kind: row.kind,
      bookingId: row.booking_id,
      connectionId: row.connection_id,
      attempts: row.attempts,
      mayHaveArrived: row.may_have_arrived,
    };
  });
}
