import { type SQL, sql } from "drizzle-orm";
import { firstIdAt } from "@/lib/platform/ids";

/**
 * A subquery over those of the `chosen` rows of `calendar_removals r` that are still true of what is upcoming: of each
 * event the earliest, so where it was at the beginning, unless something stands there now: the event itself again,
 * or, for what is not ours, one made since `since` at the very same times (another id: a series split in two, a
 * program that writes its events anew). Columns of the table, and `elsewhere`: the event is there at other times.
 */
export function lostEvents(chosen: SQL, { since, now }: { since: Date; now: Date }): SQL {
  return sql`(
    select f.*, exists (
      select from calendar_sync_events a where a.calendar_id = f.calendar_id and a.external_id = f.external_id
    ) as elsewhere
    from (
      select distinct on (r.calendar_id, r.external_id) r.*
      from calendar_removals r
      where ${chosen} and r.ends_at > ${now.toISOString()}::timestamptz
      order by r.calendar_id, r.external_id, r.removed_at, r.id
    ) f
    where not exists (
      select from calendar_sync_events e
      where e.calendar_id = f.calendar_id and e.starts_at = f.starts_at and e.ends_at = f.ends_at
        and (e.external_id = f.external_id or (not f.own and e.id >= ${firstIdAt(since)}::uuid))
    )
  )`;
}
