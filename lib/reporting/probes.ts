import { sql } from "drizzle-orm";
import type { PushTrouble } from "@/lib/calendar/probe-plan";
import type { Ctx } from "@/lib/organizations/context";
import { notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import type { ProbeFailure } from "@/lib/reporting/probe-errors";

/** `limited`: it works, though nobody told of the event. */
export type ProbeStatus = "running" | "succeeded" | "limited" | "failed";

/** The last test of a calendar. Times are milliseconds since it was asked for; null: not yet, or never. */
export interface Probe {
  id: string;
  calendarId: string;
  status: ProbeStatus;
  requestedAt: string;
  writtenMs: number | null;
  pushMs: number | null;
  readMs: number | null;
  removedMs: number | null;
  /** What failed; beside it a message may be missing as well. */
  failure: ProbeFailure | null;
  /** Why nobody told of it. */
  trouble: PushTrouble | null;
}

/** A result stays in sight for so long, unless its event is still to be removed. */
const SHOWN_MS = 3_600_000;

interface Row extends Record<string, unknown> {
  id: string;
  calendar_id: string;
  requested_ms: string;
  written_ms: string | null;
  pushed_ms: string | null;
  read_ms: string | null;
  removed_ms: string | null;
  finished: boolean;
  push_trouble: PushTrouble | null;
  error_code: string | null;
}

const ms = (column: string) => sql.raw(`(extract(epoch from p.${column}) * 1000)::bigint::text`);

const selectLast = (ctx: Ctx, connectionIds: readonly string[]) => sql`
  select distinct on (p.calendar_id) p.id, p.calendar_id, ${ms("requested_at")} as requested_ms,
    ${ms("written_at")} as written_ms, ${ms("pushed_at")} as pushed_ms, ${ms("read_at")} as read_ms,
    ${ms("removed_at")} as removed_ms, p.finished_at is not null as finished, p.push_trouble, p.error_code
  from calendar_probes p
  where p.user_id = ${ctx.userId} and p.calendar_id is not null
    and p.connection_id in (select jsonb_array_elements_text(${JSON.stringify(connectionIds)}::jsonb)::uuid)`;

/** What pages show of the last tests, by calendar. */
export async function recentProbes(ctx: Ctx, connectionIds: readonly string[]): Promise<Map<string, Probe>> {
  const since = new Date(ctx.now.getTime() - SHOWN_MS).toISOString();
  const rows = await ctx.db.execute<Row>(sql`
    select * from (${selectLast(ctx, connectionIds)} order by p.calendar_id, p.requested_at desc, p.id desc) l
    where to_timestamp(l.requested_ms::bigint / 1000.0) > ${since}::timestamptz or l.removed_ms is null
  `);
  return new Map(rows.map((row) => [row.calendar_id, toProbe(row)]));
}

/** Throws `not_found` for a calendar that is not the caller's, or was never tested. */
export async function lastProbe(ctx: Ctx, connectionId: string, calendarId: string): Promise<Probe> {
  if (!isId(connectionId) || !isId(calendarId)) throw notFound("calendar");
  const [row] = await ctx.db.execute<Row>(sql`
    ${selectLast(ctx, [connectionId])} and p.calendar_id = ${calendarId}
    order by p.calendar_id, p.requested_at desc, p.id desc
  `);
  if (row === undefined) throw notFound("test");
  return toProbe(row);
}

function toProbe(row: Row): Probe {
  const requested = Number(row.requested_ms);
  const since = (ms: string | null) => (ms === null ? null : Math.max(0, Number(ms) - requested));
  const { finished, error_code: code } = row;
  const stays = row.written_ms !== null && row.removed_ms === null;
  const failure = finished && code !== null ? { code, step: failedStep(row), stays } : null;
  const trouble = row.pushed_ms === null ? row.push_trouble : null;
  return {
    id: row.id,
    calendarId: row.calendar_id,
    status: statusOf(row, failure, trouble),
    requestedAt: new Date(requested).toISOString(),
    writtenMs: since(row.written_ms),
    pushMs: since(row.pushed_ms),
    readMs: since(row.read_ms),
    removedMs: row.written_ms === null ? null : since(row.removed_ms),
    failure,
    trouble,
  };
}

function failedStep({ written_ms, read_ms }: Row): ProbeFailure["step"] {
  if (written_ms === null) return "write";
  return read_ms === null ? "read" : "remove";
}

function statusOf({ finished }: Row, failure: object | null, trouble: PushTrouble | null): ProbeStatus {
  if (!finished) return "running";
  if (failure !== null) return "failed";
  return trouble === null ? "succeeded" : "limited";
}
