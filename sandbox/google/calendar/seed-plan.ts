import { createHash } from "node:crypto";
import type { Desk } from "./desk";
import type { EventDateTime, EventFields, Person, StoredEvent } from "./model";
import { createEvent } from "./mutations";
import { formatDay, formatInstant, instantOfWall, wallOfInstant } from "./zones";

const DAY_MS = 86_400_000;

/** Writes a calendar's first events by day number, 0 being the Monday of the week the clock stands in. */
export interface SeedPlan {
  /** A timed event, `from` and `to` as `09:30` on the calendar's clock. */
  at(day: number, from: string, to: string, summary: string, more?: SeedExtras): StoredEvent;
  /** An all-day event over so many days. */
  day(day: number, days: number, summary: string, more?: SeedExtras): StoredEvent;
}

type SeedExtras = EventFields & { invitedBy?: Person };

export function createSeedPlan(desk: Desk): SeedPlan {
  const zone = desk.calendar.record.timeZone;
  const monday = mondayOf(wallOfInstant(zone, desk.world.google.clock.ms()));
  const timed = (day: number, clock: string): EventDateTime => {
    const [hours = "0", minutes = "0"] = clock.split(":");
    const wall = monday + day * DAY_MS + (Number(hours) * 60 + Number(minutes)) * 60_000;
    return { dateTime: formatInstant(instantOfWall(zone, wall), zone), timeZone: zone };
  };
  const write = (summary: string, start: EventDateTime, end: EventDateTime, more: SeedExtras = {}) => {
    const { invitedBy, ...fields } = more;
    const id = seedId(desk.calendar.id, summary, start);
    return createEvent(desk, { id, organizer: invitedBy, fields: { summary, start, end, ...fields } });
  };
  return {
    at: (day, from, to, summary, more) => write(summary, timed(day, from), timed(day, to), more),
    day(day, days, summary, more) {
      const first = monday + day * DAY_MS;
      return write(summary, { date: formatDay(first) }, { date: formatDay(first + days * DAY_MS) }, more);
    },
  };
}

function mondayOf(wall: number): number {
  const day = Math.floor(wall / DAY_MS);
  // Day 0 of the epoch was a Thursday.
  return (day - ((day + 3) % 7)) * DAY_MS;
}

function seedId(calendarId: string, summary: string, start: EventDateTime): string {
  const text = `${calendarId}/${summary}/${start.date ?? start.dateTime}`;
  return createHash("sha256").update(text).digest("hex").slice(0, 26);
}
