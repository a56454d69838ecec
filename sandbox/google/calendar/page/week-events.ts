import type { Say } from "../../../core/language";
import type { Attendee, EventDateTime, Person } from "../model";
import { calendarsOf, eventsInRange, type ShownEvent } from "../range-view";
import type { World } from "../world";
import { parseDay } from "../zones";
import type { Placeable } from "./layout";
import { DAY_MS, type Week } from "./week";

/** An event as the page shows it. */
export interface ShownOnPage extends Placeable {
  /** Calendar and event in one, as forms carry them; see `eventKey`. */
  key: string;
  title: string;
  /** Its calendar's, `#16a765`. */
  color: string;
  canWrite: boolean;
  recurring: boolean;
  free: boolean;
  tentative: boolean;
  /** What the calendar's owner answered to somebody else's invitation. */
  answer?: string;
}

/** The parts of Google's Event resource that the page reads. */
export interface EventResource {
  id: string;
  status?: string;
  summary?: string;
  location?: string;
  start: EventDateTime;
  end: EventDateTime;
  recurrence?: string[];
  recurringEventId?: string;
  transparency?: string;
  visibility?: string;
  organizer?: Person & { self?: boolean };
  attendees?: (Attendee & { self?: boolean })[];
}

/** The parts of Google's CalendarListEntry that the page reads. */
export interface CalendarOnPage {
  id: string;
  /** What the page calls it. */
  name: string;
  summary?: string;
  summaryOverride?: string;
  timeZone: string;
  backgroundColor: string;
  selected?: boolean;
  accessRole: string;
  primary?: boolean;
}

export function calendarsOnPage(world: World, account: string): CalendarOnPage[] {
  const entries = calendarsOf(world, account) as unknown as CalendarOnPage[];
  return entries.map((entry) => ({ ...entry, name: nameOfCalendar(world, entry) }));
}

// A primary calendar is called by its address until somebody renames it; its owner sees their own name.
function nameOfCalendar(
  { google }: World,
  { id, summary, summaryOverride, primary }: CalendarOnPage,
): string {
  const person = primary === true && summary === id ? google.accounts.get(id)?.name : undefined;
  return summaryOverride ?? person ?? summary ?? id;
}

// No event id holds a space.
export function eventKey(calendarId: string, eventId: string): string {
  return `${calendarId} ${eventId}`;
}

export function splitEventKey(key: string): [calendarId: string, eventId: string] {
  const at = key.lastIndexOf(" ");
  return [key.slice(0, at), key.slice(at + 1)];
}

/** What the ticked calendars of an account hold in a week. */
export function eventsOfWeek(world: World, account: string, week: Week, say: Say): ShownOnPage[] {
  const calendars = calendarsOnPage(world, account).filter(({ selected }) => selected === true);
  const colors = new Map(calendars.map(({ id, backgroundColor }) => [id, backgroundColor]));
  // All-day events begin at midnight of their calendar's zone, up to a day away from the reader's.
  return eventsInRange(world, account, week.from - DAY_MS, week.to + DAY_MS)
    .filter(({ calendarId }) => colors.has(calendarId))
    .map((shown) => onPage(shown, colors.get(shown.calendarId) ?? "", say))
    .filter(({ start, end, days }) => days !== undefined || (start < week.to && end >= week.from));
}

function onPage(
  { calendarId, start, end, canWrite, event }: ShownEvent,
  color: string,
  say: Say,
): ShownOnPage {
  const resource = event as unknown as EventResource;
  const { summary, transparency, status, recurringEventId } = resource;
  const answer = invitationAnswer(resource);
  const hidden = resource.visibility === "private" && resource.organizer === undefined;
  return {
    key: eventKey(calendarId, resource.id),
    title: summary ?? (hidden ? say("Busy", "Occupé") : say("(No title)", "(Sans titre)")),
    start,
    end,
    days: wholeDays(resource),
    color,
    canWrite,
    recurring: recurringEventId !== undefined,
    free: transparency === "transparent",
    tentative: status === "tentative" || answer === "tentative",
    answer,
  };
}

/** The answer of the calendar's owner, undefined for events of their own. */
export function invitationAnswer({ organizer, attendees }: EventResource): string | undefined {
  if (organizer?.self === true) return undefined;
  return attendees?.find(({ self }) => self === true)?.responseStatus;
}

function wholeDays({ start, end }: EventResource): Placeable["days"] {
  const first = parseDay(start.date ?? "");
  const afterwards = parseDay(end.date ?? "");
  if (first === undefined || afterwards === undefined) return undefined;
  return { first, last: Math.max(first, afterwards - DAY_MS) };
}
