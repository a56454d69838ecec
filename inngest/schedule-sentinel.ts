import type { Services } from "@/lib/connections/services";
import { stoppedJob, tellOperators } from "@/lib/organizations/operator-notices";
import { describeError, log } from "@/lib/platform/log";
import { findStoppedSchedule } from "@/lib/reporting/readiness";

const LOOK_EVERY_MS = 60_000;

/**
 * Looks from outside the schedule whether it goes at all: where every job stopped, so did the watchdog. Each process has
 * one, also where a server runs the jobs. The first finding may be a machine that just woke; the second, a minute
 * later, is told. Whoever runs jobs again has the watchdog, which says that it is over.
 */
export function createSentinel(services: Services, startedAt: Date): { look(): Promise<void> } {
  let found = 0;
  return {
    look: async () => {
      const now = services.clock.now();
      try {
        found = (await findStoppedSchedule(services.db, { startedAt, now })) === null ? 0 : found + 1;
        if (found < 2) return;
        log.warn({ event: "schedule.stopped", job: TICK });
        await tellOperators(services.db, [stoppedJob(TICK)], now);
      } catch (error) {
        log.warn({ event: "sentinel", err: describeError(error) });
      }
    },
  };
}

const TICK = "sync-tick";

/** Starts one; answers how to stop it. */
export function startSentinel(services: Services, startedAt: Date): () => void {
  const sentinel = createSentinel(services, startedAt);
  const timer = setInterval(() => void sentinel.look(), LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
