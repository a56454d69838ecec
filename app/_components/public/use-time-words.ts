import { type DateTimeFormatOptions, useFormatter, useLocale } from "next-intl";
import { comesTwice } from "@/app/_components/public/slot-days";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

const DAY = { weekday: "long", day: "numeric", month: "long" } as const satisfies DateTimeFormatOptions;
const SHORT_DAY = {
  weekday: "short",
  day: "numeric",
  month: "short",
} as const satisfies DateTimeFormatOptions;
const TIME = { hour: "numeric", minute: "2-digit" } as const satisfies DateTimeFormatOptions;

type Formatter = Pick<ReturnType<typeof useFormatter>, "dateTime" | "dateTimeRange">;

export function useTimeWords(timeZone: TimeZoneId) {
  return timeWords(useFormatter(), useLocale(), timeZone);
}

/** Days and times in the words of the page's language and by the clocks of one zone. */
export function timeWords({ dateTime, dateTimeRange }: Formatter, locale: string, timeZone: TimeZoneId) {
  const offset = (at: Date) => offsetOf(at, timeZone, locale);
  const time = (at: Date) => dateTime(at, { ...TIME, timeZone });
  const withOffset = (at: Date, text: string) =>
    comesTwice(at, timeZone) ? `${text} (${offset(at)})` : text;
  return {
    offset,
    /** `Thursday 26 November`; the year only where it is needed. */
    day: (at: Date) => dateTime(at, { ...DAY, timeZone }),
    dayOfYear: (at: Date) => dateTime(at, { ...DAY, year: "numeric", timeZone }),
    /** `02:30`, and `02:30 (GMT+1)` where the clock shows it twice. */
    time: (at: Date) => withOffset(at, time(at)),
    hours: (start: Date, end: Date) => withOffset(start, dateTimeRange(start, end, { ...TIME, timeZone })),
    /** `Fri 27 Nov, 09:30`: what a button has room for. */
    short: (at: Date) => withOffset(at, dateTime(at, { ...SHORT_DAY, ...TIME, timeZone })),
    moment: (at: Date) => withOffset(at, dateTime(at, { ...DAY, ...TIME, timeZone })),
    /** `Paris (GMT+1)`: the offset is that of the given moment. */
    zone: (at: Date) => `${zoneCity(timeZone)} (${offset(at)})`,
  };
}

/** The city a zone is named after: `New York`. */
export function zoneCity(zone: string): string {
  return zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
}

/** `GMT+1`, `UTC+1` in French. */
function offsetOf(at: Date, timeZone: TimeZoneId, locale: string): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "shortOffset" }).formatToParts(at);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}
