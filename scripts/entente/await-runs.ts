import { setTimeout as sleep } from "node:timers/promises";
import type { Services } from "@/lib/connections/services";
import { syncCalendars } from "@/lib/sync/sync-due";
import { type LedgerRun, runsById } from "./ledger";

const POLL_MS = 200;

/**
 * Waits until requested runs have ended, whoever does the work. What nobody has taken is done here, a repetition
 * not before its time; a calendar's lease keeps two from reading it at once. Runs that are still open after
 * `limitMs` are answered as they stand; those of a connection that left meanwhile are gone.
 */
export async function awaitRuns(
  services: Services,
  runIds: readonly string[],
  limitMs: number,
): Promise<LedgerRun[]> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const runs = await runsById(services.db, runIds);
    const open = runs.filter((run) => run.status === "running");
    if (open.length === 0 || performance.now() > deadline) return runs;
    const now = services.clock.now();
    const ready = open.filter((run) => run.retryAt === null || run.retryAt <= now);
    const calendarIds = [...new Set(ready.flatMap((run) => run.calendarId ?? []))];
    await syncCalendars(services, calendarIds, "manual");
    await sleep(POLL_MS);
  }
}
