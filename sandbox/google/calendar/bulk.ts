import type { Desk } from "./desk";
import { randomEventId } from "./ids";
import { calendarAsPerson } from "./mutations";
import { announce } from "./world";
import { formatDay, formatInstant } from "./zones";

export interface BulkOrder {
  count: number;
  /** RFC 3339; the clock's now when absent. */
  from?: string;
  /** The events are spread evenly over so many days; default 90. */
  days?: number;
  durationMinutes?: number;
  summary?: string;
  /** Every nth event is an all-day one; default none. */
  allDayEvery?: number;
  /** Every nth event is transparent; default none. */
  transparentEvery?: number;
}

/** Creates many single events at once, for benchmarks. Answers how many. */
export function createMany(desk: Desk, order: BulkOrder): number {
  const { calendar, actor, world } = desk;
  const now = world.google.clock.now().toISOString();
  const zone = calendar.record.timeZone;
  const from = order.from === undefined ? world.google.clock.ms() : Date.parse(order.from);
  const step = ((order.days ?? 90) * 86_400_000) / Math.max(1, order.count);
  const length = (order.durationMinutes ?? 30) * 60_000;
  const organizer = calendarAsPerson(calendar, actor);
  for (let index = 0; index < order.count; index += 1) {
    const id = randomEventId();
    // Whole minutes: Google's times have no fractions of a second.
    const start = Math.floor((from + index * step) / 60_000) * 60_000;
    const allDay = isEvery(order.allDayEvery, index);
    calendar.put({
      id,
      status: "confirmed",
      sequence: 0,
      iCalUID: `${id}@google.com`,
      created: now,
      updated: now,
      creator: actor,
      organizer,
      fields: {
        summary: `${order.summary ?? "Event"} ${index + 1}`,
        ...(isEvery(order.transparentEvery, index) && { transparency: "transparent" }),
        ...(allDay ? days(start) : times(start, start + length, zone)),
      },
    });
  }
  announce(world, { calendarId: calendar.id });
  return order.count;
}

function isEvery(nth: number | undefined, index: number): boolean {
  return nth !== undefined && nth > 0 && index % nth === nth - 1;
}

function times(start: number, end: number, timeZone: string) {
  return {
    start: { dateTime: formatInstant(start, timeZone), timeZone },
    end: { dateTime: formatInstant(end, timeZone), timeZone },
  };
}

function days(start: number) {
  return { start: { date: formatDay(start) }, end: { date: formatDay(start + 86_400_000) } };
}
