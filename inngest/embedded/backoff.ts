const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

// pkg/backoff of inngest/inngest: the same table as the real server, so that timing differs nowhere.
const DELAYS_MS = [
  15_000,
  30_000,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  20 * MINUTE,
  40 * MINUTE,
  HOUR,
  2 * HOUR,
];
const JITTER_MS = 30_000;
const SHORTEST_RETRY_AFTER_MS = 1_000;
const LONGEST_RETRY_AFTER_MS = 24 * HOUR;

/**
 * Milliseconds until the next attempt. `attempt` counts from 0; `retryAfter` is the header's value, seconds or
 * an ISO instant, and wins over the table when it can be read.
 */
export function retryDelay(attempt: number, retryAfter: string | undefined, now: Date): number {
  const asked = retryAfter === undefined ? undefined : readRetryAfter(retryAfter, now);
  if (asked !== undefined) return Math.min(LONGEST_RETRY_AFTER_MS, Math.max(SHORTEST_RETRY_AFTER_MS, asked));
  const base = DELAYS_MS[Math.min(attempt, DELAYS_MS.length - 1)] ?? 2 * HOUR;
  return base + Math.random() * JITTER_MS;
}

function readRetryAfter(value: string, now: Date): number | undefined {
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? undefined : instant - now.getTime();
}
