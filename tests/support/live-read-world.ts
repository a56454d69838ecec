import { afterEach, beforeEach, vi } from "vitest";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import type { TimeRange } from "@/lib/calendar/time-range";
import { type BookingWorld, bookingWorld, minutesAfter, NOW, SLOT } from "./booking-world";
import { at, event } from "./scripted-vendor";

/** Of a calendar whose stored events may be out of date. */
export const STALE = { syncedThrough: new Date(NOW.getTime() - 3_600_000) };

export interface LiveReadWorld extends BookingWorld {
  asked: { calendar: string; range: TimeRange }[];
  /** What the vendor answers now: to all calendars, or by a function of the calendar's id there. */
  answer: CalendarEvent[] | ((calendar: string) => Promise<CalendarEvent[]>);
}

/** A booking world whose vendor is asked, while somebody books, what is in a calendar now. */
export function liveReadWorld(): LiveReadWorld {
  const world = bookingWorld() as LiveReadWorld;
  // The time allowed passes where a test says so: a slow machine does not use it up.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    world.asked = [];
    world.answer = [];
    world.vendor.provider.listWindow = async (_access, { externalId }, range) => {
      world.asked.push({ calendar: externalId, range });
      return typeof world.answer === "function" ? world.answer(externalId) : world.answer;
    };
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  return world;
}

/** An event in the usual slot, changed as a test needs it. */
export function eventInSlot(externalId: string, overrides: Partial<CalendarEvent> = {}): CalendarEvent {
  return event(externalId, { start: at(SLOT), end: at(minutesAfter(SLOT, 60)), ...overrides });
}
