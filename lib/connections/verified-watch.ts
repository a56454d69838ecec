import { type SQL, sql } from "drizzle-orm";
import { VERIFIED_FOR_MS } from "@/lib/calendar/schedule";

/**
 * Over `calendars c`: the vendor tells of its changes, showed lately that it does, and kept none back since. What it
 * showed in a time that has not come yet was noted by a wrong clock.
 */
export function hasVerifiedWatch(now: Date): SQL {
  const at = now.toISOString();
  return sql`exists (
    select from calendar_watches w
    where w.calendar_id = c.id and w.stop_wanted_at is null and w.missed = 0 and w.expires_at > ${at}::timestamptz
      and greatest(w.verified_at, w.last_notified_at) > ${at}::timestamptz - ${VERIFIED_FOR_MS} * interval '1 millisecond'
      and greatest(w.verified_at, w.last_notified_at) < ${at}::timestamptz + ${VERIFIED_FOR_MS} * interval '1 millisecond'
  )`;
}
