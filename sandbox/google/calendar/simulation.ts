import { type CalendarState, seriesTimes } from "./calendar-state";
import type { Desk } from "./desk";
import { badRequest, notFound } from "./errors";
import { respond } from "./event-actions";
import { writableFields } from "./event-input";
import { instantOf, isAllDay } from "./event-time";
import { splitInstanceId } from "./ids";
import type { EventDateTime, EventFields, EventStatus, ResponseStatus, StoredEvent } from "./model";
import { changeEvent, createEvent, deleteEvent, shownFields } from "./mutations";
import { splitSeries } from "./split-series";
import type { World } from "./world";
import { formatDay, formatInstant, parseDay } from "./zones";

/** Which occurrences of a series an edit is meant for. */
export type Scope = "this" | "following" | "all";

export interface Place {
  account: string;
  /** `primary` when absent. */
  calendarId?: string;
}

/** A person in front of their calendar. They need no role: whoever tests may write anywhere. */
export function deskOf(world: World, { account, calendarId = "primary" }: Place): Desk {
  const calendar = world.calendars.get(calendarId === "primary" ? account : calendarId);
  if (calendar === undefined || calendar.record.deleted) throw notFound();
  return {
    world,
    calendar,
    actor: { email: account, displayName: world.google.accounts.get(account)?.name },
  };
}

/** A person creates an event. `organizer` makes it somebody else's invitation. */
export function simulateCreate(
  desk: Desk,
  event: Record<string, unknown>,
  options: { id?: string; organizer?: string } = {},
): StoredEvent {
  const fields = inCalendarZone(desk.calendar, writableFields(event));
  const organizer = options.organizer === undefined ? undefined : { email: options.organizer };
  return createEvent(desk, { fields, id: options.id, organizer, status: statusOf(event) });
}

/** A person edits an event, an occurrence, or a series from an occurrence on. */
export function simulateEdit(
  desk: Desk,
  id: string,
  change: Record<string, unknown>,
  scope: Scope = "this",
): StoredEvent {
  const fields = inCalendarZone(desk.calendar, writableFields(change));
  const status = statusOf(change);
  const parts = occurrenceIn(desk.calendar, id);
  if (parts === undefined || scope === "this")
    return changeEvent(desk, id, { fields, status, mode: "patch" });
  if (scope === "following") {
    const following = splitSeries(desk, id, fields);
    if (status === undefined || status === following.status) return following;
    return changeEvent(desk, following.id, { fields: {}, status, mode: "patch" });
  }
  return changeEvent(desk, parts.seriesId, {
    fields: shiftedToMaster(desk, id, parts.seriesId, fields),
    status,
    mode: "patch",
  });
}

// Deleting has a verb of its own here.
function statusOf({ status }: Record<string, unknown>): EventStatus | undefined {
  if (status === undefined || status === "confirmed" || status === "tentative") return status;
  throw badRequest(`Not a status: ${String(status)}`, "status");
}

/** A person deletes an event, an occurrence, or a series from an occurrence on. */
export function simulateDelete(desk: Desk, id: string, scope: Scope = "this"): StoredEvent {
  const parts = occurrenceIn(desk.calendar, id);
  if (parts === undefined || scope === "this") return deleteEvent(desk, id);
  return scope === "following" ? splitSeries(desk, id, undefined) : deleteEvent(desk, parts.seriesId);
}

/** A person answers an invitation, for one occurrence or for the whole series. */
export function simulateRespond(
  desk: Desk,
  id: string,
  response: ResponseStatus,
  scope: Scope = "this",
): StoredEvent {
  const parts = occurrenceIn(desk.calendar, id);
  return respond(desk, parts !== undefined && scope === "all" ? parts.seriesId : id, response);
}

function occurrenceIn(calendar: CalendarState, id: string): { seriesId: string; key: string } | undefined {
  const parts = splitInstanceId(id);
  const series = parts && calendar.get(parts.seriesId);
  return series !== undefined && seriesTimes(series) !== undefined ? parts : undefined;
}

/** A page gives clock readings; without zone and offset they are the calendar's. Series always get a zone. */
function inCalendarZone(calendar: CalendarState, fields: EventFields): EventFields {
  const zone = calendar.record.timeZone;
  const placed = (time: EventDateTime): EventDateTime =>
    time.dateTime === undefined || time.timeZone !== undefined ? time : { ...time, timeZone: zone };
  return {
    ...fields,
    ...(fields.start && { start: placed(fields.start) }),
    ...(fields.end && { end: placed(fields.end) }),
  };
}

/** "All events": an occurrence dragged by an hour moves the series by an hour. */
function shiftedToMaster(desk: Desk, id: string, seriesId: string, fields: EventFields): EventFields {
  const { start, end } = fields;
  const master = desk.calendar.get(seriesId)?.fields;
  const shown = shownFields(desk.world, desk.calendar, id);
  if (!start || !end || !master?.start || !shown.start) return fields;
  const zone = desk.calendar.record.timeZone;
  const length = instantOf(end, zone) - instantOf(start, zone);
  const shift = instantOf(start, zone) - instantOf(shown.start, zone);
  if (isAllDay(start) !== isAllDay(master.start)) return fields;
  if (isAllDay(start)) {
    const days = (parseDay(start.date ?? "") ?? 0) - (parseDay(shown.start.date ?? "") ?? 0);
    const first = (parseDay(master.start.date ?? "") ?? 0) + days;
    const span = (parseDay(end.date ?? "") ?? 0) - (parseDay(start.date ?? "") ?? 0);
    return { ...fields, start: { date: formatDay(first) }, end: { date: formatDay(first + span) } };
  }
  const timeZone = start.timeZone ?? master.start.timeZone ?? zone;
  const first = instantOf(master.start, zone) + shift;
  const at = (instant: number): EventDateTime => ({ dateTime: formatInstant(instant, timeZone), timeZone });
  return { ...fields, start: at(first), end: at(first + length) };
}
