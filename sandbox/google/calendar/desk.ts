import type { CalendarState } from "./calendar-state";
import { deliverCopies } from "./guest-copies";
import type { EventDraft, Person, StoredEvent } from "./model";
import { announce, type World } from "./world";

/** Where and as whom something is written. */
export interface Desk {
  world: World;
  calendar: CalendarState;
  actor: Person;
}

/** Writes one row and tells who listens. */
export function put({ world, calendar }: Desk, draft: EventDraft): StoredEvent {
  const before = calendar.get(draft.id);
  const event = calendar.put(draft);
  deliverCopies(world, calendar, event, before);
  announce(world, { calendarId: calendar.id });
  return event;
}

/** The time stamp of a change: now, but always later than the one before. */
export function laterThan(updated: string, now: Date): string {
  return new Date(Math.max(now.getTime(), Date.parse(updated) + 1)).toISOString();
}
