import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import type { bulkChanges } from "@/db/schema/bulk-changes";
import { judgeBulkChange } from "@/lib/calendar/bulk-change";
import { type FreedTime, heldTime } from "@/lib/calendar/held-time";
import type { IsoDate } from "@/lib/calendar/iso-date";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";
import { lostEvents } from "@/lib/connections/lost-events";
import type { Ctx } from "@/lib/organizations/context";
import { newId } from "@/lib/platform/ids";
import { wordsIn } from "@/lib/platform/words";

interface FreedRow extends Record<string, unknown> {
  start_ms: string;
  end_ms: string;
  start_date: string | null;
  end_date: string | null;
}

interface Place extends Record<string, unknown> {
  zone: string;
  locale: string;
  calendar: string;
  provider: "google" | "microsoft";
}

/**
 * Blocks, as time off, what a wholesale change set free and is still ahead. Time that bookings took meanwhile is held
 * beside them. The caller holds the person's lock. Answers the number of pieces.
 */
export async function holdFreedTime(
  tx: Tx,
  ctx: Ctx,
  change: typeof bulkChanges.$inferSelect,
): Promise<number> {
  const chosen = sql`r.bulk_change_id = ${change.id} and r.blocked and r.starts_at < r.ends_at`;
  const rows = await tx.execute<FreedRow>(sql`
    select (extract(epoch from l.starts_at) * 1000)::bigint::text as start_ms,
      (extract(epoch from l.ends_at) * 1000)::bigint::text as end_ms, l.start_date::text, l.end_date::text
    from ${lostEvents(chosen, { calendarId: change.calendarId, since: change.since, now: ctx.now })} l
  `);
  const [place] = await tx.execute<Place>(sql`
    select u.time_zone as zone, u.locale, c.name as calendar, k.provider
    from users u, calendars c join calendar_connections k on k.id = c.connection_id
    where u.id = ${ctx.userId} and c.id = ${change.calendarId}
  `);
  if (place === undefined) return 0;
  const pieces = heldTime(rows.map(toFreed), parseTimeZone(place.zone) ?? UTC);
  await insertTimes(tx, ctx, { id: change.id, title: titleOf(change, place) }, pieces);
  return pieces.length;
}

function toFreed(row: FreedRow): FreedTime {
  const { start_date: first, end_date: end } = row;
  return {
    start: new Date(Number(row.start_ms)),
    end: new Date(Number(row.end_ms)),
    days: first === null || end === null ? null : { start: first as IsoDate, end: end as IsoDate },
  };
}

const VENDOR_NAMES = { google: "Google", microsoft: "Outlook" };
const LONGEST_TITLE = 200;

/** In their language: it stands in their calendar here, and in every answer to why a time is blocked. */
function titleOf(change: typeof bulkChanges.$inferSelect, { locale, calendar, provider }: Place): string {
  const kind = judgeBulkChange(change) ?? "wholesale";
  const given = { vendor: VENDOR_NAMES[provider], calendar };
  return wordsIn(locale)(`bulkChange.held.${kind}`, given).slice(0, LONGEST_TITLE);
}

async function insertTimes(
  tx: Tx,
  ctx: Ctx,
  change: { id: string; title: string },
  pieces: readonly FreedTime[],
): Promise<void> {
  const rows = pieces.map(({ start, end, days }) => ({
    id: newId(ctx.now),
    starts_at: start.toISOString(),
    ends_at: end.toISOString(),
    start_date: days?.start,
    end_date: days?.end,
  }));
  await tx.execute(sql`
    insert into time_off (
      id, user_id, title, all_day, starts_at, ends_at, start_date, end_date, created_at, bulk_change_id
    )
    select r.id, ${ctx.userId}::uuid, ${change.title}, r.start_date is not null, r.starts_at, r.ends_at, r.start_date,
      r.end_date, ${ctx.now.toISOString()}::timestamptz, ${change.id}::uuid
    from json_to_recordset(${JSON.stringify(rows)}::json) as r (
      id uuid, starts_at timestamptz, ends_at timestamptz, start_date date, end_date date
    )
  `);
}
