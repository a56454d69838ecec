import { openCalendar } from "../access";
import { notFound } from "../errors";
import { getEvent } from "../event-get";
import { instantOf } from "../event-time";
import type { World } from "../world";
import { formatDay, parseDay, wallOfInstant } from "../zones";
import type { Place } from "./page-address";
import { type Repeat, repeatOf } from "./repeat";
import { DAY_MS, dateAndTime, wallOf } from "./week";
import { type EventResource, invitationAnswer } from "./week-events";

/** What the form shows: an event, or one that is about to be. Clock readings are those of the reader's zone. */
export interface EventDraft {
  calendarId: string;
  /** Absent for a new event. */
  eventId?: string;
  /** The zone its times are kept in; absent: the reader's. */
  timeZone?: string;
  title: string;
  location: string;
  allDay: boolean;
  startDate: string;
  startTime: string;
  /** Of an all-day event its last day. */
  endDate: string;
  endTime: string;
  repeat: Repeat;
  /** The lines of its series. */
  recurrence: readonly string[];
  free: boolean;
  tentative: boolean;
  isPrivate: boolean;
  guests: readonly string[];
  organizer: string;
  answer?: string;
  occurrence: boolean;
  canWrite: boolean;
}

/** A new event over the given readings (`2026-11-24T10:00`), or over the next full hour. */
export function newDraft(
  { google }: World,
  place: Place,
  query: { start?: string; end?: string; allDay?: string },
): EventDraft {
  const [nextHour, hourAfter] = [1, 2].map(
    (hours) => (Math.floor(wallOfInstant(place.zone, google.clock.ms()) / 3_600_000) + hours) * 3_600_000,
  );
  const start = readingOf(query.start) ?? nextHour ?? 0;
  const end =
    readingOf(query.end) ?? (query.start === undefined ? hourAfter : undefined) ?? start + 3_600_000;
  const [startDate, startTime] = dateAndTime(start);
  const [endDate, endTime] = dateAndTime(end);
  return {
    calendarId: place.account,
    title: "",
    location: "",
    allDay: query.allDay !== undefined,
    startDate,
    startTime,
    endDate,
    endTime,
    repeat: "none",
    recurrence: [],
    free: false,
    tentative: false,
    isPrivate: false,
    guests: [],
    organizer: "",
    occurrence: false,
    canWrite: true,
  };
}

function readingOf(text = ""): number | undefined {
  const [date = "", time = ""] = text.split("T");
  return wallOf(date, time);
}

/** An event as it stands. Refuses with 404 what is deleted or what the account may not see. */
export function draftOf(world: World, place: Place, calendarId: string, eventId: string): EventDraft {
  const account = world.accounts.get(place.account);
  if (account === undefined) throw notFound();
  const open = openCalendar(world, account, calendarId);
  const read = (id: string) => getEvent(world, open, id, new URLSearchParams()) as unknown as EventResource;
  const event = read(eventId);
  if (event.status === "cancelled") throw notFound();
  const recurrence = event.recurrence ?? seriesLines(event, read);
  const guests = (event.attendees ?? []).filter(({ email }) => email !== event.organizer?.email);
  return {
    calendarId: open.calendar.id,
    eventId,
    timeZone: event.start.timeZone,
    title: event.summary ?? "",
    location: event.location ?? "",
    ...timesOf(event, place.zone, open.calendar.record.timeZone),
    repeat: repeatOf(recurrence),
    recurrence,
    free: event.transparency === "transparent",
    tentative: event.status === "tentative",
    isPrivate: event.visibility === "private",
    guests: guests.filter(({ self }) => self !== true).map(({ email }) => email),
    organizer: event.organizer?.self === true ? "" : (event.organizer?.email ?? ""),
    answer: invitationAnswer(event),
    occurrence: event.recurringEventId !== undefined,
    canWrite: open.canWrite,
  };
}

// An occurrence that was moved away from a series that is gone has no lines.
function seriesLines(event: EventResource, read: (id: string) => EventResource): readonly string[] {
  return event.recurringEventId === undefined ? [] : (read(event.recurringEventId).recurrence ?? []);
}

function timesOf(
  { start, end }: EventResource,
  zone: string,
  calendarZone: string,
): Pick<EventDraft, "allDay" | "startDate" | "startTime" | "endDate" | "endTime"> {
  if (start.date !== undefined) {
    const first = parseDay(start.date) ?? 0;
    const last = Math.max(first, (parseDay(end.date ?? "") ?? first) - DAY_MS);
    const days = { startDate: formatDay(first), endDate: formatDay(last) };
    return { allDay: true, startTime: "09:00", endTime: "10:00", ...days };
  }
  const [startDate, startTime] = dateAndTime(wallOfInstant(zone, instantOf(start, calendarZone)));
  const [endDate, endTime] = dateAndTime(wallOfInstant(zone, instantOf(end, calendarZone)));
  return { allDay: false, startDate, startTime, endDate, endTime };
}
