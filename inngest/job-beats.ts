import { sql } from "drizzle-orm";
import { jobBeats } from "@/db/schema/watches";
import type { JobName } from "@/inngest/jobs";
import type { Services } from "@/lib/connections/services";
import { describeError, log } from "@/lib/platform/log";

/**
 * Runs a scheduled job and notes when it began and ended, for whoever asks whether the schedule still goes. What an
 * operator runs by hand proves nothing of that and does not come through here.
 */
export async function withBeat<T>(services: Services, job: JobName, work: () => Promise<T>): Promise<T> {
  await stamp(services, job, "started");
  try {
    const result = await work();
    await stamp(services, job, "finished");
    return result;
  } catch (error) {
    await stamp(services, job, "failed");
    throw error;
  }
}

/** Never throws: a job goes before the note of it. */
async function stamp(
  { db, clock }: Services,
  job: JobName,
  what: "started" | "finished" | "failed",
): Promise<void> {
  const now = clock.now();
  const set =
    what === "started"
      ? { startedAt: now }
      : { finishedAt: now, failures: what === "failed" ? sql`${jobBeats.failures} + 1` : 0 };
  try {
    await db
      .insert(jobBeats)
      .values({ job, startedAt: now, ...(what === "started" ? {} : { finishedAt: now }) })
      .onConflictDoUpdate({ target: jobBeats.job, set });
  } catch (error) {
    log.warn({ job, beat: what, err: describeError(error) });
  }
}
