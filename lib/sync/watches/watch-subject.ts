import { type SQL, sql } from "drizzle-orm";
import { ANSWER_WAIT_MS } from "@/lib/calendar/watch-schedule";
import { hasDeafWatch, needsListWatch, needsWatch, type WatchSubject } from "@/lib/sync/watches/find-watches";

/** What became of a turn. */
export interface Ending {
  /** When to ask again; null: when it is needed. */
  until: Date | null;
  /** In a row; null: as many as before. */
  failures: number | null;
  /** The vendor does not tell of this one. */
  unsupportedUntil?: Date;
}

const at = (instant: Date | null | undefined) => sql`${instant?.toISOString() ?? null}::timestamptz`;

/** Takes the turn of what is to be watched, if it is its turn: an update that answers everything about it. */
export function takeTurn({ kind, id }: WatchSubject, now: Date): SQL {
  const until = sql`${at(now)} + ${ANSWER_WAIT_MS} * interval '1 millisecond'`;
  if (kind === "calendar_list") {
    const deaf = hasDeafWatch(sql`d.connection_id = k.id and d.subject = 'calendar_list'`);
    return sql`
      update calendar_connections k
      set next_list_watch_at = ${until},
        list_watch_failures = k.list_watch_failures + case when ${deaf} then 1 else 0 end
      where k.id = ${id} and ${needsListWatch(now)}
      returning null::uuid as calendar_id, k.user_id, k.id as connection_id, null::text as external_id,
        null::text as time_zone, k.provider, k.list_watch_failures as watch_failures, ${deaf} as deaf`;
  }
  const deaf = hasDeafWatch(sql`d.calendar_id = c.id`);
  return sql`
    update calendars c
    set next_watch_at = ${until}, watch_failures = c.watch_failures + case when ${deaf} then 1 else 0 end
    from calendar_connections k
    where c.id = ${id} and k.id = c.connection_id and ${needsWatch(now)}
    returning c.id as calendar_id, c.user_id, c.connection_id, c.external_id, c.time_zone, k.provider,
      c.watch_failures, ${deaf} as deaf`;
}

export function endTurn({ kind, id }: WatchSubject, { until, failures, unsupportedUntil }: Ending): SQL {
  if (kind === "calendar_list") {
    return sql`
      update calendar_connections
      set next_list_watch_at = ${at(unsupportedUntil ?? until)},
        list_watch_failures = coalesce(${failures}::int, list_watch_failures)
      where id = ${id}`;
  }
  return sql`
    update calendars
    set next_watch_at = ${at(until)}, push_unsupported_until = ${at(unsupportedUntil)},
      watch_failures = coalesce(${failures}::int, watch_failures)
    where id = ${id}`;
}
