import { and, asc, eq, gt, gte, isNull, lt, sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { bookings, services, workingHours } from "@/db/schema/bookings";
import { calendarSyncEvents, calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { timeOff } from "@/db/schema/time-off";
import { users } from "@/db/schema/users";
import { LONGEST_BUFFER_MINUTES, readFreshness } from "@/lib/bookings/schedule";
import { USUAL_WEEK } from "@/lib/bookings/usual-week";
import { padded } from "@/lib/calendar/slots";
import type { TimeRange } from "@/lib/calendar/time-range";
import { parseTimeZone, type TimeZoneId, UTC } from "@/lib/calendar/time-zone";
import { notFound } from "@/lib/platform/errors";

/** More than anybody reads; what blocks comes first, so that nothing that decides is cut off. */
const MOST_EVENTS = 200;

/** Everything stored that has a say in a stretch of time. */
export type ExplainFacts = Awaited<ReturnType<typeof readFacts>>;
export type EventFacts = ExplainFacts["events"][number];
export type BookingFacts = ExplainFacts["bookings"][number];

/** `range` is the time that is asked about, widened by whatever buffers belong to it. */
export async function readFacts(db: Db, userId: string, range: TimeRange, now: Date) {
  const [hours, events, off, booked, freshness, places] = await Promise.all([
    readHours(db, userId),
    readEvents(db, userId, range),
    readTimeOff(db, userId, range),
    readBookings(db, userId, padded(range, LONGEST_BUFFER_MINUTES, LONGEST_BUFFER_MINUTES)),
    readFreshness(db, userId, now),
    readPlaces(db, userId),
  ]);
  return {
    hours,
    events,
    timeOff: off,
    bookings: booked,
    calendars: freshness.map((one) => ({ ...one, ...places.get(one.calendarId) })),
  };
}

/** Which account a calendar belongs to, and what it is called. */
async function readPlaces(db: Db, userId: string) {
  const { id, connectionId, name } = calendars;
  const rows = await db
    .select({ id, connectionId, name })
    .from(calendars)
    .where(eq(calendars.userId, userId));
  return new Map(rows.map((row) => [row.id, { connectionId: row.connectionId, name: row.name }]));
}

async function readHours(db: Db, userId: string) {
  const [row] = await db
    .select({ zone: users.timeZone, chosen: workingHours })
    .from(users)
    .leftJoin(workingHours, eq(workingHours.userId, users.id))
    .where(eq(users.id, userId));
  if (row === undefined) throw notFound("user");
  const zone: TimeZoneId = parseTimeZone(row.zone) ?? UTC;
  const { weekly = USUAL_WEEK, exceptions = [], updatedAt = null } = row.chosen ?? {};
  return { zone, weekly, exceptions, updatedAt };
}

/** Events of every calendar that is known, those that do not count included. */
async function readEvents(db: Db, userId: string, range: TimeRange) {
  const e = calendarSyncEvents;
  const blocksNow = sql`exists (select from unavailabilities u where u.user_id = ${userId} and u.id = ${e.id})`;
  return db
    .select({
      event: e,
      calendarId: calendars.id,
      calendarName: calendars.name,
      canWrite: calendars.canWrite,
      selected: calendars.selected,
      connectionId: calendarConnections.id,
      provider: calendarConnections.provider,
      importEnabled: calendarConnections.importEnabled,
      allDayEvents: calendarConnections.allDayEvents,
      tentative: calendarConnections.tentative,
      bookingId: sql<string | null>`(
        select x.booking_id from calendar_exported_bookings x
        where (${e.own} or ${e.displaced}) and x.user_id = ${userId} and x.external_id = ${e.externalId} limit 1
      )`,
    })
    .from(e)
    .innerJoin(calendars, eq(calendars.id, e.calendarId))
    .innerJoin(calendarConnections, eq(calendarConnections.id, calendars.connectionId))
    .where(
      and(
        eq(e.userId, userId),
        isNull(calendarConnections.disconnectingAt),
        gte(e.endsAt, range.start),
        lt(e.startsAt, range.end),
      ),
    )
    .orderBy(sql`${blocksNow} desc`, asc(e.startsAt), asc(e.id))
    .limit(MOST_EVENTS);
}

async function readTimeOff(db: Db, userId: string, range: TimeRange) {
  return db
    .select()
    .from(timeOff)
    .where(and(eq(timeOff.userId, userId), gt(timeOff.endsAt, range.start), lt(timeOff.startsAt, range.end)))
    .orderBy(asc(timeOff.startsAt), asc(timeOff.id))
    .limit(MOST_EVENTS);
}

async function readBookings(db: Db, userId: string, range: TimeRange) {
  return db
    .select({
      id: bookings.id,
      startsAt: bookings.startsAt,
      endsAt: bookings.endsAt,
      bufferBeforeMinutes: bookings.bufferBeforeMinutes,
      bufferAfterMinutes: bookings.bufferAfterMinutes,
      createdAt: bookings.createdAt,
      serviceName: services.name,
    })
    .from(bookings)
    .innerJoin(services, eq(services.id, bookings.serviceId))
    .where(
      and(
        eq(bookings.userId, userId),
        eq(bookings.status, "confirmed"),
        gt(bookings.endsAt, range.start),
        lt(bookings.startsAt, range.end),
      ),
    )
    .orderBy(asc(bookings.startsAt), asc(bookings.id))
    .limit(MOST_EVENTS);
}
