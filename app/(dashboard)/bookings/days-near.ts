const SHOWN_DAYS = 6;

/** The free days to offer beside the chosen one: from it on, and where few follow, those before it. */
export function daysNear<T extends { day: string }>(days: readonly T[], day: string | null): T[] {
  const found = day === null ? 0 : days.findIndex((one) => one.day >= day);
  const from = found === -1 ? days.length : found;
  const start = Math.max(0, Math.min(from, days.length - SHOWN_DAYS));
  return days.slice(start, start + SHOWN_DAYS);
}
