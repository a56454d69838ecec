import { type SQL, sql } from "drizzle-orm";
import type { Database, Tx } from "@/db/client";
import { withTransaction } from "@/db/transaction";
import { UNSUPPORTED_WAIT_MS } from "@/lib/calendar/watch-schedule";
import { OFFERED_DAYS } from "@/lib/calendar/window";

/** Below this, a time ahead of us may be another machine's clock. */
const AHEAD = sql.raw("interval '1 minute'");

/** Unlike `least`, leaves alone what is not there. */
function notAfter(column: string, latest: SQL): SQL {
  const value = sql.raw(column);
  return sql`case when ${value} > ${latest} then ${latest} else ${value} end`;
}

/**
 * After a job that ran as if it were later: what it noted happened now, and what it planned is due now. A calendar
 * that was read for a window that leaves the present out counts as unread until its next round. What a vendor asked
 * us to wait is still waited for.
 */
export async function returnToPresent(db: Database, present: Date): Promise<void> {
  const now = sql`${present.toISOString()}::timestamptz`;
  const ahead = sql`${now} + ${AHEAD}`;
  await withTransaction(db, async (tx) => {
    await tx.execute(sql`
      update calendars
      set next_sync_at = ${now}, next_reconcile_at = ${now},
        backoff_until = case
          when last_error_kind in ('rate_limited', 'quota_exhausted') and last_error_at > ${ahead}
          then backoff_until - (last_error_at - ${now})
        end,
        last_synced_at = ${notAfter("last_synced_at", now)}, last_change_at = ${notAfter("last_change_at", now)},
        last_error_at = ${notAfter("last_error_at", now)},
        synced_through = case
          when window_start <= ${now} and window_end >= ${now} + ${OFFERED_DAYS} * interval '1 day'
          then ${notAfter("synced_through", now)}
        end
      where last_synced_at > ${ahead} or last_error_at > ${ahead} or synced_through > ${ahead}
    `);
    await tx.execute(sql`
      update oauth_tokens
      set access_expires_at = access_expires_at - (refreshed_at - ${now}), refreshed_at = ${now}
      where refreshed_at > ${ahead}
    `);
    await tx.execute(sql`
      update calendar_connections
      set calendars_listed_at = ${notAfter("calendars_listed_at", now)}, reconnect_since = ${notAfter("reconnect_since", now)}
      where calendars_listed_at > ${ahead} or reconnect_since > ${ahead}
    `);
    await tx.execute(sql`
      update calendar_sync_logs
      set started_at = ${notAfter("started_at", now)}, finished_at = ${notAfter("finished_at", now)},
        last_run_at = ${notAfter("last_run_at", now)}, retry_at = ${notAfter("retry_at", now)}
      where last_run_at > ${ahead} or retry_at > ${ahead} + interval '1 day'
    `);
    await returnMails(tx, now, ahead);
    await tx.execute(sql`
      update calendar_exported_bookings
      set next_attempt_at = case
            when error_code in ('rate_limited', 'quota_exhausted') and error_at > ${ahead}
            then next_attempt_at - (error_at - ${now})
            else ${now}
          end,
        error_at = ${notAfter("error_at", now)}, synced_at = ${notAfter("synced_at", now)},
        remote_seen_at = ${notAfter("remote_seen_at", now)}
      where error_at > ${ahead} or synced_at > ${ahead} or remote_seen_at > ${ahead}
    `);
    await returnWatches(tx, now, ahead);
    await tx.execute(sql`update outbox set next_attempt_at = ${now} where next_attempt_at > ${ahead}`);
    await tx.execute(sql`
      update disconnections set next_attempt_at = ${now}
      where next_attempt_at > ${now} + interval '15 minutes'
    `);
  });
}

/** A watch made in that time lives as long as its vendor said, counted from now; what was put off is due. */
async function returnWatches(tx: Tx, now: SQL, ahead: SQL): Promise<void> {
  await tx.execute(sql`
    update calendars
    set next_watch_at = case when next_watch_at > ${ahead} then null else next_watch_at end,
      push_unsupported_until = ${notAfter("push_unsupported_until", sql`${now} + ${UNSUPPORTED_WAIT_MS} * interval '1 millisecond'`)}
    where next_watch_at > ${ahead} or push_unsupported_until > ${ahead}
  `);
  await tx.execute(sql`
    update calendar_connections set next_list_watch_at = null where next_list_watch_at > ${ahead}
  `);
  await tx.execute(sql`
    update calendar_watches
    set requested_at = ${notAfter("requested_at", now)}, verified_at = ${notAfter("verified_at", now)},
      last_notified_at = ${notAfter("last_notified_at", now)}, stop_wanted_at = ${notAfter("stop_wanted_at", now)},
      next_attempt_at = ${notAfter("next_attempt_at", now)},
      renew_at = case
        when requested_at > ${ahead} and expires_at is not null then ${now} + (expires_at - ${now}) * 0.75
        else renew_at
      end
    where requested_at > ${ahead} or stop_wanted_at > ${ahead} or next_attempt_at > ${ahead}
  `);
}

/**
 * Mails owed in that time are owed now, their reminders as many days from now. One that was tried in vain is due when
 * it would have been; so is one that was too late only then, or that gave way to one that did not go.
 */
async function returnMails(tx: Tx, now: SQL, ahead: SQL): Promise<void> {
  await tx.execute(sql`
    update mails
    set created_at = ${now}, next_attempt_at = next_attempt_at - (created_at - ${now})
    where created_at > ${ahead}
  `);
  await tx.execute(sql`
    update mails m set dropped_at = null, drop_reason = null
    where dropped_at > ${ahead} and (drop_reason = 'past' or drop_reason = 'superseded' and kind = 'connection_dead'
      and not exists (select from mails o where o.connection_id = m.connection_id and o.sent_at > ${ahead}))
  `);
  await tx.execute(sql`
    update mails
    set next_attempt_at = case
      when kind = 'connection_dead'
      then greatest(${now}, created_at + substring(dedupe_key from '[0-9]+$')::int * interval '1 day')
      else ${now}
    end, attempts = case when kind = 'connection_dead' then 0 else attempts end
    where attempts > 0 and next_attempt_at > ${now} + interval '1 hour' and sent_at is null and dropped_at is null
  `);
  await tx.execute(sql`
    update mails set sent_at = ${notAfter("sent_at", now)}, dropped_at = ${notAfter("dropped_at", now)}
    where sent_at > ${ahead} or dropped_at > ${ahead}
  `);
}
