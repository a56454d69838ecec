import { type RateRule, rateWindow, retryAfterSeconds } from "@/lib/platform/rate-limit";

const MAX_BUCKETS = 50_000;

/** Counts in this process alone: for limits that shield the process, where a shared counter would cost a write. */
export interface MemoryLimiter {
  /** Null when allowed, else the seconds to wait. */
  hit(bucket: string, rule: RateRule, now: Date): number | null;
}

export function createMemoryLimiter(): MemoryLimiter {
  const counts = new Map<string, { end: number; count: number }>();
  return {
    hit(bucket, rule, now) {
      const known = counts.get(bucket);
      const current = known !== undefined && known.end > now.getTime() ? known : null;
      const count = (current?.count ?? 0) + 1;
      if (count > rule.limit) return retryAfterSeconds(rule, now);
      if (current === null && counts.size >= MAX_BUCKETS) forgetEnded(counts, now);
      counts.set(bucket, { end: current?.end ?? rateWindow(rule, now).end.getTime(), count });
      return null;
    },
  };
}

function forgetEnded(counts: Map<string, { end: number; count: number }>, now: Date): void {
  for (const [bucket, { end }] of counts) if (end <= now.getTime()) counts.delete(bucket);
  if (counts.size >= MAX_BUCKETS) counts.clear();
}
