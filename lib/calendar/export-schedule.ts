import { backoffUntil } from "@/lib/calendar/schedule";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A next attempt further ahead than this was planned by a wrong clock. */
export const LONGEST_EXPORT_WAIT_MS = 26 * HOUR_MS;

/**
 * How a failure passes. `soon`: by itself. `rate`: when the vendor has had its rest. `quota`: in hours, as writes to
 * a calendar are refused for that long. `lasting`: when somebody acts, which is told to us; else looked at daily.
 */
export type FailureClass = "soon" | "rate" | "quota" | "lasting";

/** When to try an export again after its `attempts`th failure in a row. `random` is a number in [0, 1). */
export function exportRetryAt(failure: {
  class: FailureClass;
  attempts: number;
  retryAfterMs: number | null;
  random: number;
  now: Date;
}): Date {
  const { attempts, retryAfterMs, random, now } = failure;
  const from = now.getTime();
  if (failure.class === "lasting") return new Date(from + DAY_MS + random * HOUR_MS);
  if (failure.class !== "quota") return backoffUntil({ failures: attempts, retryAfterMs, random, now });
  const own = Math.min(2 ** Math.max(attempts - 1, 0), 4) * HOUR_MS + random * 0.5 * HOUR_MS;
  return new Date(from + Math.min(Math.max(own, retryAfterMs ?? 0), DAY_MS));
}
