import { sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { withTransaction } from "@/db/transaction";
import { OFFERED_DAYS } from "@/lib/calendar/window";

/** Below this, a time ahead of us may be another machine's clock. */
const AHEAD = sql.raw("interval '1 minute'");

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
        last_synced_at = least(last_synced_at, ${now}), last_change_at = least(last_change_at, ${now}),
        last_error_at = least(last_error_at, ${now}),
        synced_through = case
          when window_start <= ${now} and window_end >= ${now} + ${OFFERED_DAYS} * interval '1 day'
          then least(synced_through, ${now})
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
      set calendars_listed_at = least(calendars_listed_at, ${now}), reconnect_since = least(reconnect_since, ${now})
      where calendars_listed_at > ${ahead} or reconnect_since > ${ahead}
    `);
    await tx.execute(sql`
      update calendar_sync_logs
      set started_at = least(started_at, ${now}), finished_at = least(finished_at, ${now}),
        last_run_at = least(last_run_at, ${now}), retry_at = least(retry_at, ${now})
      where last_run_at > ${ahead} or retry_at > ${ahead} + interval '1 day'
    `);
    await tx.execute(sql`
      update calendar_exported_bookings
      set next_attempt_at = case
            when error_code in ('rate_limited', 'quota_exhausted') and error_at > ${ahead}
            then next_attempt_at - (error_at - ${now})
            else ${now}
          end,
        error_at = least(error_at, ${now}), synced_at = least(synced_at, ${now}),
        remote_seen_at = least(remote_seen_at, ${now})
      where error_at > ${ahead} or synced_at > ${ahead} or remote_seen_at > ${ahead}
    `);
    await tx.execute(sql`update outbox set next_attempt_at = ${now} where next_attempt_at > ${ahead}`);
    await tx.execute(sql`
      update disconnections set next_attempt_at = ${now}
      where next_attempt_at > ${now} + interval '15 minutes'
    `);
  });
}
