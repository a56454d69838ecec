import { type SQL, sql } from "drizzle-orm";
import { firstIdAt } from "@/lib/platform/ids";

/** Of one calendar; `since` is when its change began. */
interface LostIn {
  calendarId: string;
  since: Date;
  now: Date;
}

/**
 * A subquery over those of the `chosen` rows of `calendar_removals r`, all of one calendar, that are still true of what
 * is upcoming: of each event the earliest, so where it was at the beginning, unless something stands there now: the
 * event itself again, or, for what is not ours, one made since at the very same times (another id: a series split in
 * two, a program that writes its events anew). Columns of the table, and `elsewhere`: the event is there at other times.
 *
 * The times of what was made since are read once and looked up: as a join, with statistics that know nothing of what
 * this transaction wrote, the whole calendar would be read for each row of evidence.
 */
export function lostEvents(chosen: SQL, { calendarId, since, now }: LostIn): SQL {
  return sql`(
    select f.*, a.id is not null as elsewhere
    from (
      select distinct on (r.external_id) r.*
      from calendar_removals r
      where ${chosen} and r.calendar_id = ${calendarId} and r.ends_at > ${now.toISOString()}::timestamptz
      order by r.external_id, r.removed_at, r.id
    ) f
    left join calendar_sync_events a on a.calendar_id = f.calendar_id and a.external_id = f.external_id
    where (a.starts_at, a.ends_at) is distinct from (f.starts_at, f.ends_at)
      and (f.own or (f.starts_at, f.ends_at) not in (
        select e.starts_at, e.ends_at from calendar_sync_events e
        where e.calendar_id = ${calendarId} and e.id >= ${firstIdAt(since)}::uuid
      ))
  )`;
}
