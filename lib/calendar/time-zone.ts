import { Temporal } from "temporal-polyfill";
import { findIana, type WindowsZoneName } from "windows-iana";
import { boundedMemo } from "@/lib/calendar/bounded-memo";

/** An IANA zone name this runtime has rules for, in its usual spelling: `Europe/Paris`. */
export type TimeZoneId = string & { readonly __brand: "TimeZoneId" };

export const UTC = "UTC" as TimeZoneId;

// Offsets such as "+02:00" are no zones: PostgreSQL reads their sign the other way round.
const IANA_NAME = /^[A-Za-z][A-Za-z0-9_+-]{0,31}(?:\/[A-Za-z0-9_+-]{1,31}){0,2}$/;

const lookUp = boundedMemo(2_000, (name): TimeZoneId | null => {
  try {
    return new Temporal.ZonedDateTime(0n, name).timeZoneId as TimeZoneId;
  } catch {
    return null;
  }
});

/** The zone a text names, whatever its letter case; null for offsets, Windows names and unknown zones. */
export function parseTimeZone(input: unknown): TimeZoneId | null {
  return typeof input === "string" && IANA_NAME.test(input) ? lookUp(input) : null;
}

/** Whether the text is a zone already spelled as `parseTimeZone` would spell it. */
export function isTimeZone(input: unknown): input is TimeZoneId {
  return typeof input === "string" && parseTimeZone(input) === input;
}

/**
 * The zone of a Windows name ("Romance Standard Time"); null for names without one, such as Outlook's
 * "Customized Time Zone" and "tzone://Microsoft/Custom".
 */
export function fromWindowsZone(name: string): TimeZoneId | null {
  return parseTimeZone(findIana(name as WindowsZoneName)[0]);
}
