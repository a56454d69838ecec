import { Temporal } from "temporal-polyfill";

const DAY_MS = 86_400_000;

/** Offset of a zone at an instant, in milliseconds. */
function offsetAt(zone: string, instant: number): number {
  if (zone === "UTC") return 0;
  const day = Math.floor(instant / DAY_MS);
  const cache = offsetsOf(zone);
  const known = cache.get(day);
  if (known !== undefined) return known ?? exactOffset(zone, instant);
  const atStart = exactOffset(zone, day * DAY_MS);
  const constant = atStart === exactOffset(zone, (day + 1) * DAY_MS) ? atStart : null;
  cache.set(day, constant);
  return constant ?? exactOffset(zone, instant);
}

// Per zone: UTC day number to the offset of the whole day, null on a day that has a transition.
const offsets = new Map<string, Map<number, number | null>>();

function offsetsOf(zone: string): Map<number, number | null> {
  const existing = offsets.get(zone);
  if (existing !== undefined) return existing;
  const created = new Map<number, number | null>();
  offsets.set(zone, created);
  return created;
}

function exactOffset(zone: string, instant: number): number {
  return (
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).offsetNanoseconds / 1_000_000
  );
}

/**
 * The instant of a wall clock reading, given as if it were UTC. A reading that a clock change skipped moves forward by
 * the gap, one that occurs twice means the first.
 */
export function instantOfWall(zone: string, wall: number): number {
  if (zone === "UTC") return wall;
  const before = offsetAt(zone, wall - DAY_MS);
  const after = offsetAt(zone, wall + DAY_MS);
  if (offsetAt(zone, wall - before) === before) return wall - before;
  if (offsetAt(zone, wall - after) === after) return wall - after;
  return wall - before;
}

/** The wall clock reading at an instant, as if it were UTC. */
export function wallOfInstant(zone: string, instant: number): number {
  return instant + offsetAt(zone, instant);
}

/** RFC 3339 with the zone's offset, whole seconds: `2026-12-01T10:00:00+01:00`. */
export function formatInstant(instant: number, zone: string): string {
  const offset = offsetAt(zone, instant);
  const wall = new Date(instant + offset).toISOString().slice(0, 19);
  if (offset === 0) return `${wall}Z`;
  const minutes = Math.round(Math.abs(offset) / 60_000);
  const hours = String(Math.floor(minutes / 60)).padStart(2, "0");
  return `${wall}${offset < 0 ? "-" : "+"}${hours}:${String(minutes % 60).padStart(2, "0")}`;
}

export function isZone(zone: string): boolean {
  try {
    exactOffset(zone, 0);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?([Zz]|[+-]\d{2}:\d{2})?$/;

/** Parses an RFC 3339 time, ignoring fractions of a second; `wall` is its clock reading as if it were UTC. */
export function parseRfc3339(text: string): { wall: number; offset: number | undefined } | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, offset] = match;
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (!isRealDate(Number(year), Number(month), Number(day)) || Number(hour) > 23 || Number(minute) > 59)
    return undefined;
  return { wall, offset: offset === undefined ? undefined : parseOffset(offset) };
}

function parseOffset(text: string): number {
  if (text === "Z" || text === "z") return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(4, 6));
  return (text.startsWith("-") ? -minutes : minutes) * 60_000;
}

/** The day of a `yyyy-mm-dd` as UTC midnight, undefined when there is no such day. */
export function parseDay(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return isRealDate(year, month, day) ? Date.UTC(year, month - 1, day) : undefined;
}

function isRealDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

export function formatDay(utcMidnight: number): string {
  return new Date(utcMidnight).toISOString().slice(0, 10);
}
