import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { FAILING_AFTER } from "@/lib/connections/connection-notices";
import { isReadable } from "@/lib/connections/read-calendars";
import type { Services } from "@/lib/connections/services";
import { type OperatorTrouble, stoppedJob } from "@/lib/organizations/operator-notices";
import { log } from "@/lib/platform/log";
import { readBudgets } from "@/lib/reporting/request-budgets";
import { type Beat, isFailing, isSilent, readBeats } from "@/lib/reporting/schedule-state";

const MOST_REPORTED = 100;

interface WatchReport {
  stoppedJobs: number;
  failingJobs: number;
  failingConnections: number;
  shortBudgets: number;
}

/**
 * Looks for what nobody would notice: a schedule that stopped, jobs and connections that keep failing, budgets that end.
 * Connections are told of to their owners when they fail; the other troubles are for the administrators.
 */
export async function watch(
  services: Services,
): Promise<{ report: WatchReport; troubles: OperatorTrouble[] }> {
  const { db, clock, requests } = services;
  const now = clock.now();
  const beats = await readBeats(db);
  const stopped = beats.filter((beat) => isSilent(beat, now));
  for (const { job, startedAt } of stopped) {
    log.warn({ event: "schedule.stopped", job, lastStartedAt: startedAt.toISOString() });
  }
  const failingJobs = beats.filter(isFailing);
  for (const { job, failures } of failingJobs) log.warn({ event: "job.failing", job, failures });
  const failing = await findFailingConnections(db);
  for (const connection of failing) log.warn({ event: "connection.failing", ...connection });
  const budgets = await readBudgets(db, requests.budgets, now);
  const short = budgets.filter((state) => state.short);
  for (const { vendor, requests: used, budget, share } of short) {
    log.warn({ event: "budget.short", vendor, requests: used, budget, share: Number(share.toFixed(2)) });
  }
  const report = {
    stoppedJobs: stopped.length,
    failingJobs: failingJobs.length,
    failingConnections: failing.length,
    shortBudgets: short.length,
  };
  const told = stopped.filter(({ job }) => isSilent({ job, startedAt: services.startedAt ?? NEVER }, now));
  return { report, troubles: troublesOf(told, failingJobs, short) };
}

const NEVER = new Date(0);

/** What administrators are told; their notices' words are made of `trouble` and the rest. */
function troublesOf(
  stopped: readonly Beat[],
  failing: readonly Beat[],
  short: readonly { vendor: string; requests: number; budget: number }[],
): OperatorTrouble[] {
  return [
    ...stopped.map(({ job }) => stoppedJob(job)),
    ...failing.map(({ job, failures }) => ({
      key: `failing:${job}`,
      params: { trouble: "job_failing", job, failures },
    })),
    ...short.map(({ vendor, requests, budget }) => ({
      key: `budget:${vendor}`,
      params: { trouble: "budget_short", provider: vendor, requests, budget },
    })),
  ];
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
