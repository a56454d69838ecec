import { and, asc, eq, gte, inArray, type SQL } from "drizzle-orm";
import type { Database } from "@/db/client";
import { calendarSyncLogs, calendars } from "@/db/schema/calendars";
import { describeRunError } from "@/lib/reporting/run-errors";
import { table } from "./command";

export type LedgerRun = Awaited<ReturnType<typeof selectRuns>>[number];

function selectRuns(db: Database, where: SQL | undefined) {
  return db
    .select({
      id: calendarSyncLogs.id,
      integrationId: calendarSyncLogs.connectionId,
      calendarId: calendarSyncLogs.calendarId,
      calendar: calendars.name,
      trigger: calendarSyncLogs.trigger,
      kind: calendarSyncLogs.kind,
      status: calendarSyncLogs.status,
      imported: calendarSyncLogs.imported,
      updated: calendarSyncLogs.updated,
      removed: calendarSyncLogs.removed,
      attempts: calendarSyncLogs.attempts,
      errorCode: calendarSyncLogs.errorCode,
      retryAt: calendarSyncLogs.retryAt,
    })
    .from(calendarSyncLogs)
    .leftJoin(calendars, eq(calendars.id, calendarSyncLogs.calendarId))
    .where(where)
    .orderBy(asc(calendarSyncLogs.seq));
}

export async function runsById(db: Database, ids: readonly string[]): Promise<LedgerRun[]> {
  return ids.length === 0 ? [] : selectRuns(db, inArray(calendarSyncLogs.id, [...ids]));
}

/** Runs that were written or extended since an instant, or at exactly that instant. */
export async function runsOf(
  db: Database,
  when: { since: Date } | { at: Date },
  connectionId?: string,
): Promise<LedgerRun[]> {
  const { lastRunAt } = calendarSyncLogs;
  return selectRuns(
    db,
    and(
      "at" in when ? eq(lastRunAt, when.at) : gte(lastRunAt, when.since),
      connectionId === undefined ? undefined : eq(calendarSyncLogs.connectionId, connectionId),
    ),
  );
}

export function describeRuns(runs: readonly LedgerRun[]): string {
  const rows = runs.map((run) => [
    run.id,
    run.status,
    run.kind,
    `${run.imported}/${run.updated}/${run.removed}`,
    run.calendar ?? "",
    run.errorCode === null ? "" : describeRunError(run.errorCode).message,
  ]);
  return table(["RUN", "STATUS", "KIND", "NEW/CHANGED/GONE", "CALENDAR", "ERROR"], rows);
}
