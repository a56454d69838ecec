import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { jobBeats } from "@/db/schema/watches";
import type { Services } from "@/lib/connections/services";
import { log } from "@/lib/platform/log";
import { readBudgets } from "@/lib/reporting/request-budgets";
import { isReadable } from "@/lib/sync/import/claim";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long a job may stay silent: several of its turns. Jobs not named here are rare ones. */
const LONGEST_SILENCE_MS: Readonly<Record<string, number>> = {
  "sync-tick": 5 * MINUTE_MS,
  "drain-outbox": 10 * MINUTE_MS,
  "finish-disconnects": 10 * MINUTE_MS,
  "send-notifications": 10 * MINUTE_MS,
  "export-pending": 10 * MINUTE_MS,
  "renew-watches": 10 * MINUTE_MS,
  "refresh-tokens": 20 * MINUTE_MS,
  watchdog: 20 * MINUTE_MS,
  reconcile: 3 * HOUR_MS,
  "refresh-calendars": 3 * HOUR_MS,
};
const RARE_SILENCE_MS = 50 * HOUR_MS;

/** A connection is reported when a calendar of it failed this often in a row. */
const FAILING_AFTER = 3;
const MOST_REPORTED = 100;

export interface WatchReport {
  stoppedJobs: number;
  failingConnections: number;
  shortBudgets: number;
}

/** Looks for what nobody would notice: a schedule that stopped, connections that keep failing, budgets that end. */
export async function watch(services: Services): Promise<WatchReport> {
  const { db, clock, requests } = services;
  const now = clock.now();
  const stopped = await findStoppedJobs(db, now);
  for (const { job, startedAt } of stopped) {
    log.warn({ event: "schedule.stopped", job, lastStartedAt: startedAt.toISOString() });
  }
  const failing = await findFailingConnections(db);
  for (const connection of failing) log.warn({ event: "connection.failing", ...connection });
  const budgets = await readBudgets(db, requests.budgets, now);
  const short = budgets.filter((state) => state.short);
  for (const { vendor, requests: used, budget, share } of short) {
    log.warn({ event: "budget.short", vendor, requests: used, budget, share: Number(share.toFixed(2)) });
  }
  return {
    stoppedJobs: stopped.length,
    failingConnections: failing.length,
    shortBudgets: short.length,
  };
}

/** Jobs that once ran and no longer do. One stamped by a clock that was ahead is silent until the real time is back. */
export async function findStoppedJobs(db: Db, now: Date): Promise<{ job: string; startedAt: Date }[]> {
  const beats = await db.select().from(jobBeats);
  return beats.filter(({ job, startedAt }) => {
    const silence = Math.abs(now.getTime() - startedAt.getTime());
    return silence > (LONGEST_SILENCE_MS[job] ?? RARE_SILENCE_MS);
  });
}

interface FailingConnection extends Record<string, unknown> {
  connectionId: string;
  provider: string;
  failures: number;
  code: string;
}

/** Those that are still tried: what waits for its owner is known to its owner. */
async function findFailingConnections(db: Db): Promise<FailingConnection[]> {
  return db.execute<FailingConnection>(sql`
    select distinct on (k.id) k.id as "connectionId", k.provider, c.failures, c.last_error_kind as code
    from calendars c join calendar_connections k on k.id = c.connection_id
    where c.failures >= ${FAILING_AFTER} and k.auto_sync_enabled and ${isReadable()}
    order by k.id, c.failures desc
    limit ${MOST_REPORTED}
  `);
}
