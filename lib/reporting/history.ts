import { and, desc, eq, gte, inArray, lt, sql } from "drizzle-orm";
import { z } from "zod";
import { calendarSyncLogs, calendars, RUN_STATUSES, RUN_TRIGGERS } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import type { Ctx } from "@/lib/organizations/context";
import { notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { decodePosition, type Page, type PageRequest, toPage } from "@/lib/platform/page";
import { assertOwnConnection } from "@/lib/reporting/own-connection";
import { describeRunError } from "@/lib/reporting/run-errors";

export interface SyncRun {
  id: string;
  calendarId: string | null;
  trigger: (typeof RUN_TRIGGERS)[number];
  kind: "full" | "incremental" | "export";
  status: (typeof RUN_STATUSES)[number];
  startedAt: string;
  finishedAt: string | null;
  durationMs: number | null;
  imported: number;
  updated: number;
  removed: number;
  unchanged: number;
  exported: number;
  attempts: number;
  error: { code: string; message: string; fix: string; retryAt: string | null } | null;
  repeats: number;
  lastRunAt: string;
}

/** A run as a person reads it: with the calendar's and the account's names. */
export interface HistoryEntry extends SyncRun {
  provider: "google" | "microsoft";
  integrationId: string;
  accountEmail: string;
  calendarName: string | null;
}

export const HistoryFilter = z.object({
  integrationId: z.string().optional(),
  status: z.enum(RUN_STATUSES).optional(),
  calendarId: z.uuid().optional(),
  trigger: z.enum(RUN_TRIGGERS).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
});

/** Runs of this person, newest first. An `integrationId` that is not theirs is a 404, not an empty list. */
export async function listRuns(
  ctx: Ctx,
  filter: z.infer<typeof HistoryFilter>,
  page: PageRequest,
): Promise<Page<HistoryEntry>> {
  if (filter.integrationId !== undefined) await assertOwnConnection(ctx, filter.integrationId);
  const after = decodePosition(page.cursor, "number");
  const rows = await selectRuns(ctx)
    .where(
      and(
        eq(calendarSyncLogs.userId, ctx.userId),
        filter.integrationId === undefined
          ? undefined
          : eq(calendarSyncLogs.connectionId, filter.integrationId),
        filter.status === undefined ? undefined : eq(calendarSyncLogs.status, filter.status),
        filter.calendarId === undefined ? undefined : eq(calendarSyncLogs.calendarId, filter.calendarId),
        filter.trigger === undefined ? undefined : eq(calendarSyncLogs.trigger, filter.trigger),
        filter.from === undefined ? undefined : gte(calendarSyncLogs.lastRunAt, new Date(filter.from)),
        filter.to === undefined ? undefined : lt(calendarSyncLogs.startedAt, new Date(filter.to)),
        after === null ? undefined : sql`${calendarSyncLogs.seq} < ${after.key}::bigint`,
      ),
    )
    .orderBy(desc(calendarSyncLogs.seq))
    .limit(page.limit + 1);
  return toPage(rows, page.limit, ({ run }) => ({ key: String(run.seq), id: run.id }), toEntry);
}

export async function getRun(ctx: Ctx, id: string): Promise<HistoryEntry> {
  if (!isId(id)) throw notFound("run");
  const [row] = await selectRuns(ctx).where(
    and(eq(calendarSyncLogs.id, id), eq(calendarSyncLogs.userId, ctx.userId)),
  );
  if (row === undefined) throw notFound("run");
  return toEntry(row);
}

/**
 * The newest run of each connection, for the cards of the integrations page. Looks at the last row of each of its
 * calendars alone, however long the ledger is.
 */
export async function lastRuns(ctx: Ctx, connectionIds: string[]): Promise<Map<string, SyncRun>> {
  if (connectionIds.length === 0) return new Map();
  const rows = await ctx.db
    .selectDistinctOn([calendarSyncLogs.connectionId])
    .from(calendarSyncLogs)
    .where(
      inArray(
        calendarSyncLogs.id,
        sql`(
          select (select id from calendar_sync_logs where calendar_id = c.id order by seq desc limit 1)
          from calendars c
          where c.user_id = ${ctx.userId} and ${inArray(sql`c.connection_id`, connectionIds)}
        )`,
      ),
    )
    .orderBy(calendarSyncLogs.connectionId, desc(calendarSyncLogs.lastRunAt), desc(calendarSyncLogs.seq));
  return new Map(rows.map((run) => [run.connectionId, toRun(run)]));
}

function selectRuns(ctx: Ctx) {
  return ctx.db
    .select({
      run: calendarSyncLogs,
      provider: calendarConnections.provider,
      accountEmail: calendarConnections.accountEmail,
      calendarName: calendars.name,
    })
    .from(calendarSyncLogs)
    .innerJoin(calendarConnections, eq(calendarConnections.id, calendarSyncLogs.connectionId))
    .leftJoin(calendars, eq(calendars.id, calendarSyncLogs.calendarId))
    .$dynamic();
}

type RunRow = typeof calendarSyncLogs.$inferSelect;

interface EntryRow {
  run: RunRow;
  provider: "google" | "microsoft";
  accountEmail: string;
  calendarName: string | null;
}

function toEntry(row: EntryRow): HistoryEntry {
  return {
    ...toRun(row.run),
    provider: row.provider,
    integrationId: row.run.connectionId,
    accountEmail: row.accountEmail,
    calendarName: row.calendarName,
  };
}

function toRun(run: RunRow): SyncRun {
  const error =
    run.errorCode === null
      ? null
      : {
          code: run.errorCode,
          ...describeRunError(run.errorCode, run.kind),
          retryAt: run.retryAt?.toISOString() ?? null,
        };
  return {
    id: run.id,
    calendarId: run.calendarId,
    trigger: run.trigger,
    kind: run.kind,
    status: run.status,
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
    durationMs: run.durationMs,
    imported: run.imported,
    updated: run.updated,
    removed: run.removed,
    unchanged: run.unchanged,
    exported: run.exported,
    attempts: run.attempts,
    error,
    repeats: run.repeats,
    lastRunAt: run.lastRunAt.toISOString(),
  };
}
