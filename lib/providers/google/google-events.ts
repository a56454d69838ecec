import type { calendar_v3 } from "@googleapis/calendar";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import type { Access, CalendarRef } from "@/lib/providers/access";
import type { EventDraft, EventWriter, ProbeDraft, RemoteEvent } from "@/lib/providers/event-writer";
import { googleApiError } from "@/lib/providers/google/errors";
import { authorized, EVENT_FIELDS } from "@/lib/providers/google/google-calendar";
import { BOOKING_PROPERTY, mapEvent, storable } from "@/lib/providers/google/map-event";
import { ProviderError } from "@/lib/providers/provider-error";

const STAMP_PROPERTY = "ententeWritten";
const PROBE_PROPERTY = "ententeProbe";

/** Nobody is mailed about what we write; bookings have mails of their own. */
const SILENT = { sendUpdates: "none" } as const;

/**
 * Events of bookings through Google's own client.
 * https://developers.google.com/workspace/calendar/api/v3/reference/events
 */
export function createGoogleEvents(api: calendar_v3.Calendar): EventWriter {
  return {
    idOf: (key) => key,

    create: async (access, { externalId: calendarId }, key, draft) => {
      const parameters = {
        calendarId,
        ...SILENT,
        fields: EVENT_FIELDS,
        requestBody: { id: key, ...fresh(draft) },
      };
      try {
        return written((await api.events.insert(parameters, authorized(access))).data);
      } catch (error) {
        throw googleApiError(error, "item");
      }
    },

    createProbe: async (access, { externalId: calendarId }, key, draft) => {
      const requestBody = { id: key, ...probe(draft) };
      try {
        const parameters = { calendarId, ...SILENT, fields: EVENT_FIELDS, requestBody };
        return written((await api.events.insert(parameters, authorized(access))).data).externalId;
      } catch (error) {
        throw googleApiError(error, "item");
      }
    },

    find: (access, calendar, { externalId, key }) => find(api, access, calendar, externalId ?? key),

    update: async (access, { externalId: calendarId }, eventId, draft, { etag, restore = false }) => {
      const parameters = {
        calendarId,
        eventId,
        ...SILENT,
        conferenceDataVersion: 1, // Without it, a conference its owner added would be lost.
        fields: EVENT_FIELDS,
        requestBody: restore ? { ...fresh(draft), status: "confirmed", recurrence: [] } : content(draft),
      };
      try {
        return written((await api.events.patch(parameters, authorized(access, etag))).data);
      } catch (error) {
        throw googleApiError(error, etag === null ? "item" : "conditional");
      }
    },

    remove: async (access, { externalId: calendarId }, eventId, { etag }) => {
      try {
        await api.events.delete({ calendarId, eventId, ...SILENT }, authorized(access, etag));
      } catch (error) {
        throw googleApiError(error, etag === null ? "item" : "conditional");
      }
    },
  };
}

/** What we write and go on writing. `null` takes a value away: an owner may have made the event last whole days. */
function content(draft: EventDraft): calendar_v3.Schema$Event {
  const time = (at: Date) => ({ dateTime: at.toISOString(), timeZone: draft.timeZone, date: null });
  return {
    summary: draft.title,
    location: draft.location,
    description: draft.description,
    start: time(draft.start),
    end: time(draft.end),
    extendedProperties: {
      private: { [BOOKING_PROPERTY]: draft.bookingMarker, [STAMP_PROPERTY]: draft.stamp },
    },
    ...sourceOf(draft),
  };
}

/** With what we write once and then leave to the owner: whether it shows as busy. */
function fresh(draft: EventDraft): calendar_v3.Schema$Event {
  return { ...content(draft), transparency: "opaque" };
}

/** Seen by its owner alone and in nobody's way; its owner's usual reminders do not apply. */
function probe({ title, description, start, end, timeZone, probeMarker }: ProbeDraft) {
  const time = (at: Date) => ({ dateTime: at.toISOString(), timeZone });
  return {
    summary: title,
    description,
    start: time(start),
    end: time(end),
    visibility: "private",
    transparency: "transparent",
    reminders: { useDefault: false, overrides: [] },
    extendedProperties: { private: { [PROBE_PROPERTY]: probeMarker } },
  } satisfies calendar_v3.Schema$Event;
}

/** Google takes web addresses alone and refuses the whole event for any other. */
function sourceOf({ link, title }: EventDraft): Pick<calendar_v3.Schema$Event, "source"> {
  return /^https?:/.test(link) && URL.canParse(link) ? { source: { title, url: link } } : {};
}

async function find(
  api: calendar_v3.Calendar,
  access: Access,
  { externalId: calendarId }: CalendarRef,
  eventId: string,
): Promise<RemoteEvent | null> {
  const fields = `${EVENT_FIELDS},description,recurrence`;
  try {
    return remote((await api.events.get({ calendarId, eventId, fields }, authorized(access))).data);
  } catch (error) {
    const failure = googleApiError(error, "item");
    if (failure.kind === "gone") return { status: "deleted", externalId: eventId };
    if (failure.kind !== "not_found") throw failure;
  }
  // The same answer for an unknown event and for a calendar that is gone or no longer shared.
  try {
    await api.events.list({ calendarId, maxResults: 1, fields: "kind" }, authorized(access));
    return null;
  } catch (error) {
    throw googleApiError(error, "item");
  }
}

function remote(data: calendar_v3.Schema$Event): RemoteEvent {
  if (isEvent(data) && data.status === "cancelled") {
    return { status: "deleted", externalId: storable(data.id) };
  }
  return {
    status: "live",
    event: written(data),
    description: data.description == null || data.description === "" ? null : storable(data.description),
    stamp: data.extendedProperties?.private?.[STAMP_PROPERTY] ?? null,
    recurring: (data.recurrence ?? []).length > 0,
  };
}

/** The answer to a write. A patch of a deleted event is answered with it, still deleted. */
function written(data: calendar_v3.Schema$Event): CalendarEvent {
  if (!isEvent(data)) throw new ProviderError("malformed_response", { detail: "no_event" });
  if (data.status === "cancelled") throw new ProviderError("gone", { detail: "cancelled" });
  const event = mapEvent(data);
  if (event === null) throw new ProviderError("malformed_response", { detail: "event" });
  return event;
}

/** Google's client hands over a 200 that is no JSON as text. */
function isEvent(data: calendar_v3.Schema$Event | string): data is calendar_v3.Schema$Event & { id: string } {
  return typeof data === "object" && data !== null && typeof data.id === "string";
}
