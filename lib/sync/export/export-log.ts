import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { isLeased } from "@/db/lease";
import { LIVE_CHANNEL, liveMessage } from "@/db/live";
import { newId } from "@/lib/platform/ids";
import type { ExportFailure } from "@/lib/sync/export/failure";

export type ExportTrigger = "booking" | "manual" | "schedule" | "connect";

/** One drain of a connection, as the ledger will show it. */
export interface ExportRun {
  connectionId: string;
  userId: string;
  trigger: ExportTrigger;
  startedAt: Date;
}

/**
 * One event more, in the statement that notes it (after its `fenced`): the ledger counts right also when this process
 * dies. An open run of the connection takes it, such as the one a reconnect opened; else this drain opens its own.
 */
export function countParts(run: ExportRun, now: Date): SQL {
  const at = sql`${now.toISOString()}::timestamptz`;
  return sql`counted as (
      update calendar_sync_logs set exported = exported + 1, last_run_at = ${at}
      where exists (select from fenced) and id = (
        select id from calendar_sync_logs
        where connection_id = ${run.connectionId} and kind = 'export' and status = 'running'
        order by seq limit 1
      )
      returning id
    ), opened as (
      insert into calendar_sync_logs (
        id, connection_id, user_id, trigger, kind, status, change_seq, started_at, exported, last_run_at
      )
      select ${newId(now)}::uuid, ${run.connectionId}::uuid, ${run.userId}::uuid, ${run.trigger}, 'export', 'running',
        0, ${run.startedAt.toISOString()}::timestamptz, 1, ${at}
      where exists (select from fenced) and not exists (select from counted)
    )`;
}

/**
 * Ends the open run unless another worker still writes for this connection. One in which nothing happened leaves no
 * trace; a failure of a drain that wrote nothing is a run of its own.
 */
export async function closeRun(
  db: Db,
  run: ExportRun,
  failure: ExportFailure | null,
  now: Date,
): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const started = sql`${run.startedAt.toISOString()}::timestamptz`;
  const status = failure === null ? "succeeded" : "failed";
  const code = failure?.code ?? null;
  const retryAt = failure === null || failure.class === "lasting" ? null : failure.retryAt.toISOString();
  const open = sql`l.connection_id = ${run.connectionId} and l.kind = 'export' and l.status = 'running'
    and not exists (
      select from calendar_exported_bookings x where x.connection_id = ${run.connectionId} and ${isLeased("x")}
    )`;
  await db.execute(sql`
      with quiet as (
        delete from calendar_sync_logs l where ${open} and l.exported = 0 and ${failure === null}
      ), closed as (
        update calendar_sync_logs l
        set status = ${status}, finished_at = ${at}, last_run_at = ${at}, attempts = l.attempts + 1,
          error_code = ${code}, retry_at = ${retryAt}::timestamptz,
          duration_ms = greatest(0, (extract(epoch from ${at} - greatest(l.started_at, ${started})) * 1000))::int
        where ${open} and (l.exported > 0 or ${failure !== null})
        returning l.id
      ), failed as (
        insert into calendar_sync_logs (
          id, connection_id, user_id, trigger, kind, status, change_seq, started_at, finished_at, duration_ms, attempts,
          error_code, retry_at, last_run_at
        )
        select ${newId(now)}::uuid, k.id, k.user_id, ${run.trigger}, 'export', 'failed', 0, ${started}, ${at},
          greatest(0, (extract(epoch from ${at} - ${started}) * 1000))::int, 1, ${code}, ${retryAt}::timestamptz, ${at}
        from calendar_connections k
        where k.id = ${run.connectionId} and ${failure !== null} and not exists (select from closed)
        returning id
      )
      select pg_notify(${LIVE_CHANNEL}, ${liveMessage(run.userId, ["history", "integrations"])})
      where exists (select from closed) or exists (select from failed)
    `);
}
