import { Temporal } from "temporal-polyfill";
import type { IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

/**
 * The instant at which a wall clock shows `time` (`HH:MM`). A reading that comes twice, or is skipped, names its
 * earlier or its later moment, as `which` says.
 */
export function instantOfLocal(
  date: IsoDate,
  time: string,
  zone: TimeZoneId,
  which: "earlier" | "later",
): Date {
  const local = Temporal.PlainDate.from(date).toPlainDateTime(Temporal.PlainTime.from(time));
  return new Date(local.toZonedDateTime(zone, { disambiguation: which }).epochMilliseconds);
}
