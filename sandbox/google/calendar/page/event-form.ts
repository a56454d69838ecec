import type { Attendee, EventDateTime } from "../model";
import { formatDay, formatInstant, instantOfWall, parseDay } from "../zones";
import type { EventDraft } from "./event-draft";
import { recurrenceOf } from "./repeat";
import { DAY_MS, wallOf } from "./week";

/** The fields of a posted form; checkboxes that are not ticked are absent. */
export type Posted = Record<string, string | undefined>;

/** What the form cannot mean; the sheet words it. */
export type FormFault = "not_a_time" | "ends_before_start" | "series_moves_whole";

export class FormError extends Error {
  readonly fault: FormFault;
  constructor(fault: FormFault) {
    super(fault);
    this.fault = fault;
  }
}

/** The form again as it was posted, so that nothing typed is lost when it is refused. */
export function typedDraft(draft: EventDraft, posted: Posted): EventDraft {
  const { title, location, startDate, startTime, endDate, endTime, organizer } = posted;
  const typed = { title, location, startDate, startTime, endDate, endTime, organizer };
  return {
    ...draft,
    ...Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== undefined)),
    calendarId: posted.calendar ?? draft.calendarId,
    allDay: posted.allDay !== undefined,
    free: posted.showAs === "free",
    tentative: posted.status === "tentative",
    isPrivate: posted.visibility === "private",
    guests: emailsOf(posted.guests),
    repeat: (posted.repeat as EventDraft["repeat"]) ?? draft.repeat,
  };
}

/** The fields a new event gets. */
export function fieldsOf(draft: EventDraft, zone: string): Record<string, unknown> {
  const { title, location, free, tentative, isPrivate, repeat, organizer, guests } = draft;
  const recurrence = recurrenceOf(repeat);
  const attendees = attendeesOf(draft.calendarId, organizer, guests, []);
  return {
    summary: title,
    ...(location !== "" && { location }),
    ...timesOf(draft, zone),
    ...(free && { transparency: "transparent" }),
    ...(tentative && { status: "tentative" }),
    ...(isPrivate && { visibility: "private" }),
    ...(recurrence && { recurrence }),
    ...(attendees.length > 0 && { attendees }),
  };
}

/** The fields that the form changed: whatever it left alone keeps what others wrote meanwhile. */
export function changesOf(
  before: EventDraft,
  after: EventDraft,
  zone: string,
  attendees: readonly Attendee[],
): Record<string, unknown> {
  const differs = (...names: (keyof EventDraft)[]) =>
    names.some((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const guests = attendeesOf(after.calendarId, before.organizer, after.guests, attendees);
  return {
    ...(differs("title") && { summary: after.title }),
    ...(differs("location") && { location: after.location }),
    ...(differs("allDay", "startDate", "startTime", "endDate", "endTime") && timesOf(after, zone)),
    ...(differs("free") && { transparency: after.free ? "transparent" : "opaque" }),
    ...(differs("tentative") && { status: after.tentative ? "tentative" : "confirmed" }),
    ...(differs("isPrivate") && { visibility: after.isPrivate ? "private" : "default" }),
    ...(differs("repeat") && { recurrence: recurrenceOf(after.repeat) }),
    ...(differs("guests") && { attendees: guests }),
  };
}

function timesOf(draft: EventDraft, zone: string): { start: EventDateTime; end: EventDateTime } {
  const { allDay, startDate, startTime, endDate, endTime } = draft;
  if (allDay) {
    const [first, last] = [parseDay(startDate), parseDay(endDate)];
    if (first === undefined || last === undefined) throw new FormError("not_a_time");
    if (last < first) throw new FormError("ends_before_start");
    return { start: { date: formatDay(first) }, end: { date: formatDay(last + DAY_MS) } };
  }
  const [from, to] = [wallOf(startDate, startTime), wallOf(endDate, endTime)];
  if (from === undefined || to === undefined) throw new FormError("not_a_time");
  if (to < from) throw new FormError("ends_before_start");
  const timeZone = draft.timeZone ?? zone;
  const at = (wall: number) => ({ dateTime: formatInstant(instantOfWall(zone, wall), timeZone), timeZone });
  return { start: at(from), end: at(to) };
}

// Somebody else's invitation lists whoever invites and this calendar; an invitation of one's own starts with oneself.
function attendeesOf(
  self: string,
  organizer: string,
  guests: readonly string[],
  known: readonly Attendee[],
): Attendee[] {
  if (guests.length === 0 && organizer === "") return [];
  const host = organizer === "" ? self : organizer;
  const everyone = [...new Set([host, ...(organizer === "" ? [] : [self]), ...guests])];
  return everyone.map(
    (email) =>
      known.find((attendee) => attendee.email === email) ?? {
        email,
        responseStatus: email === host ? "accepted" : "needsAction",
      },
  );
}

function emailsOf(text = ""): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}
