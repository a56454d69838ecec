import { type calendar_v3, calendar as calendarApi } from "@googleapis/calendar";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import type { RoundItem } from "@/lib/calendar/round-item";
import type { TimeRange } from "@/lib/calendar/time-range";
import { parseTimeZone } from "@/lib/calendar/time-zone";
import type { ProviderFetch } from "@/lib/platform/http";
import type {
  Access,
  CalendarRef,
  ProviderCalendar,
  RoundPage,
  RoundRequest,
} from "@/lib/providers/calendar-provider";
import { googleApiError } from "@/lib/providers/google/errors";
import { requireList } from "@/lib/providers/google/list-answer";
import { mapEvent, storable, text } from "@/lib/providers/google/map-event";
import { ProviderError } from "@/lib/providers/provider-error";

/** Names the list parameters and the mapping; a cursor of another version is not used. */
export const GOOGLE_CURSOR_VERSION = "google-2";

const WRITING_ROLES = new Set(["owner", "writer", "writerWithoutPrivateAccess"]);
/** More occurrences of one series than this in a delta: it was changed as a whole, so its ids are doubtful. */
const MANY_OCCURRENCES = 50;
const MAX_PAGES = 1_000;

export const EVENT_FIELDS =
  "id,status,summary,location,start,end,recurringEventId,iCalUID,etag,updated,transparency,visibility,eventType," +
  "organizer(self),attendees(displayName,email,responseStatus,self),extendedProperties(private)";
const LIST_FIELDS = `nextPageToken,nextSyncToken,timeZone,items(${EVENT_FIELDS})`;

type ListParameters = calendar_v3.Params$Resource$Events$List;

export interface GoogleCalendar {
  listCalendars(access: Access): Promise<ProviderCalendar[]>;
  readRound(access: Access, request: RoundRequest): AsyncGenerator<RoundPage>;
  listWindow(access: Access, calendar: CalendarRef, range: TimeRange): Promise<CalendarEvent[]>;
}

/** Calendar v3 through Google's own client, our door and no retries of its own: backoff belongs to the schedule. */
export function googleClient(fetch: ProviderFetch): calendar_v3.Calendar {
  return calendarApi({
    version: "v3",
    retry: false,
    fetchImplementation: fetch as typeof globalThis.fetch,
  });
}

export function createGoogleCalendar(api: calendar_v3.Calendar): GoogleCalendar {
  const list = async (access: Access, parameters: ListParameters): Promise<calendar_v3.Schema$Events> => {
    try {
      return requireList((await api.events.list(parameters, authorized(access))).data);
    } catch (error) {
      throw googleApiError(error, "list");
    }
  };

  return {
    listCalendars: async (access) => {
      const calendars: ProviderCalendar[] = [];
      let pageToken: string | undefined;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const data = await calendarPage(api, access, pageToken);
        calendars.push(...(data.items ?? []).flatMap(mapCalendar));
        if (data.nextPageToken == null) return calendars;
        pageToken = data.nextPageToken;
      }
      throw new ProviderError("malformed_response", { detail: "endless_pages" });
    },

    readRound: (access, request) => readRound((parameters) => list(access, parameters), request),

    listWindow: async (access, calendar, range) => {
      const events: CalendarEvent[] = [];
      const request = { calendar, cursor: null, window: range };
      for await (const page of readRound((parameters) => list(access, parameters), request)) {
        for (const item of page.items) if (item.type === "upsert") events.push(item.event);
      }
      return events;
    },
  };
}

/** Google's client hands unknown options on to the door as they are; `person` and `patient` are such. */
export function authorized({ accessToken, person, patient }: Access, etag: string | null = null) {
  const headers: Record<string, string> = { authorization: `Bearer ${accessToken}` };
  if (etag !== null) headers["if-match"] = etag;
  return { headers, person, patient };
}

