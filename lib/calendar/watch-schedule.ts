import { hashSlot } from "@/lib/calendar/hash-slot";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** An answer that has not come by then was lost. No request of ours lasts as long. */
export const ANSWER_WAIT_MS = 2 * MINUTE_MS;

/** Without a message for so long, a new watch is trusted without: its first message may have been lost. */
export const VERIFY_GRACE_MS = 10 * MINUTE_MS;

/** No vendor grants more. A time further ahead was written by a wrong clock. */
export const LONGEST_WATCH_MS = 31 * 24 * HOUR_MS;

/** What is not told of today may be in a week. */
export const UNSUPPORTED_WAIT_MS = 7 * 24 * HOUR_MS;

export const LONGEST_WATCH_BACKOFF_MS = 6 * HOUR_MS;

/** So many changes in a row that nobody announced, and a watch counts as dead. */
export const MISSED_UNTIL_DEAD = 2;

/** A change younger than this may still be announced. */
export const ANNOUNCED_WITHIN_MS = MINUTE_MS;

/** One that lives no longer than this is renewed by the pace of failures: its vendor's clock or ours is wrong. */
const SHORTEST_WATCH_MS = 10 * MINUTE_MS;

/** When a watch ends, as far as an answer can be believed: not later than any can. One that names no end has a day. */
export function endOf(grant: { expiresAt: Date | null }, now: Date): Date {
  const granted = grant.expiresAt?.getTime() ?? now.getTime() + UNNAMED_LIFE_MS;
  return new Date(Math.min(granted, now.getTime() + LONGEST_WATCH_MS));
}

export function isShortLived(expiresAt: Date, now: Date): boolean {
  return expiresAt.getTime() - now.getTime() < SHORTEST_WATCH_MS;
}

const UNNAMED_LIFE_MS = 24 * HOUR_MS;

const EARLIEST = 0.7;
const SPREAD = 0.15;

/**
 * When a watch is replaced: at 70 to 85 % of its life, at a place its id decides, so that a fleet that was connected
 * in one hour is not renewed in one.
 */
export function renewAt(watch: { id: string; requestedAt: Date; expiresAt: Date }): Date {
  const life = Math.max(0, watch.expiresAt.getTime() - watch.requestedAt.getTime());
  const place = hashSlot(`renew:${watch.id}`, Math.max(1, Math.floor(life * SPREAD)));
  return new Date(watch.requestedAt.getTime() + Math.floor(life * EARLIEST) + place);
}

/** When to ask again after `failures` failures in a row; `random` is a number in [0, 1). */
export function watchRetryAt(input: {
  failures: number;
  retryAfterMs: number | null;
  random: number;
  now: Date;
}): Date {
  const doubled = Math.min(MINUTE_MS * 2 ** Math.min(input.failures - 1, 10), LONGEST_WATCH_BACKOFF_MS);
  const own = doubled * (0.5 + input.random / 2);
  const wait = Math.min(Math.max(own, input.retryAfterMs ?? 0), LONGEST_WATCH_BACKOFF_MS);
  return new Date(input.now.getTime() + wait);
}
