import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { prepared } from "@/db/prepared";
import type { workingHours } from "@/db/schema/bookings";
import { USUAL_WEEK } from "@/lib/bookings/usual-week";
import { type Freshness, freshness as freshnessOf } from "@/lib/calendar/calendar-state";
import { knownPart, padded, type Schedule, type SlotRules } from "@/lib/calendar/slots";
import { merge, type TimeRange } from "@/lib/calendar/time-range";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";
import { workingIntervals } from "@/lib/calendar/working-intervals";
import { notFound } from "@/lib/platform/errors";

export interface ScheduleWish {
  userId: string;
  service: SlotRules;
  /** Where slots may begin. */
  range: TimeRange;
  /** The booking that is being moved: neither it nor its own events stand in its way. */
  exceptBookingId?: string;
  /** What was read live, beside what is stored. */
  alsoBusy?: readonly TimeRange[];
}

/** How far what is stored of a calendar can be trusted; `syncedAt` is the start of its last complete round. */
export interface CalendarFreshness {
  calendarId: string;
  syncedAt: string | null;
  state: Freshness;
}

type Hours = typeof workingHours.$inferSelect;
/** Seconds since 1970, with fractions. */
type Seconds = number;
type Booked = [start: Seconds, end: Seconds, bufferBeforeMinutes: number, bufferAfterMinutes: number];
type CalendarEvidence = [calendarId: string, syncedThrough: Seconds | null];

interface Row extends Record<string, unknown> {
  time_zone: string;
  weekly: Hours["weekly"] | null;
  exceptions: Hours["exceptions"] | null;
  /** `{1790000000,1790003600.5}`: of thousands, the text of two arrays is read fastest. */
  busy_starts: string | null;
  busy_ends: string | null;
  booked: Booked[] | null;
  calendars: CalendarEvidence[] | null;
}

/** No booking's own buffer reaches further; the schema of services and the query agree on it. */
export const LONGEST_BUFFER_MINUTES = 1_440;

/** Everything that decides about slots that begin in the range: one statement. Throws `not_found` for no user. */
export async function loadSchedule(db: Db, wish: ScheduleWish): Promise<Schedule> {
  return toSchedule(wish, await readRow(db, wish));
}

/** The schedule and how far it can be trusted, of one moment: the same statement. */
export async function loadTrustedSchedule(
  db: Db,
  wish: ScheduleWish,
  now: Date,
): Promise<{ schedule: Schedule; freshness: CalendarFreshness[] }> {
  const row = await readRow(db, wish);
  return { schedule: toSchedule(wish, row), freshness: toFreshness(row.calendars, now) };
}

/** Every calendar that blocks: checked, its import on, its connection not leaving. */
export async function readFreshness(db: Db, userId: string, now: Date): Promise<CalendarFreshness[]> {
  const [row] = await db.execute<{ calendars: CalendarEvidence[] | null }>(
    sql`select (${blockingCalendars(userId)}) as calendars`,
  );
  return toFreshness(row?.calendars ?? null, now);
}

/** Slots that begin in the range end after it, and their grid may lie a step before it. */
function knownTime({ service, range }: ScheduleWish): TimeRange {
  return padded(range, service.slotStepMinutes, service.durationMinutes);
}

