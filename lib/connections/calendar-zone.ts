import { sql } from "drizzle-orm";
import type { Database, Tx } from "@/db/client";
import { announce } from "@/db/live";
import { withProviderTime } from "@/db/transaction";
import { startOfDay } from "@/lib/calendar/event-time";
import type { IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

/** A calendar's zone changed at the vendor. Its days become other instants, and a running round starts over. */
export async function changeCalendarZone(db: Database, calendarId: string, zone: TimeZoneId): Promise<void> {
  const [row] = await db.execute<{ user_id: string }>(
    sql`select user_id from calendars where id = ${calendarId}`,
  );
  if (row === undefined) return;
  await withProviderTime(db, row.user_id, async (tx) => {
    await moveDaysToZone(tx, calendarId, zone);
    await announce(tx, row.user_id, ["calendar"]);
  });
}

/**
 * Recomputes the cached instants of all-day rows for a new zone, set-based, and fences running rounds. The
 * caller holds the person's lock. Days become instants by `startOfDay` alone, so the database gets a table of them.
 */
export async function moveDaysToZone(tx: Tx, calendarId: string, zone: TimeZoneId): Promise<void> {
  const dates = await tx.execute<{ day: IsoDate }>(sql`
    select distinct d.day::text as day
    from calendar_sync_events e, lateral (values (e.start_date), (e.end_date)) as d (day)
    where e.calendar_id = ${calendarId} and d.day is not null
  `);
  const table = dates.map(({ day }) => ({ day, at: startOfDay(day, zone).toISOString() }));
  await tx.execute(sql`
    with starts as (
      select * from jsonb_to_recordset(${JSON.stringify(table)}::jsonb) as r (day date, at timestamptz)
    )
    update calendar_sync_events e
    set starts_at = s.at, ends_at = f.at
    from starts s, starts f
    where e.calendar_id = ${calendarId} and s.day = e.start_date and f.day = e.end_date
  `);
  await tx.execute(sql`
    update calendars
    set time_zone = ${zone}, generation = generation + 1, change_seq = change_seq + 1
    where id = ${calendarId}
  `);
}
