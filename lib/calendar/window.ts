import { contains, isEmpty, type TimeRange } from "@/lib/calendar/time-range";

const DAY_MS = 86_400_000;

/** Bookings are offered this many days ahead. */
export const OFFERED_DAYS = 92;

/** Calendars are read a little further, so that a window read today still covers the offer tomorrow. */
const READ_AHEAD_DAYS = 94;
const READ_BACK_DAYS = 1;

function shift(at: Date, days: number): Date {
  return new Date(at.getTime() + days * DAY_MS);
}

/** The time whose events a full round reads. */
export function importWindow(now: Date): TimeRange {
  return { start: shift(now, -READ_BACK_DAYS), end: shift(now, READ_AHEAD_DAYS) };
}

/** The time in which bookings are offered. */
export function offeredWindow(now: Date): TimeRange {
  return { start: now, end: shift(now, OFFERED_DAYS) };
}

/**
 * Whether a window read earlier still holds all that is offered. False for one that lies ahead of the clock
 * (it was read while the clock was wrong), so that the calendar is read again.
 */
export function covers(window: TimeRange | null, now: Date): boolean {
  return window !== null && contains(window, offeredWindow(now));
}

/** Whether an event belongs into a window; one without length does where it begins inside. */
export function touches(window: TimeRange, range: TimeRange): boolean {
  if (range.start >= window.end) return false;
  return isEmpty(range) ? range.start >= window.start : range.end > window.start;
}
