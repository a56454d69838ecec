import { formatDay, instantOfWall, parseDay, wallOfInstant } from "../zones";

export const DAY_MS = 86_400_000;
const DAYS = 7;

/** A week from Monday as a person in `zone` lives it. Days are UTC midnights, `from` and `to` instants in milliseconds. */
export interface Week {
  zone: string;
  days: readonly number[];
  from: number;
  to: number;
}

/** The week around a day (`2026-11-25`); an absent or malformed day means the one `now` falls on. */
export function weekAround(zone: string, day: string | undefined, now: number): Week {
  const chosen = parseDay(day ?? "") ?? dayOf(zone, now);
  const monday = mondayOf(chosen);
  const days = Array.from({ length: DAYS }, (_, index) => monday + index * DAY_MS);
  return {
    zone,
    days,
    from: instantOfWall(zone, monday),
    to: instantOfWall(zone, monday + DAYS * DAY_MS),
  };
}

/** The day an instant falls on, as UTC midnight. */
export function dayOf(zone: string, instant: number): number {
  return Math.floor(wallOfInstant(zone, instant) / DAY_MS) * DAY_MS;
}

function mondayOf(day: number): number {
  return day - ((new Date(day).getUTCDay() + 6) % 7) * DAY_MS;
}

/** A day of the week so many weeks away, for addresses. */
export function weeksLater(week: Week, weeks: number): string {
  return formatDay((week.days[0] ?? 0) + weeks * DAYS * DAY_MS);
}

/** A clock reading as forms write it: `["2026-11-24", "10:00"]`. */
export function dateAndTime(wall: number): [date: string, time: string] {
  const text = new Date(wall).toISOString();
  return [text.slice(0, 10), text.slice(11, 16)];
}

/** The clock reading of a date and a time, undefined unless both are real. */
export function wallOf(date: string, time: string): number | undefined {
  const day = parseDay(date);
  const match = /^([01]\d|2[0-3]):([0-5]\d)/.exec(time);
  if (day === undefined || match === null) return undefined;
  return day + (Number(match[1]) * 60 + Number(match[2])) * 60_000;
}
