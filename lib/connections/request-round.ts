import { and, eq, inArray, ne, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { isLeased } from "@/db/lease";
import { enqueue } from "@/db/outbox";
import { calendarSyncLogs, calendars } from "@/db/schema/calendars";
import { newId } from "@/lib/platform/ids";

interface RoundsWanted {
  connectionId: string;
  calendarIds: readonly string[];
  trigger: "connect" | "manual";
  now: Date;
}

/**
 * Asks for a round that sees every change made before this: raises the calendar's mark, opens a run in the ledger and
 * leaves a nudge. An error of ours is forgiven, so that it does not keep the round waiting; a vendor's wait is not.
 * Answers the runs' ids, in the order of the calendars.
 */
export async function requestRounds(tx: Tx, wanted: RoundsWanted): Promise<string[]> {
  const { connectionId, now } = wanted;
  if (wanted.calendarIds.length === 0) return [];
  const marked = await tx
    .update(calendars)
    .set({
      changeSeq: sql`${calendars.changeSeq} + 1`,
      nextSyncAt: now,
      backoffUntil: sql`case when ${calendars.lastErrorKind} in ('rate_limited', 'quota_exhausted')
        then ${calendars.backoffUntil} end`,
    })
    .where(and(eq(calendars.connectionId, connectionId), inArray(calendars.id, [...wanted.calendarIds])))
    .returning({
      id: calendars.id,
      userId: calendars.userId,
      changeSeq: calendars.changeSeq,
      cursor: calendars.cursor,
    });
  if (marked.length === 0) return [];
  const runs = marked.map((calendar) => ({
    id: newId(now),
    connectionId,
    calendarId: calendar.id,
    userId: calendar.userId,
    trigger: wanted.trigger,
    kind: calendar.cursor === null ? ("full" as const) : ("incremental" as const),
    status: "running" as const,
    changeSeq: calendar.changeSeq,
    startedAt: now,
    lastRunAt: now,
  }));
  await tx.insert(calendarSyncLogs).values(runs);
  const calendarIds = marked.map((calendar) => calendar.id);
  await enqueue(tx, { name: "calendar/sync.requested", data: { connectionId, calendarIds } }, now);
  return wanted.calendarIds.flatMap((id) => runs.find((run) => run.calendarId === id)?.id ?? []);
}

/**
 * Runs nobody will finish any more: their calendar was deselected, or their connection is leaving. `importsAlone`: the
 * run that writes bookings goes on.
 */
export async function cancelRuns(
  tx: Tx,
  where: { connectionId: string; calendarIds?: readonly string[]; importsAlone?: boolean },
  now: Date,
): Promise<void> {
  await tx
    .update(calendarSyncLogs)
    .set({
      status: "cancelled",
      finishedAt: now,
      lastRunAt: now,
      durationMs: sql`greatest(0, (extract(epoch from ${now.toISOString()}::timestamptz - ${calendarSyncLogs.startedAt}) * 1000))::int`,
    })
    .where(
      and(
        eq(calendarSyncLogs.connectionId, where.connectionId),
        eq(calendarSyncLogs.status, "running"),
        where.calendarIds === undefined
          ? undefined
          : inArray(calendarSyncLogs.calendarId, [...where.calendarIds]),
        where.importsAlone === true ? ne(calendarSyncLogs.kind, "export") : undefined,
      ),
    );
}

/**
 * Requested runs that nobody will take up until the owner reconnects. A calendar that is being read closes its own.
 */
export async function failWaitingRuns(tx: Tx, connectionId: string, now: Date): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(sql`
    update calendar_sync_logs l
    set status = 'failed', error_code = 'reauthorization_required', retry_at = null, finished_at = ${at},
      last_run_at = ${at},
      duration_ms = greatest(0, (extract(epoch from ${at} - l.started_at) * 1000))::int
    from calendars c
    where l.connection_id = ${connectionId} and l.status = 'running' and l.kind <> 'export'
      and c.id = l.calendar_id and not ${isLeased("c")}
  `);
}
