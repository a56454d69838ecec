/**
 * Whether something planned for `at` is to be done now. Nothing planned yet is due, and so is a time further
 * ahead than its schedule can ever plan: the clock was wrong when it was written.
 */
export function isDue(at: Date | null, now: Date, longestWaitMs: number): boolean {
  if (at === null) return true;
  const wait = at.getTime() - now.getTime();
  return wait <= 0 || wait > longestWaitMs;
}

/** Whether a wait is still running; one further ahead than such a wait can last is not. */
export function isWaiting(until: Date | null, now: Date, longestWaitMs: number): boolean {
  return !isDue(until, now, longestWaitMs);
}
