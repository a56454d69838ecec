import { type CalendarState, seriesTimes } from "./calendar-state";
import { timesDiffer } from "./event-input";
import type { EventFields, StoredEvent } from "./model";
import { announce, type World } from "./world";

/**
 * Puts an organizer's event into the primary calendars of the guests that have an account here, under the same id and
 * iCalUID. A guest who was taken off the list gets a cancelled copy.
 */
export function deliverCopies(
  world: World,
  calendar: CalendarState,
  event: StoredEvent,
  before: StoredEvent | undefined,
): void {
  if (event.organizer.email !== calendar.id || !world.switches.deliverInvitations()) return;
  const invited = guestsOf(calendar, event);
  for (const email of new Set([...invited, ...guestsOf(calendar, before)])) {
    const guest = world.accounts.has(email) ? world.calendars.get(email) : undefined;
    if (guest === undefined) continue;
    deliver(world, guest, invited.includes(email) ? event : { ...event, status: "cancelled" });
  }
}

// An exception that says nothing of guests has those of its series.
function guestsOf(calendar: CalendarState, event: StoredEvent | undefined): string[] {
  const series = event?.seriesId === undefined ? undefined : calendar.get(event.seriesId);
  const attendees = event?.fields.attendees ?? series?.fields.attendees ?? [];
  return attendees.map(({ email }) => email).filter((email) => email !== calendar.id);
}

function deliver(world: World, guest: CalendarState, event: StoredEvent): void {
  const known = guest.get(event.id);
  const copy = { ...event, fields: sharedFields(event.fields, known?.fields) };
  if (known !== undefined && isSame(known, copy)) return;
  const times = known && known.status !== "cancelled" ? seriesTimes(known) : undefined;
  if (times !== undefined && known !== undefined && timesDiffer(known.fields, copy.fields))
    guest.retire(event.id, times);
  guest.put(copy);
  announce(world, { calendarId: guest.id });
}

/** What belongs to each copy alone stays with it. */
function sharedFields(fields: EventFields, own: EventFields | undefined): EventFields {
  const { extendedProperties, reminders: _, colorId: __, ...shared } = fields;
  const properties = { ...own?.extendedProperties, shared: extendedProperties?.shared };
  return {
    ...shared,
    ...(own?.reminders !== undefined && { reminders: own.reminders }),
    ...(own?.colorId !== undefined && { colorId: own.colorId }),
    ...((properties.private ?? properties.shared) && { extendedProperties: properties }),
  };
}

function isSame(known: StoredEvent, copy: StoredEvent): boolean {
  return known.status === copy.status && JSON.stringify(known.fields) === JSON.stringify(copy.fields);
}
