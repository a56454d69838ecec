import type { calendar_v3 } from "@googleapis/calendar";
import {
  type Attendee,
  type AttendeeResponse,
  type CalendarEvent,
  type EventKind,
  MAX_ATTENDEES,
  type OwnResponse,
  type ShowAs,
} from "@/lib/calendar/calendar-event";
import { allDaySpan, type EventSpan, type EventTime } from "@/lib/calendar/event-time";
import { type IsoDate, parseIsoDate } from "@/lib/calendar/iso-date";
import { parseTimeZone } from "@/lib/calendar/time-zone";

/** The private property our exported events carry. */
export const BOOKING_PROPERTY = "ententeBooking";

const KINDS: Record<string, EventKind> = {
  focusTime: "focus_time",
  outOfOffice: "out_of_office",
  workingLocation: "working_location",
  birthday: "birthday",
  fromGmail: "from_mail",
};

const RESPONSES: Record<string, AttendeeResponse> = {
  needsAction: "needs_action",
  declined: "declined",
  tentative: "tentative",
  accepted: "accepted",
};

const MAX_TEXT = 500;

// Years past 9999 have no four digits and no place in the database: one such event must not stop its calendar.
const EARLIEST_MS = Date.UTC(1900, 0, 1);
const LATEST_MS = Date.UTC(9999, 11, 30);
const FIRST_DAY = "1900-01-01" as IsoDate;
const LAST_DAY = "9999-12-30";

/**
 * One live occurrence in our words; null when it cannot be understood (no usable start or end).
 * Fields: https://developers.google.com/workspace/calendar/api/v3/reference/events
 */
export function mapEvent(raw: calendar_v3.Schema$Event): CalendarEvent | null {
  const span = mapSpan(raw);
  if (raw.id == null || span === null) return null;
  const kind = KINDS[raw.eventType ?? ""] ?? "default";
  return {
    externalId: storable(raw.id),
    seriesId: raw.recurringEventId == null ? null : storable(raw.recurringEventId),
    iCalUid: text(raw.iCalUID),
    etag: text(raw.etag),
    updatedAt: instant(raw.updated),
    kind,
    status: raw.status === "tentative" ? "tentative" : "confirmed",
    start: span.start,
    end: span.end,
    showAs: mapShowAs(raw, kind),
    response: mapResponse(raw),
    title: text(raw.summary),
    location: text(raw.location),
    attendees: (raw.attendees ?? []).slice(0, MAX_ATTENDEES).map(mapAttendee),
    organizerSelf: raw.organizer?.self === true,
    private: raw.visibility === "private" || raw.visibility === "confidential",
    bookingMarker: raw.extendedProperties?.private?.[BOOKING_PROPERTY] ?? null,
  };
}

function mapSpan(raw: calendar_v3.Schema$Event): EventSpan | null {
  const startDate = parseIsoDate(raw.start?.date);
  if (startDate !== null) {
    if (startDate >= LAST_DAY) return null;
    return allDaySpan(startDate < FIRST_DAY ? FIRST_DAY : startDate, parseIsoDate(raw.end?.date));
  }
  const start = mapInstant(raw.start);
  if (start === null) return null;
  return { start, end: mapInstant(raw.end) ?? start };
}

function mapInstant(time: calendar_v3.Schema$EventDateTime | undefined): EventTime | null {
  const at = instant(time?.dateTime);
  if (at === null) return null;
  const kept = new Date(Math.min(Math.max(at.getTime(), EARLIEST_MS), LATEST_MS));
  return { kind: "instant", at: kept, zone: parseTimeZone(time?.timeZone) };
}

/** Google always sends an offset; a time without one would be read in this machine's zone, so it is refused. */
function instant(value: string | null | undefined): Date | null {
  if (value == null || !/(?:Z|[+-]\d{2}:\d{2})$/.test(value)) return null;
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** `transparency` absent means busy, but a birthday is free unless it says otherwise. */
function mapShowAs(raw: calendar_v3.Schema$Event, kind: EventKind): ShowAs {
  if (kind === "working_location") return "working_elsewhere";
  if (raw.transparency === "transparent") return "free";
  if (kind === "birthday" && raw.transparency !== "opaque") return "free";
  return kind === "out_of_office" ? "out_of_office" : "busy";
}

function mapResponse(raw: calendar_v3.Schema$Event): OwnResponse {
  const self = raw.attendees?.find((attendee) => attendee.self === true);
  if (self !== undefined) return RESPONSES[self.responseStatus ?? ""] ?? "needs_action";
  return raw.organizer?.self === true && (raw.attendees?.length ?? 0) > 0 ? "organizer" : "none";
}

function mapAttendee(raw: calendar_v3.Schema$EventAttendee): Attendee {
  return {
    name: text(raw.displayName),
    email: text(raw.email),
    response: RESPONSES[raw.responseStatus ?? ""] ?? "needs_action",
    self: raw.self === true,
  };
}

/** At most 500 characters the database can hold; null for none. */
export function text(value: string | null | undefined): string | null {
  const cut = storable(value?.slice(0, MAX_TEXT) ?? "").trim();
  return cut === "" ? null : cut;
}

/** Without NUL and halves of characters, which JSON can carry and PostgreSQL cannot store. */
export function storable(value: string): string {
  return value.toWellFormed().replaceAll("\u0000", "");
}
