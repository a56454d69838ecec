import { type SQL, sql } from "drizzle-orm";
import type { Db, Tx } from "@/db/client";
import { prepared } from "@/db/prepared";
import { newId } from "@/lib/platform/ids";
import type { Claim } from "@/lib/sync/import/claim";
import type { Counts } from "@/lib/sync/import/counts";

export type RunTrigger = "connect" | "push" | "schedule" | "manual" | "window" | "booking";
export type RunKind = "full" | "incremental";

/** A run fails for good after this many attempts, unless the vendor itself asked us to wait. */
const MAX_ATTEMPTS = 3;

/** Shows a first import moving. The numbers are replaced when the round ends. */
export async function recordProgress(tx: Tx, claim: Claim, rows: number): Promise<void> {
  if (rows === 0) return;
  await prepared(tx).execute(sql`
    update calendar_sync_logs set imported = imported + ${rows}
    where calendar_id = ${claim.calendarId} and status = 'running' and change_seq <= ${claim.changeSeq}
  `);
}

export interface RunResult {
  trigger: RunTrigger;
  kind: RunKind;
  counts: Counts;
  startedAt: Date;
  finishedAt: Date;
  /** From the vendor's own time of a change to here, the longest; null where nothing says it. */
  delayMs: number | null;
}

/**
 * The ledger's part of the statement that ends a round, after a `fenced` that is empty when the round no longer
 * owns its calendar. Closes the runs this round answers. Where nobody had asked, a quiet round extends the
 * calendar's last quiet row, and any other round gets a row of its own.
 */
export function successParts(claim: Claim, result: RunResult): SQL {
  const { counts, kind, trigger } = result;
  const started = result.startedAt.toISOString();
  const finished = result.finishedAt.toISOString();
  const duration = result.finishedAt.getTime() - result.startedAt.getTime();
  const quiet = trigger === "schedule" && counts.imported + counts.updated + counts.removed === 0;
  return sql`answered as (
      update calendar_sync_logs
      set status = 'succeeded', kind = ${kind}, finished_at = ${finished}::timestamptz,
        duration_ms = ${duration}::int, imported = ${counts.imported}, updated = ${counts.updated},
        removed = ${counts.removed}, unchanged = ${counts.unchanged}, delay_ms = ${result.delayMs}::int, attempts = attempts + 1, error_code = null,
        retry_at = null, last_run_at = ${finished}::timestamptz
      where exists (select from fenced) and calendar_id = ${claim.calendarId} and status = 'running'
        and kind <> 'export' and change_seq <= ${claim.changeSeq}
      returning id
    ), extended as (
      update calendar_sync_logs l
      set repeats = repeats + 1, last_run_at = ${finished}::timestamptz, unchanged = ${counts.unchanged}
      where ${quiet} and exists (select from fenced) and not exists (select from answered)
        and l.id = (
          select id from calendar_sync_logs where calendar_id = ${claim.calendarId} order by seq desc limit 1
        )
        and l.trigger = 'schedule' and l.status = 'succeeded' and l.kind = ${kind}
        and l.imported + l.updated + l.removed = 0
      returning id
    ), added as (
      insert into calendar_sync_logs (
        id, connection_id, calendar_id, user_id, trigger, kind, status, change_seq, started_at, finished_at,
        duration_ms, imported, updated, removed, unchanged, delay_ms, attempts, last_run_at
      )
      select ${newId(result.finishedAt)}::uuid, ${claim.connectionId}::uuid, ${claim.calendarId}::uuid,
        ${claim.userId}::uuid, ${trigger}, ${kind}, 'succeeded', ${claim.changeSeq}::int, ${started}::timestamptz,
        ${finished}::timestamptz, ${duration}::int, ${counts.imported}::int, ${counts.updated}::int,
        ${counts.removed}::int, ${counts.unchanged}::int, ${result.delayMs}::int, 1, ${finished}::timestamptz
      where exists (select from fenced) and not exists (select from answered)
        and not exists (select from extended)
    )`;
}

export interface RunFailure {
  trigger: RunTrigger;
  kind: RunKind;
  errorCode: string;
  retryAt: Date | null;
  /** The vendor asked us to wait: requested runs wait too, however often. */
  waits: boolean;
  startedAt: Date;
  finishedAt: Date;
}

/** Requested runs stay open while another attempt may still answer them; a run nobody asked for is a row. */
export async function logFailure(tx: Db, claim: Claim, failure: RunFailure): Promise<void> {
  const finished = failure.finishedAt.toISOString();
  const retryAt = failure.retryAt?.toISOString() ?? null;
  const duration = failure.finishedAt.getTime() - failure.startedAt.getTime();
  const final = failure.waits ? sql`false` : sql`(${retryAt === null} or attempts + 1 >= ${MAX_ATTEMPTS})`;
  await tx.execute(sql`
    with asked as (
      update calendar_sync_logs
      set attempts = attempts + 1, error_code = ${failure.errorCode}, retry_at = ${retryAt}::timestamptz,
        imported = 0, last_run_at = ${finished}::timestamptz,
        status = case when ${final} then 'failed' else status end,
        finished_at = case when ${final} then ${finished}::timestamptz end,
        duration_ms = case when ${final} then ${duration}::int end
      where calendar_id = ${claim.calendarId} and status = 'running' and kind <> 'export'
        and change_seq <= ${claim.changeSeq}
      returning id
    )
    insert into calendar_sync_logs (
      id, connection_id, calendar_id, user_id, trigger, kind, status, change_seq, started_at, finished_at,
      duration_ms, attempts, error_code, retry_at, last_run_at
    )
    select ${newId(failure.finishedAt)}::uuid, ${claim.connectionId}::uuid, ${claim.calendarId}::uuid,
      ${claim.userId}::uuid, ${failure.trigger}, ${failure.kind}, 'failed', ${claim.changeSeq},
      ${failure.startedAt.toISOString()}::timestamptz, ${finished}::timestamptz, ${duration}::int, 1,
      ${failure.errorCode}, ${retryAt}::timestamptz, ${finished}::timestamptz
    where not exists (select from asked)
  `);
}
