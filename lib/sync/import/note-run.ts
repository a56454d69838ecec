import { log } from "@/lib/platform/log";
import { metrics } from "@/lib/platform/metrics";
import type { Claim } from "@/lib/sync/import/claim";
import type { Counts } from "@/lib/sync/import/counts";
import type { RunKind, RunTrigger } from "@/lib/sync/import/run-log";

interface NotedRun extends Partial<Counts> {
  trigger: RunTrigger;
  kind: RunKind;
  status: "succeeded" | "failed" | "fenced" | "held_back";
  startedAt: Date;
  finishedAt: Date;
  /** From the vendor's own time of a change to here, the longest of the round. */
  delayMs?: number | null;
  err?: Record<string, unknown>;
}

const CHANGES = ["imported", "updated", "removed"] as const;

/** One line of the log and the numbers of one round: ids, counts and times, nothing of what a calendar says. */
export function noteRun(claim: Claim, { startedAt, finishedAt, ...run }: NotedRun): void {
  const { trigger, kind, status } = run;
  const durationMs = finishedAt.getTime() - startedAt.getTime();
  // The tick takes what comes due within a minute, so a round may begin before its turn.
  const lagMs = Math.max(0, startedAt.getTime() - claim.dueAt.getTime());
  const { connectionId, calendarId } = claim;
  log.info({ run: "sync", connectionId, calendarId, durationMs, lagMs, ...run });
  metrics().count("entente_runs_total", { kind, trigger, status });
  metrics().observe("entente_run_duration_seconds", { kind }, durationMs / 1000);
  metrics().observe("entente_run_lag_seconds", { trigger }, lagMs / 1000);
  if (run.delayMs != null) metrics().observe("entente_change_delay_seconds", { trigger }, run.delayMs / 1000);
  for (const change of CHANGES) {
    const count = run[change] ?? 0;
    if (count > 0) metrics().count("entente_run_events_total", { change }, count);
  }
}
