import type { Db } from "@/db/client";
import { jobBeats } from "@/db/schema/watches";
import type { Ctx } from "@/lib/organizations/context";
import { runsInstallation } from "@/lib/organizations/operator-notices";

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
  "run-probes": 10 * MINUTE_MS,
  "refresh-tokens": 20 * MINUTE_MS,
  watchdog: 20 * MINUTE_MS,
  reconcile: 3 * HOUR_MS,
  "refresh-calendars": 3 * HOUR_MS,
};
const RARE_SILENCE_MS = 50 * HOUR_MS;

/** A job is reported when it failed this often in a row. */
const FAILING_AFTER = 3;

export type Beat = typeof jobBeats.$inferSelect;

export async function readBeats(db: Db): Promise<Beat[]> {
  return db.select().from(jobBeats).orderBy(jobBeats.job);
}

/** Several of its turns did not come. One stamped by a clock that was ahead is silent until the real time is back. */
export function isSilent({ job, startedAt }: Pick<Beat, "job" | "startedAt">, now: Date): boolean {
  const silence = Math.abs(now.getTime() - startedAt.getTime());
  return silence > (LONGEST_SILENCE_MS[job] ?? RARE_SILENCE_MS);
}

export function isFailing({ failures }: Beat): boolean {
  return failures >= FAILING_AFTER;
}

/** Jobs that once ran and no longer do. */
export async function findStoppedJobs(db: Db, now: Date): Promise<Beat[]> {
  return (await readBeats(db)).filter((beat) => isSilent(beat, now));
}

export interface JobState {
  job: string;
  startedAt: string;
  state: "ok" | "stopped" | "failing";
}

/**
 * Each scheduled job as those see it who run the installation, read from the table, so that it is true although none
 * runs. Null for everybody else.
 */
export async function readSchedule(ctx: Ctx): Promise<JobState[] | null> {
  if (!(await runsInstallation(ctx))) return null;
  return (await readBeats(ctx.db)).map((beat) => {
    const failing = isFailing(beat) ? "failing" : "ok";
    const state = isSilent(beat, ctx.now) ? "stopped" : failing;
    return { job: beat.job, startedAt: beat.startedAt.toISOString(), state };
  });
}
