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
  /** The time allowed for that passes here and nowhere else: a slow machine does not use it up. */
  timeIsUp(): void;
}

/** How long whoever books waits for all calendars together. */
const ALLOWED_MS = 1_500;

/** A booking world whose vendor is asked, while somebody books, what is in a calendar now. */
export function liveReadWorld(): LiveReadWorld {
  const world = bookingWorld() as LiveReadWorld;
  const real = globalThis.setTimeout;
  let limits: (() => void)[] = [];
  world.timeIsUp = () => {
    for (const end of limits) end();
  };
  beforeEach(() => {
    limits = [];
    // No other timer waits, as those of database and network do, or neither would work.
    const held = (done: () => void, ms?: number, ...args: []) => {
      if (ms !== ALLOWED_MS) return real(done, ms, ...args);
      limits.push(done);
      return real(() => undefined, 2 ** 30).unref();
    };
    vi.spyOn(globalThis, "setTimeout").mockImplementation(held as typeof setTimeout);
    world.asked = [];
    world.answer = [];
    world.vendor.provider.listWindow = async (_access, { externalId }, range) => {
      world.asked.push({ calendar: externalId, range });
      return typeof world.answer === "function" ? world.answer(externalId) : world.answer;
    };
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  return world;
}

/** An event in the usual slot, changed as a test needs it. */
export function eventInSlot(externalId: string, overrides: Partial<CalendarEvent> = {}): CalendarEvent {
  return event(externalId, { start: at(SLOT), end: at(minutesAfter(SLOT, 60)), ...overrides });
}
