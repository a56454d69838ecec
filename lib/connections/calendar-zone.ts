import { eq, sql } from "drizzle-orm";
import type { Database, Tx } from "@/db/client";
import { announce } from "@/db/live";
import { calendarSyncEvents, calendars } from "@/db/schema/calendars";
import { withProviderTime } from "@/db/transaction";
import { startOfDay } from "@/lib/calendar/event-time";
import type { IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

/**
 * The vendor says a calendar lies in another zone: its all-day events become other instants in the same
 * transaction. Whoever is reading it with the old zone is fenced off. A no-op for a calendar that is gone.
 */
export async function changeCalendarZone(
  db: Database,
  calendarId: string,
  timeZone: TimeZoneId,
): Promise<void> {
  const [calendar] = await db
    .select({ userId: calendars.userId })
    .from(calendars)
    .where(eq(calendars.id, calendarId));
  if (calendar === undefined) return;
  await withProviderTime(db, calendar.userId, async (tx) => {
    await moveToZone(tx, calendarId, timeZone);
    await announce(tx, calendar.userId, ["integrations", "calendar"]);
  });
}

/** The caller holds the person's lock. */
export async function moveToZone(tx: Tx, calendarId: string, timeZone: TimeZoneId): Promise<void> {
  await tx
    .update(calendars)
    .set({
      timeZone,
      generation: sql`${calendars.generation} + 1`,
      changeSeq: sql`${calendars.changeSeq} + 1`,
    })
    .where(eq(calendars.id, calendarId));
  const dates = await tx.execute<{ day: IsoDate }>(sql`
    select distinct day::text as day
    from ${calendarSyncEvents} e cross join lateral (values (e.start_date), (e.end_date)) as both_ends (day)
    where e.calendar_id = ${calendarId} and day is not null
  `);
  if (dates.length === 0) return;
  const starts = dates.map(({ day }) => ({ day, at: startOfDay(day, timeZone).toISOString() }));
  await tx.execute(sql`
    with starts as (
      select day, at from jsonb_to_recordset(${JSON.stringify(starts)}::jsonb) as r (day date, at timestamptz)
    )
    update calendar_sync_events e
    set starts_at = first.at, ends_at = greatest(first.at, past.at)
    from starts as first, starts as past
    where e.calendar_id = ${calendarId} and e.start_date = first.day and e.end_date = past.day
  `);
}
