import type { EventDateTime } from "./model";
import { instantOfWall, parseDay, parseRfc3339 } from "./zones";

/** A half-open stretch of time in milliseconds. */
export interface Span {
  start: number;
  end: number;
}

/** The instant of a stored time. All-day times begin at midnight of the calendar's zone. */
export function instantOf(time: EventDateTime, calendarZone: string): number {
  if (time.date !== undefined) return instantOfWall(calendarZone, parseDay(time.date) ?? 0);
  const parsed = parseRfc3339(time.dateTime ?? "");
  if (parsed === undefined) throw new Error(`A stored time is malformed: ${time.dateTime}`);
  if (parsed.offset !== undefined) return parsed.wall - parsed.offset;
  return instantOfWall(time.timeZone ?? calendarZone, parsed.wall);
}

export function isAllDay(time: EventDateTime | null | undefined): boolean {
  return time?.date !== undefined;
}
