import { dayOf } from "@/lib/calendar/event-time";
import type { IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

/** Things with a start, by the local day they start on, in the order given. */
export function byDay<T extends { start: string }>(
  things: readonly T[],
  zone: TimeZoneId,
): { day: IsoDate; things: T[] }[] {
  const days = new Map<IsoDate, T[]>();
  for (const thing of things) {
    const day = dayOf(new Date(thing.start), zone);
    const there = days.get(day);
    if (there === undefined) days.set(day, [thing]);
    else there.push(thing);
  }
  return [...days].map(([day, some]) => ({ day, things: some }));
}
