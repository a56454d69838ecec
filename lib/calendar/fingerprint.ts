import { hash } from "node:crypto";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import type { EventTime } from "@/lib/calendar/event-time";

function timeParts(time: EventTime): readonly (number | string | null)[] {
  return time.kind === "instant" ? [time.at.getTime(), time.zone] : [time.date];
}

/**
 * 27 characters that differ exactly when an event's content differs. `etag` and `updatedAt` are no content:
 * vendors renew them for changes we do not store, and a re-read of those must write nothing.
 */
export function fingerprint(event: CalendarEvent): string {
  const content = [
    event.externalId,
    event.seriesId,
    event.iCalUid,
    event.kind,
    event.status,
    timeParts(event.start),
    timeParts(event.end),
    event.showAs,
    event.response,
    event.title,
    event.location,
    event.attendees.map(({ name, email, response, self }) => [name, email, response, self]),
    event.organizerSelf,
    event.private,
    event.bookingMarker,
  ];
  return hash("sha1", JSON.stringify(content), "base64url");
}
