const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A budget counts as short from this share of it on. */
export const SHORT_FROM = 0.8;

/** Requests of one UTC day so far, against what the day allows. */
export interface DayOfRequests {
  requests: number;
  budget: number;
  now: Date;
}

/**
 * The share of its budget a day will have used at its end, if it goes on as it began: 1 is all of it. The first hour
 * counts as a whole one, or every midnight would look like an emergency.
 */
export function projectedShare({ requests, budget, now }: DayOfRequests): number {
  return ((requests / Math.max(intoDay(now), HOUR_MS)) * DAY_MS) / budget;
}

/** Whether the rest of the day needs more than is left, though as little is asked as `requestsPerDay` says. */
export function fallsShort(day: DayOfRequests, requestsPerDay: number): boolean {
  return day.requests + (requestsPerDay * (DAY_MS - intoDay(day.now))) / DAY_MS > day.budget;
}

/** Unlike days of people, budgets' days have no zone. */
export function utcDay(now: Date): string {
  return now.toISOString().slice(0, 10);
}

function intoDay(now: Date): number {
  return now.getTime() % DAY_MS;
}