/** Two texts, with and without a booking that is moved, so that connections may keep both. */
async function readRow(db: Db, wish: ScheduleWish): Promise<Row> {
  const { userId, service, exceptBookingId = null } = wish;
  const { start, end } = padded(knownTime(wish), service.bufferBeforeMinutes, service.bufferAfterMinutes);
  const [from, to] = [sql`${start.toISOString()}::timestamptz`, sql`${end.toISOString()}::timestamptz`];
  // Time between two blocks that is too short for the service and its buffers is as good as taken.
  const room = service.durationMinutes + service.bufferBeforeMinutes + service.bufferAfterMinutes;
  const tooShort = sql`${`${room * 60_000 - 1} milliseconds`}::interval`;
  const reach = sql`${`${LONGEST_BUFFER_MINUTES} minutes`}::interval`;
  const isOwnEvent =
    exceptBookingId === null
      ? sql`false`
      : sql`u.external_event_id in (
          select x.external_id from calendar_exported_bookings x
          where x.user_id = ${userId} and x.booking_id = ${exceptBookingId}::uuid and x.external_id is not null
        )`;
  const [row] = await prepared(db).execute<Row>(sql`
    select p.time_zone, w.weekly, w.exceptions,
      busy.busy_starts, busy.busy_ends,
      (
        select json_agg(json_build_array(
          date_part('epoch', b.starts_at), date_part('epoch', b.ends_at), b.buffer_before_minutes,
          b.buffer_after_minutes
        ) order by b.starts_at)
        from bookings b
        where b.user_id = ${userId} and b.status = 'confirmed' and b.id is distinct from ${exceptBookingId}::uuid
          and b.ends_at > ${from} - ${reach} and b.starts_at < ${to} + ${reach}
      ) as booked,
      (${blockingCalendars(userId)}) as calendars
    from users p
    left join working_hours w on w.user_id = p.id
    cross join (
      select array_agg(date_part('epoch', lower(r)))::text as busy_starts,
        array_agg(date_part('epoch', upper(r) - ${tooShort}))::text as busy_ends
      from (
        select unnest(range_agg(tstzrange(u.starts_at, u.ends_at + ${tooShort}))) as r from unavailabilities u
        where u.user_id = ${userId} and u.ends_at > ${from} and u.starts_at < ${to} and (${isOwnEvent}) is not true
      ) merged
    ) busy
    where p.id = ${userId}
  `);
  if (row === undefined) throw notFound("provider");
  return row;
}

function blockingCalendars(userId: string) {
  return sql`
    select json_agg(json_build_array(c.id, date_part('epoch', c.synced_through)) order by k.connected_at, c.id)
    from calendars c join calendar_connections k on k.id = c.connection_id
    where c.user_id = ${userId} and c.selected and k.import_enabled and k.disconnecting_at is null
  `;
}

function toSchedule(wish: ScheduleWish, row: Row): Schedule {
  const { service, range, alsoBusy = [] } = wish;
  const hours = { weekly: row.weekly ?? USUAL_WEEK, exceptions: row.exceptions ?? [] };
  const worked = workingIntervals(hours, parseTimeZone(row.time_zone) ?? UTC, range);
  const busy = busyOf(row);
  return {
    rules: service,
    working: knownPart(worked, knownTime(wish), service.slotStepMinutes),
    busy: alsoBusy.length === 0 ? busy : merge([...busy, ...alsoBusy]),
    booked: (row.booked ?? []).map(([start, end, before, after]) => ({
      range: { start: instant(start), end: instant(end) },
      bufferBeforeMinutes: before,
      bufferAfterMinutes: after,
    })),
  };
}

function busyOf({ busy_starts: starts, busy_ends: ends }: Row): TimeRange[] {
  const upper = instants(ends);
  return instants(starts).map((start, at) => ({ start, end: upper[at] ?? start }));
}

function instants(array: string | null): Date[] {
  return array === null
    ? []
    : array
        .slice(1, -1)
        .split(",")
        .map((seconds) => instant(Number(seconds)));
}

function instant(seconds: Seconds): Date {
  return new Date(Math.round(seconds * 1_000));
}

function toFreshness(calendars: CalendarEvidence[] | null, now: Date): CalendarFreshness[] {
  return (calendars ?? []).map(([calendarId, through]) => {
    const lastCompleteRoundAt = through === null ? null : instant(through);
    const syncedAt = lastCompleteRoundAt?.toISOString() ?? null;
    return { calendarId, syncedAt, state: freshnessOf({ lastCompleteRoundAt }, now) };
  });
}
