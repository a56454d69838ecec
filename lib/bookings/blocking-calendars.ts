import { and, eq, isNull, sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { type Freshness, freshness } from "@/lib/calendar/calendar-state";
import { parseTimeZone, type TimeZoneId, UTC } from "@/lib/calendar/time-zone";
import { isAdmitted } from "@/lib/connections/admitted";

/** A calendar whose events block, with what its evidence is worth and what reading it needs. */
export type BlockingCalendar = Awaited<ReturnType<typeof loadBlockingCalendars>>[number];

const ADMITTED = sql<boolean>`(${isAdmitted(sql`calendar_connections`)})`;

/** The calendars a booking of this person must not collide with: checked, imported, not leaving. */
export async function loadBlockingCalendars(db: Db, userId: string, now: Date) {
  const rows = await db
    .select({
      id: calendars.id,
      externalId: calendars.externalId,
      timeZone: calendars.timeZone,
      canWrite: calendars.canWrite,
      syncedThrough: calendars.syncedThrough,
      lastErrorKind: calendars.lastErrorKind,
      backoffUntil: calendars.backoffUntil,
      connectionId: calendarConnections.id,
      provider: calendarConnections.provider,
      grantedScopes: calendarConnections.grantedScopes,
      reconnectReason: calendarConnections.reconnectReason,
      whenUnsure: calendarConnections.whenUnsure,
      allDayEvents: calendarConnections.allDayEvents,
      tentative: calendarConnections.tentative,
      admitted: ADMITTED,
    })
    .from(calendars)
    .innerJoin(calendarConnections, eq(calendarConnections.id, calendars.connectionId))
    .where(
      and(
        eq(calendars.userId, userId),
        calendars.selected,
        calendarConnections.importEnabled,
        isNull(calendarConnections.disconnectingAt),
      ),
    )
    .orderBy(calendars.id);
  return rows.map((row) => ({
    ...row,
    timeZone: zoneOf(row.timeZone),
    freshness: freshness({ lastCompleteRoundAt: row.syncedThrough }, now) satisfies Freshness,
  }));
}

function zoneOf(name: string): TimeZoneId {
  return parseTimeZone(name) ?? UTC;
}
