import { sql } from "drizzle-orm";
import type { Ctx } from "@/lib/organizations/context";
import { isId } from "@/lib/platform/ids";

/** How the bookings of a person stand in the calendars of one connection. */
export interface ExportHealth {
  /** Events on their way: to be written or removed, and nothing stands against it. */
  pending: number;
  /** Events that could not be written or removed, by the code of the error, most first. */
  failed: { code: string; count: number }[];
  /** When the earliest of those is tried again; RFC 3339. */
  retryAt: string | null;
  /** Events of bookings to come that their owner moved, changed or deleted, undecided; open wholesale changes are told apart. */
  changed: number;
  /** Events a connect or reconnect of the last day caught up with. */
  addedByConnect: number;
}

const NOTHING: ExportHealth = { pending: 0, failed: [], retryAt: null, changed: 0, addedByConnect: 0 };
const A_DAY_MS = 86_400_000;

interface Row extends Record<string, unknown> {
  id: string;
  pending: number;
  changed: number;
  failed: Record<string, number> | null;
  retry_at: string | null;
  added: number;
}

/** For each of the caller's connections among `connectionIds`; all of them are in the answer. */
export async function exportHealth(
  ctx: Ctx,
  connectionIds: readonly string[],
): Promise<Map<string, ExportHealth>> {
  const wanted = connectionIds.filter(isId);
  if (wanted.length === 0) return new Map();
  const now = sql`${ctx.now.toISOString()}::timestamptz`;
  const rows = await ctx.db.execute<Row>(sql`
    with chosen as (
      select id from calendar_connections
      where user_id = ${ctx.userId}
        and id in (select jsonb_array_elements_text(${JSON.stringify(wanted)}::jsonb)::uuid)
    ), events as (
      select x.connection_id, x.error_code as code, x.next_attempt_at,
        x.desired <> 'left' and x.wanted_seq > x.done_seq and (x.desired = 'absent' or b.ends_at > ${now}) as open,
        x.desired = 'present' and x.remote_state <> 'in_place' and b.status = 'confirmed' and b.ends_at > ${now}
          and not exists (select from bulk_changes h where h.id = x.bulk_change_id and h.decision is null)
          as changed
      from calendar_exported_bookings x
      join bookings b on b.id = x.booking_id
      where x.connection_id in (select id from chosen)
    )
    select k.id,
      (select count(*)::int from events e where e.connection_id = k.id and e.open and e.code is null) as pending,
      (select count(*)::int from events e where e.connection_id = k.id and e.changed) as changed,
      (
        select jsonb_object_agg(f.code, f.count) from (
          select e.code, count(*)::int as count from events e
          where e.connection_id = k.id and e.open and e.code is not null group by e.code
        ) f
      ) as failed,
      (
        select to_char(min(e.next_attempt_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        from events e where e.connection_id = k.id and e.open and e.code is not null
      ) as retry_at,
      (
        select coalesce(sum(l.exported), 0)::int from calendar_sync_logs l
        where l.connection_id = k.id and l.kind = 'export' and l.trigger = 'connect'
          and l.started_at > ${new Date(ctx.now.getTime() - A_DAY_MS).toISOString()}::timestamptz
      ) as added
    from chosen k
  `);
  return new Map([
    ...wanted.map((id) => [id, NOTHING] as const),
    ...rows.map((row) => [row.id, toHealth(row)] as const),
  ]);
}

function toHealth({ pending, changed, failed, retry_at, added }: Row): ExportHealth {
  const causes = Object.entries(failed ?? {}).map(([code, count]) => ({ code, count }));
  causes.sort((a, b) => b.count - a.count || a.code.localeCompare(b.code));
  return { pending, failed: causes, retryAt: retry_at, changed, addedByConnect: added };
}
