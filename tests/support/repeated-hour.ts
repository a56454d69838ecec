import { Temporal } from "temporal-polyfill";

export interface RepeatedHour {
  zone: string;
  /** The local day on which the clocks go back. */
  day: string;
}

const HORIZON_DAYS = 85;

/** Somewhere the clocks go back by an hour before the horizon; null in the months in which they do so nowhere. */
export function repeatedHour(now: Date): RepeatedHour | null {
  const end = now.getTime() + HORIZON_DAYS * 86_400_000;
  for (const zone of Intl.supportedValuesOf("timeZone")) {
    const here = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone);
    const change = here.getTimeZoneTransition("next");
    if (change === null || change.epochMilliseconds > end) continue;
    const before = change.subtract({ nanoseconds: 1 });
    if (before.offsetNanoseconds - change.offsetNanoseconds < 3_600e9) continue;
    return { zone, day: change.toPlainDate().toString() };
  }
  return null;
}
