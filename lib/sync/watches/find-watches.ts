import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import {
  ANSWER_WAIT_MS,
  LONGEST_WATCH_BACKOFF_MS,
  LONGEST_WATCH_MS,
  MISSED_UNTIL_DEAD,
  UNSUPPORTED_WAIT_MS,
  VERIFY_GRACE_MS,
} from "@/lib/calendar/watch-schedule";
import { wantsListWatch, wantsWatch } from "@/lib/connections/watch-wishes";
import type { Vendor } from "@/lib/providers/calendar-provider";

const MOST_AT_ONCE = 5_000;

/** What a vendor shall tell of: the events of a calendar, or a connection's list of calendars. */
export interface WatchSubject {
  kind: "events" | "calendar_list";
  /** The calendar's, or the connection's. */
  id: string;
}

const ms = (value: number) => sql`${value} * interval '1 millisecond'`;
const instantOf = (now: Date) => sql`${now.toISOString()}::timestamptz`;
const ofConnection = (column: SQL, connectionId: string | undefined) =>
  sql`(${connectionId ?? null}::uuid is null or ${column} = ${connectionId ?? null}::uuid)`;

/** A wait that is over, or longer than it can be: the clock was wrong when it was written. */
function isOver(column: SQL, longestMs: number, now: Date): SQL {
  const at = instantOf(now);
  return sql`(${column} is null or ${column} <= ${at} or ${column} > ${at} + ${ms(longestMs)})`;
}

/** Over `calendars c` and `calendar_connections k`: its vendor shall be asked now. */
export function needsWatch(now: Date): SQL {
  const at = instantOf(now);
  return sql`${wantsWatch}
    and ${isOver(sql`c.push_unsupported_until`, UNSUPPORTED_WAIT_MS, now)}
    and ${isOver(sql`c.next_watch_at`, LONGEST_WATCH_BACKOFF_MS, now)}
    and not ${hasLiveWatch(sql`w.calendar_id = c.id`, at)}`;
}

/** Over `calendar_connections k`: its vendor shall be asked now for its list. */
export function needsListWatch(now: Date): SQL {
  return sql`${wantsListWatch} and ${isOver(sql`k.next_list_watch_at`, UNSUPPORTED_WAIT_MS, now)}
    and not ${hasLiveWatch(sql`w.connection_id = k.id and w.subject = 'calendar_list'`, instantOf(now))}`;
}

/** One that is asked for at this moment, or that lives, works and need not be renewed yet. */
function hasLiveWatch(ofSubject: SQL, at: SQL): SQL {
  return sql`exists (
      select from calendar_watches w
      where ${ofSubject} and w.stop_wanted_at is null and w.missed < ${MISSED_UNTIL_DEAD}
        and (
          w.expires_at is null and w.requested_at > ${at} - ${ms(ANSWER_WAIT_MS)}
          or w.expires_at > ${at} and w.renew_at > ${at} and w.renew_at < ${at} + ${ms(LONGEST_WATCH_MS)}
        )
    )`;
}

/** What is left of the watches of `ofSubject` (over `calendar_watches d`) never told us anything, and changes went by. */
export function hasDeafWatch(ofSubject: SQL): SQL {
  return sql`exists (
    select from calendar_watches d
    where ${ofSubject} and d.stop_wanted_at is null and d.missed >= ${MISSED_UNTIL_DEAD} and d.verified_at is null
  )`;
}

export interface WantedWatch extends WatchSubject, Record<string, unknown> {
  provider: Vendor;
  userId: string;
}

export async function findWantedWatches(
  db: Db,
  now: Date,
  vendors: readonly string[],
  connectionId?: string,
): Promise<WantedWatch[]> {
  const ofVendors = sql`${ofConnection(sql`k.id`, connectionId)}
    and k.provider in (select jsonb_array_elements_text(${JSON.stringify(vendors)}::jsonb))`;
  return db.execute<WantedWatch>(sql`
    select 'events' as kind, c.id, k.provider, k.user_id as "userId", c.next_watch_at as since
    from calendars c join calendar_connections k on k.id = c.connection_id
    where ${ofVendors} and ${needsWatch(now)}
    union all
    select 'calendar_list', k.id, k.provider, k.user_id, k.next_list_watch_at
    from calendar_connections k
    where ${ofVendors} and ${needsListWatch(now)}
    order by since nulls first, id
    limit ${MOST_AT_ONCE}
  `);
}

/**
 * Those that are not needed beside another: replaced by one that is proven (or old enough to be trusted), or asked
 * for and never answered.
 */
export async function retireWatches(db: Db, now: Date, connectionId?: string): Promise<void> {
  const at = instantOf(now);
  await db.execute(sql`
    update calendar_watches w
    set stop_wanted_at = ${at}, next_attempt_at = ${at}
    where w.stop_wanted_at is null and ${ofConnection(sql`w.connection_id`, connectionId)}
      and (
        w.expires_at is null and (
          w.requested_at < ${at} - ${ms(ANSWER_WAIT_MS)} or w.requested_at > ${at} + ${ms(VERIFY_GRACE_MS)}
        )
        or exists (
          select from calendar_watches n
          where n.connection_id = w.connection_id and n.subject = w.subject
            and (w.subject = 'calendar_list' or n.calendar_id = w.calendar_id) and n.stop_wanted_at is null and n.expires_at > ${at}
            and (n.requested_at, n.id) > (w.requested_at, w.id)
            and (n.verified_at is not null or n.requested_at < ${at} - ${ms(VERIFY_GRACE_MS)})
        )
      )
  `);
}

/** What has ended by itself. One that was never answered ended at the latest when the longest life did. */
export async function dropEndedWatches(db: Db, now: Date, connectionId?: string): Promise<void> {
  const at = instantOf(now);
  await db.execute(sql`
    delete from calendar_watches w
    where ${ofConnection(sql`w.connection_id`, connectionId)}
      and coalesce(w.expires_at, w.requested_at + ${ms(LONGEST_WATCH_MS)}) <= ${at}
  `);
}