async function calendarPage(api: calendar_v3.Calendar, access: Access, pageToken: string | undefined) {
  try {
    const parameters = {
      maxResults: 250,
      showHidden: true,
      ...(pageToken === undefined ? {} : { pageToken }),
    };
    return requireList((await api.calendarList.list(parameters, authorized(access))).data);
  } catch (error) {
    throw googleApiError(error, "item");
  }
}

function mapCalendar(entry: calendar_v3.Schema$CalendarListEntry): ProviderCalendar[] {
  if (entry.id == null || entry.deleted === true) return [];
  return [
    {
      externalId: entry.id,
      name: text(entry.summaryOverride) ?? text(entry.summary) ?? entry.id,
      color: /^#[0-9a-f]{6}$/i.test(entry.backgroundColor ?? "") ? (entry.backgroundColor ?? null) : null,
      timeZone: parseTimeZone(entry.timeZone),
      accessRole: entry.accessRole ?? "none",
      canWrite: WRITING_ROLES.has(entry.accessRole ?? ""),
      primary: entry.primary === true,
    },
  ];
}

async function* readRound(
  list: (parameters: ListParameters) => Promise<calendar_v3.Schema$Events>,
  request: RoundRequest,
): AsyncGenerator<RoundPage> {
  const parameters = roundParameters(request);
  const doubts = seriesDoubts(request.cursor !== null);
  let pageToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const data = await list({ ...parameters, ...(pageToken === undefined ? {} : { pageToken }) });
    const items = (data.items ?? []).flatMap(mapItem);
    const last = data.nextPageToken == null;
    doubts.note(items);
    yield {
      items: last ? [...items, ...doubts.items()] : items,
      timeZone: parseTimeZone(data.timeZone),
      end: last ? { cursor: data.nextSyncToken ?? null } : null,
    };
    if (last) return;
    pageToken = data.nextPageToken ?? undefined;
  }
  throw new ProviderError("malformed_response", { detail: "endless_pages" });
}

/** With a sync token no window may be named, and every other parameter must be as in the first list. */
function roundParameters({ calendar, cursor, window }: RoundRequest): ListParameters {
  return {
    calendarId: calendar.externalId,
    singleEvents: true,
    maxResults: 2500,
    maxAttendees: 50,
    fields: LIST_FIELDS,
    ...(cursor === null
      ? { timeMin: window.start.toISOString(), timeMax: window.end.toISOString() }
      : { syncToken: cursor }),
  };
}

/**
 * A deleted entry may say nothing but its id, and that id may be a whole series'. An entry we cannot read is
 * doubtful, never gone.
 */
function mapItem(raw: calendar_v3.Schema$Event): RoundItem[] {
  if (raw.id == null) return [];
  const externalId = storable(raw.id);
  if (raw.status === "cancelled") {
    const removed: RoundItem = { type: "removed", externalId };
    return raw.recurringEventId == null
      ? [removed, { type: "seriesRemoved", seriesId: externalId }]
      : [removed];
  }
  const event = mapEvent(raw);
  return [event === null ? { type: "unsure", externalId } : { type: "upsert", event }];
}

/**
 * Series whose ids cannot be trusted after a delta: split by "this and following" (`<id>_R<stamp>`), or
 * touched as a whole. Old occurrences may have been left without a tombstone.
 */
function seriesDoubts(incremental: boolean) {
  const touched = new Map<string, number>();
  return {
    note(items: readonly RoundItem[]): void {
      if (!incremental) return;
      for (const item of items) {
        const seriesId = item.type === "upsert" ? item.event.seriesId : null;
        if (seriesId !== null) touched.set(seriesId, (touched.get(seriesId) ?? 0) + 1);
      }
    },
    items(): RoundItem[] {
      return [...touched]
        .filter(([seriesId, count]) => count > MANY_OCCURRENCES || /_R\d{8}/.test(seriesId))
        .map(([seriesId]) => ({ type: "unsure", externalId: seriesId }));
    },
  };
}
