import { isDue, isWaiting } from "@/lib/calendar/due-time";
import { nextSlot } from "@/lib/calendar/hash-slot";
import { SHORT_FROM } from "@/lib/calendar/request-pressure";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const SYNC_INTERVAL_MS = 5 * MINUTE_MS;

/** Also when requests are short, a calendar is read this often: a push may be lost. */
export const LONGEST_SYNC_INTERVAL_MS = 30 * MINUTE_MS;

/** A watch that proved itself within this time stands in for part of the polling. */
export const VERIFIED_FOR_MS = DAY_MS;

/** A tick takes what comes due before the next one could. */
export const LOOK_AHEAD_MS = MINUTE_MS;

/** A sync planned further ahead than this was planned by a wrong clock. */
export const LONGEST_SYNC_WAIT_MS = LONGEST_SYNC_INTERVAL_MS + 5 * MINUTE_MS;

/** A backoff that ends further ahead than this was written by a wrong clock. */
export const LONGEST_BACKOFF_MS = 25 * HOUR_MS;

/** A daily round planned further ahead than this was planned by a wrong clock. */
export const LONGEST_RECONCILE_WAIT_MS = 25 * HOUR_MS;

const RETRY_AFTER_CAP_MS = DAY_MS;
const BACKOFF_BASE_MS = 15 * SECOND_MS;
const BACKOFF_FLOOR_MS = SECOND_MS;

/**
 * How often a calendar is read. `pressure` is the share of a budget of requests that the day will use up: where it is
 * short, calendars whose changes are pushed are asked less often. The others have nothing else, and wait no longer.
 */
export function syncInterval({ pressure, verified }: { pressure: number; verified: boolean }): number {
  if (!verified || pressure < SHORT_FROM) return SYNC_INTERVAL_MS;
  return pressure < 1 ? LONGEST_SYNC_INTERVAL_MS / 2 : LONGEST_SYNC_INTERVAL_MS;
}

/**
 * When a calendar that was just synced is due again: at its own place in the interval, which its id decides,
 * but not within the look-ahead, or the same tick would take it twice.
 */
export function nextSyncAt(calendarId: string, now: Date, intervalMs = SYNC_INTERVAL_MS): Date {
  return nextSlot(calendarId, intervalMs, new Date(now.getTime() + LOOK_AHEAD_MS));
}

/** When a calendar's daily full round comes next; its place in the day has nothing to do with its sync slot. */
export function nextReconcileAt(calendarId: string, now: Date): Date {
  return nextSlot(`reconcile:${calendarId}`, DAY_MS, now);
}

/** A calendar that was read so much later than now was read by a clock that has gone back since. */
export const AHEAD_OF_CLOCK_MS = 2 * MINUTE_MS;

/**
 * Whether a tick at `now` takes the calendar. A running backoff keeps it away, a wrong clock's does not; what was read
 * in a time that has not come yet was planned from there, too.
 */
export function isSyncDue(
  plan: { nextSyncAt: Date | null; backoffUntil: Date | null; lastSyncedAt?: Date | null },
  now: Date,
): boolean {
  if (isWaiting(plan.backoffUntil, now, LONGEST_BACKOFF_MS)) return false;
  if ((plan.lastSyncedAt?.getTime() ?? 0) > now.getTime() + AHEAD_OF_CLOCK_MS) return true;
  const horizon = new Date(now.getTime() + LOOK_AHEAD_MS);
  return isDue(plan.nextSyncAt, horizon, LONGEST_SYNC_WAIT_MS - LOOK_AHEAD_MS);
}

export function isReconcileDue(nextAt: Date | null, now: Date): boolean {
  return isDue(nextAt, now, LONGEST_RECONCILE_WAIT_MS);
}

/**
 * When to try again after `failures` failures in a row: any moment up to a limit that doubles from 15 s to
 * one interval, but not before a `Retry-After` (believed up to 24 h, and spread by as much as 15 s).
 * `random` is a number in [0, 1).
 */
export function backoffUntil(input: {
  failures: number;
  retryAfterMs: number | null;
  random: number;
  now: Date;
}): Date {
  const doublings = Math.min(Math.max(input.failures - 1, 0), 10);
  const limit = Math.min(BACKOFF_BASE_MS * 2 ** doublings, SYNC_INTERVAL_MS);
  const own = Math.max(input.random * limit, BACKOFF_FLOOR_MS);
  const asked = input.retryAfterMs === null ? 0 : input.retryAfterMs + input.random * BACKOFF_BASE_MS;
  return new Date(input.now.getTime() + Math.min(Math.max(own, asked), RETRY_AFTER_CAP_MS));
}
