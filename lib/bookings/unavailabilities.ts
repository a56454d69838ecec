import { sql } from "drizzle-orm";
import type { Ctx } from "@/lib/organizations/context";
import { decodePosition, type Page, type PageRequest, toPage } from "@/lib/platform/page";

/** Time that cannot be booked: one row for each blocking occurrence, with its own bounds, never cut to the range. */
export interface Unavailability {
  id: string;
  start: string;
  end: string;
  allDay: boolean;
  source: "external" | "manual";
  title: string | null;
  integrationId: string | null;
  calendarId: string | null;
  externalEventId: string | null;
}

interface Row extends Record<string, unknown> {
  id: string;
  start: string;
  end: string;
  all_day: boolean;
  source: "external" | "manual";
  title: string | null;
  connection_id: string | null;
  calendar_id: string | null;
  external_event_id: string | null;
}

const ISO = sql.raw(`'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`);

/** What blocks this person between two instants, in order of time. Half-open: what ends at `from` is not in it. */
export async function listUnavailabilities(
  ctx: Ctx,
  range: { from: Date; to: Date },
  page: PageRequest,
): Promise<Page<Unavailability>> {
  const after = decodePosition(page.cursor, "instant");
  const position =
    after === null ? sql`true` : sql`(starts_at, id) > (${after.key}::timestamptz, ${after.id}::uuid)`;
  const rows = await ctx.db.execute<Row>(sql`
    select id, to_char(starts_at at time zone 'UTC', ${ISO}) as start, to_char(ends_at at time zone 'UTC', ${ISO}) as end,
      all_day, source, title, connection_id, calendar_id, external_event_id
    from unavailabilities
    where user_id = ${ctx.userId}
      and ends_at > ${range.from.toISOString()}::timestamptz
      and starts_at < ${range.to.toISOString()}::timestamptz
      and ${position}
    order by starts_at, id
    limit ${page.limit + 1}
  `);
  return toPage([...rows], page.limit, (row) => ({ key: row.start, id: row.id }), toUnavailability);
}

function toUnavailability(row: Row): Unavailability {
  return {
    id: row.id,
    start: row.start,
    end: row.end,
    allDay: row.all_day,
    source: row.source,
    title: row.title,
    integrationId: row.connection_id,
    calendarId: row.calendar_id,
    externalEventId: row.external_event_id,
  };
}
