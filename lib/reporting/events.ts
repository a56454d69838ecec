import { sql } from "drizzle-orm";
import type { StoredAttendee } from "@/db/schema/calendars";
import type { Ctx } from "@/lib/organizations/context";
import { notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { decodePosition, type Page, type PageRequest, toPage } from "@/lib/platform/page";

/** An event of an outside calendar as its owner may see it here. */
export interface ExternalEvent {
  id: string;
  title: string | null;
  start: string;
  end: string;
  allDay: boolean;
  startDate?: string;
  endDate?: string;
  timeZone: string;
  location: string | null;
  attendees: { name: string | null; email: string | null; response: string }[];
  blocks: boolean;
  override: boolean | null;
  integrationId: string;
  calendarId: string;
}

interface Row extends Record<string, unknown> {
  id: string;
  title: string | null;
  start: string;
  end: string;
  start_date: string | null;
  end_date: string | null;
  time_zone: string;
  location: string | null;
  attendees: StoredAttendee[] | null;
  blocks: boolean;
  override: boolean | null;
  connection_id: string;
  calendar_id: string;
}

const ISO = sql.raw(`'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`);

const selectEvents = sql`
  select e.id, e.title, to_char(e.starts_at at time zone 'UTC', ${ISO}) as start,
    to_char(e.ends_at at time zone 'UTC', ${ISO}) as end, e.start_date::text, e.end_date::text,
    coalesce(e.time_zone, c.time_zone) as time_zone, e.location, e.attendees, e.override,
    k.id as connection_id, c.id as calendar_id,
    event_blocks(e.kind, e.status, e.show_as, e.response, e.start_date is not null, e.starts_at >= e.ends_at,
      e.own, e.override, c.can_write, k.all_day_events, k.tentative) as blocks
  from calendar_sync_events e
  join calendars c on c.id = e.calendar_id
  join calendar_connections k on k.id = c.connection_id
`;

/**
 * Events of the calendars that are checked, overlapping the range, in order of time. What we wrote for bookings is not
 * among them, because the booking stands for it, unless its owner moved it: then it takes time of its own.
 */
export async function listEvents(
  ctx: Ctx,
  range: { from: Date; to: Date | null },
  page: PageRequest,
): Promise<Page<ExternalEvent>> {
  const after = decodePosition(page.cursor, "instant");
  const rows = await ctx.db.execute<Row>(sql`
    ${selectEvents}
    where e.user_id = ${ctx.userId} and k.disconnecting_at is null
      and (e.displaced or (c.selected and k.import_enabled)) and (not e.own or e.override is true)
      and e.ends_at > ${range.from.toISOString()}::timestamptz
      and (${range.to === null} or e.starts_at < ${(range.to ?? range.from).toISOString()}::timestamptz)
      and ${after === null ? sql`true` : sql`(e.starts_at, e.id) > (${after.key}::timestamptz, ${after.id}::uuid)`}
    order by e.starts_at, e.id
    limit ${page.limit + 1}
  `);
  return toPage([...rows], page.limit, (row) => ({ key: row.start, id: row.id }), toEvent);
}

/** One of the caller's events, whatever their settings make of it. */
export async function getEvent(ctx: Ctx, id: string): Promise<ExternalEvent> {
  if (!isId(id)) throw notFound("event");
  const [row] = await ctx.db.execute<Row>(
    sql`${selectEvents} where e.user_id = ${ctx.userId} and e.id = ${id}::uuid`,
  );
  if (row === undefined) throw notFound("event");
  return toEvent(row);
}

function toEvent(row: Row): ExternalEvent {
  const days =
    row.start_date === null || row.end_date === null
      ? {}
      : { startDate: row.start_date, endDate: row.end_date };
  return {
    id: row.id,
    title: row.title,
    start: row.start,
    end: row.end,
    allDay: row.start_date !== null,
    ...days,
    timeZone: row.time_zone,
    location: row.location,
    attendees: (row.attendees ?? []).map(({ name, email, response }) => ({ name, email, response })),
    blocks: row.blocks,
    override: row.override,
    integrationId: row.connection_id,
    calendarId: row.calendar_id,
  };
}
