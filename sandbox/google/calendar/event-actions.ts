import type { CalendarState } from "./calendar-state";
import { type Desk, laterThan, put } from "./desk";
import { alreadyDeleted, badRequest, duplicate, notFound } from "./errors";
import type { Attendee, EventFields, ResponseStatus, StoredEvent } from "./model";
import { calendarAsPerson, changeEvent, createEvent, shownFields } from "./mutations";

/** The calendar's owner answers an invitation: the attendee that is this calendar gets the response. */
export function respond(desk: Desk, id: string, response: ResponseStatus): StoredEvent {
  const { calendar, world } = desk;
  const attendees = shownFields(world, calendar, id).attendees ?? [];
  const self: Attendee = attendees.find(({ email }) => email === calendar.id) ?? { email: calendar.id };
  const others = attendees.filter(({ email }) => email !== calendar.id);
  const fields = { attendees: [...others, { ...self, responseStatus: response }] };
  const answered = changeEvent(desk, id, { fields, mode: "patch" });
  tellOrganizer(desk, answered, fields);
  return answered;
}

function tellOrganizer({ world, calendar, actor }: Desk, answered: StoredEvent, fields: EventFields): void {
  const organizer = world.calendars.get(answered.organizer.email);
  const invited = organizer?.get(answered.seriesId ?? answered.id);
  if (organizer === undefined || organizer === calendar || invited === undefined) return;
  if (invited.status === "cancelled" || !world.switches.deliverInvitations()) return;
  changeEvent({ world, calendar: organizer, actor }, answered.id, { fields, mode: "patch" });
}

/** A copy with an id of its own, as the web page's "Duplicate" makes it: private properties come along. */
export function duplicateEvent(desk: Desk, id: string): StoredEvent {
  const fields = shownFields(desk.world, desk.calendar, id);
  return createEvent(desk, { fields });
}

/** Moves an event to another calendar under the same id; the old place keeps a bare tombstone. */
export function moveEvent(desk: Desk, id: string, destination: CalendarState): StoredEvent {
  const { calendar, world, actor } = desk;
  const event = calendar.get(id);
  if (event === undefined || event.seriesId !== undefined) throw notFound();
  if (event.status === "cancelled") throw alreadyDeleted();
  if ((event.fields.eventType ?? "default") !== "default") {
    throw badRequest("Events of this type cannot be moved.", undefined, "eventTypeRestriction");
  }
  const target: Desk = { world, calendar: destination, actor };
  const taken = destination.get(id);
  if (taken !== undefined && taken.status !== "cancelled") throw duplicate();
  const ownedHere = event.organizer.email === calendar.id;
  const organizer = ownedHere ? calendarAsPerson(destination, actor) : event.organizer;
  const updated = laterThan(event.updated, world.google.clock.now());
  const exceptions = calendar.exceptionsOf(id);
  const moved = put(target, { ...event, organizer, updated });
  for (const exception of exceptions) put(target, { ...exception, organizer, updated });
  for (const exception of exceptions) put(desk, { ...exception, status: "cancelled", updated });
  put(desk, { ...event, status: "cancelled", fields: bareTimes(event.fields), updated });
  return moved;
}

function bareTimes({ start, end, recurrence }: EventFields): EventFields {
  return { start, end, ...(recurrence && { recurrence }) };
}
