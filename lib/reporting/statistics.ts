import { eq, sql } from "drizzle-orm";
import { users } from "@/db/schema/users";
import { dayOf, startOfDay } from "@/lib/calendar/event-time";
import { addDays, daysBetween, type IsoDate } from "@/lib/calendar/iso-date";
import { parseTimeZone, type TimeZoneId, UTC } from "@/lib/calendar/time-zone";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { AppError } from "@/lib/platform/errors";
import { assertOwnConnection } from "@/lib/reporting/own-connection";

export interface RunStatistics {
  /** Runs that ended, each repetition of a quiet one counted. */
  runs: number;
  succeeded: number;
  failed: number;
  /** From 0 to 1; null without runs. */
  successRate: number | null;
  imported: number;
  updated: number;
  removed: number;
  exported: number;
  /** From a change at the vendor to its arrival here; null where no run could tell. */
  delays: { p50Ms: number | null; p95Ms: number | null };
}

export interface Statistics extends RunStatistics {
  from: string;
  to: string;
  /** Days are those of this zone. */
  timeZone: TimeZoneId;
  byDay: (RunStatistics & { date: IsoDate })[];
}

export interface StatisticsFilter {
  from?: Date | undefined;
  to?: Date | undefined;
  integrationId?: string | undefined;
}

const USUAL_DAYS = 30;
const LONGEST_RANGE_MS = 400 * 86_400_000;

/**
 * What the runs of this person came to, in all and by day of their zone, days without runs included. Default: the last
 * 30 days up to now. A row of the ledger that stands for several quiet runs is spread over its time.
 */
export async function getStatistics(ctx: Ctx, filter: StatisticsFilter): Promise<Statistics> {
  requireScope(ctx, "read");
  const { integrationId } = filter;
  if (integrationId !== undefined) await assertOwnConnection(ctx, integrationId);
  const timeZone = await zoneOf(ctx);
  const to = filter.to ?? ctx.now;
  const from = filter.from ?? startOfDay(addDays(dayOf(to, timeZone), 1 - USUAL_DAYS), timeZone);
  if (to.getTime() - from.getTime() > LONGEST_RANGE_MS) {
    throw new AppError("invalid_input", "A range spans at most 400 days.");
  }
  const days = daysWithin(from, to, timeZone);
  const rows = await readRows(ctx, days, integrationId);
  const of = (date: IsoDate | null) => toStatistics(rows.find((row) => row.date === date));
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    timeZone,
    ...of(null),
    byDay: days.map(({ date }) => ({ date, ...of(date) })),
  };
}

/** Of whole days of the person's zone, today the last of them. */
export async function getStatisticsOfDays(
  ctx: Ctx,
  days: number,
  integrationId: string | undefined,
): Promise<Statistics> {
  const timeZone = await zoneOf(ctx);
  const from = startOfDay(addDays(dayOf(ctx.now, timeZone), 1 - days), timeZone);
  return getStatistics(ctx, { from, integrationId });
}

async function zoneOf({ db, userId }: Ctx): Promise<TimeZoneId> {
  const [row] = await db.select({ timeZone: users.timeZone }).from(users).where(eq(users.id, userId));
  return parseTimeZone(row?.timeZone) ?? UTC;
}

interface Day {
  date: IsoDate;
  start: Date;
  end: Date;
}

/** The days a range touches, the first and the last cut to it. An end before its start has none. */
function daysWithin(from: Date, to: Date, zone: TimeZoneId): Day[] {
  if (to <= from) return [];
  const first = dayOf(from, zone);
  const count = daysBetween(first, dayOf(new Date(to.getTime() - 1), zone)) + 1;
  return Array.from({ length: count }, (_, at) => {
    const date = addDays(first, at);
    const [start, end] = [startOfDay(date, zone), startOfDay(addDays(date, 1), zone)];
    return { date, start: start < from ? from : start, end: end > to ? to : end };
  });
}

interface Row extends Record<string, unknown> {
  /** Null: of all days together. */
  date: IsoDate | null;
  succeeded: number;
  failed: number;
  imported: number;
  updated: number;
  removed: number;
  exported: number;
  p50: number | null;
  p95: number | null;
}

/**
 * A row's runs lie evenly between its first and its last; `before` counts those before an instant, so that days add up
 * to the whole, to the run. What a row found belongs to the day it began: quiet rows found nothing.
 */
async function readRows(ctx: Ctx, days: readonly Day[], integrationId: string | undefined): Promise<Row[]> {
  if (days.length === 0) return [];
  const before = (t: string) => {
    const at = sql.raw(t);
    return sql`case when ${at} <= l.started_at then 0
      when l.repeats = 1 or ${at} > l.last_run_at then l.repeats
      else ceil(extract(epoch from ${at} - l.started_at) * (l.repeats - 1)
        / extract(epoch from l.last_run_at - l.started_at))::int end`;
  };
  return ctx.db.execute<Row>(sql`
    with days as (
      select date, starts, ends
      from jsonb_to_recordset(${JSON.stringify(days.map(({ date, start, end }) => ({ date, starts: start, ends: end })))}::jsonb)
        as d(date text, starts timestamptz, ends timestamptz)
    ), bounds as (
      select min(starts) as starts, max(ends) as ends from days
    ), ledger as materialized (
      select l.* from calendar_sync_logs l, bounds b
      where l.user_id = ${ctx.userId} and l.status in ('succeeded', 'failed')
        and l.started_at < b.ends and l.last_run_at >= b.starts
        and (${integrationId ?? null}::uuid is null or l.connection_id = ${integrationId ?? null}::uuid)
    ), parts as (
      select d.date, l.status, ${before("d.ends")} - ${before("d.starts")} as runs,
        l.started_at >= d.starts as first, l.imported, l.updated, l.removed, l.exported, l.delay_ms
      from ledger l join days d on l.started_at < d.ends and l.last_run_at >= d.starts
    )
    select date,
      coalesce(sum(runs) filter (where status = 'succeeded'), 0)::int as succeeded,
      coalesce(sum(runs) filter (where status = 'failed'), 0)::int as failed,
      coalesce(sum(imported) filter (where first), 0)::int as imported,
      coalesce(sum(updated) filter (where first), 0)::int as updated,
      coalesce(sum(removed) filter (where first), 0)::int as removed,
      coalesce(sum(exported) filter (where first), 0)::int as exported,
      percentile_cont(0.5) within group (order by delay_ms) filter (where first)::float8 as p50,
      percentile_cont(0.95) within group (order by delay_ms) filter (where first)::float8 as p95
    from parts
    group by grouping sets ((date), ())
  `);
}

function toStatistics(row: Row | undefined): RunStatistics {
  const { succeeded = 0, failed = 0, imported = 0, updated = 0, removed = 0, exported = 0 } = row ?? {};
  const runs = succeeded + failed;
  const whole = (value: number | null | undefined) => (value == null ? null : Math.round(value));
  return {
    runs,
    succeeded,
    failed,
    successRate: runs === 0 ? null : succeeded / runs,
    imported,
    updated,
    removed,
    exported,
    delays: { p50Ms: whole(row?.p50), p95Ms: whole(row?.p95) },
  };
}
