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
import { parseIsoDate } from "@/lib/calendar/iso-date";
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

/**
 * One live occurrence in our words; null when it cannot be understood (no usable start or end).
 * Fields: https://developers.google.com/workspace/calendar/api/v3/reference/events
 */
export function mapEvent(raw: calendar_v3.Schema$Event): CalendarEvent | null {
  const span = mapSpan(raw);
  if (raw.id == null || span === null) return null;
  const kind = KINDS[raw.eventType ?? ""] ?? "default";
  return {
    externalId: raw.id,
    seriesId: raw.recurringEventId ?? null,
    iCalUid: raw.iCalUID ?? null,
    etag: raw.etag ?? null,
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
  if (startDate !== null) return allDaySpan(startDate, parseIsoDate(raw.end?.date));
  const start = mapInstant(raw.start);
  if (start === null) return null;
  return { start, end: mapInstant(raw.end) ?? start };
}

function mapInstant(time: calendar_v3.Schema$EventDateTime | undefined): EventTime | null {
  const at = instant(time?.dateTime);
  return at === null ? null : { kind: "instant", at, zone: parseTimeZone(time?.timeZone) };
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

function text(value: string | null | undefined): string | null {
  const cut = value?.slice(0, MAX_TEXT).toWellFormed().replaceAll("\u0000", "").trim() ?? "";
  return cut === "" ? null : cut;
}
