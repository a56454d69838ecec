import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import type { EventTime } from "@/lib/calendar/event-time";
import type { IsoDate } from "@/lib/calendar/iso-date";
import type { RoundItem } from "@/lib/calendar/round-item";
import type { CalendarProvider, RoundPage, RoundRequest } from "@/lib/providers/calendar-provider";
import type { ProviderError } from "@/lib/providers/provider-error";
import { type ScriptedEvents, scriptedEvents } from "./scripted-events";
import { type ScriptedWatches, scriptedWatches } from "./scripted-watches";

/** `before`: runs when the page is asked for. */
export type ScriptedPage = {
  items?: RoundItem[];
  timeZone?: RoundPage["timeZone"];
  before?: () => Promise<void>;
};
type Round =
  | { pages: ScriptedPage[]; cursor?: string | null }
  | { pages?: ScriptedPage[]; error: ProviderError };

export interface ScriptedVendor {
  provider: CalendarProvider;
  /** Our events as this vendor keeps them, and what its writes answer. */
  events: ScriptedEvents;
  /** What it was asked to tell us of. */
  watches: ScriptedWatches;
  /** What the next rounds answer, in order. The last one repeats without its items. */
  script(...rounds: Round[]): void;
  requests: RoundRequest[];
}

/** A vendor that says exactly what a test wants said: every kind of item, at every page, with every failure. */
export function scriptedVendor(options: { choosesIds?: boolean; now?: () => Date } = {}): ScriptedVendor {
  const events = scriptedEvents(options);
  const watches = scriptedWatches(options.now);
  const rounds: Round[] = [];
  const requests: RoundRequest[] = [];
  let cursors = 0;

  async function* readRound(_access: unknown, request: RoundRequest): AsyncGenerator<RoundPage> {
    requests.push(request);
    const round = rounds.shift() ?? { pages: [{}] };
    const pages = round.pages ?? [];
    for (const [index, page] of pages.entries()) {
      await page.before?.();
      const last = index === pages.length - 1 && !("error" in round);
      cursors += last ? 1 : 0;
      const cursor = "cursor" in round && round.cursor !== undefined ? round.cursor : `cursor-${cursors}`;
      yield { items: page.items ?? [], timeZone: page.timeZone ?? null, end: last ? { cursor } : null };
    }
    if ("error" in round) throw round.error;
  }

  const unused = () => Promise.reject(new Error("the scripted vendor has no such thing"));
  return {
    events,
    watches,
    requests,
    script: (...next) => {
      rounds.push(...next);
    },
    provider: {
      vendor: "google",
      cursorVersion: "scripted-1",
      oauth: {
        calendarScopes: [],
        revokes: true,
        capabilities: () => ({ readEvents: true, writeEvents: true, contacts: false, presence: false }),
        authorizationUrl: unused,
        exchange: unused,
        refresh: async () => ({
          accessToken: "fresh",
          refreshToken: null,
          expiresInSeconds: 3_600,
          scopes: null,
        }),
        revoke: unused,
      },
      events: events.writer,
      watches: watches.watcher,
      listCalendars: unused,
      readRound,
      listWindow: unused,
    },
  };
}

export function at(instant: string | Date): EventTime {
  return { kind: "instant", at: new Date(instant), zone: null };
}

export function day(date: string): EventTime {
  return { kind: "day", date: date as IsoDate };
}

/** An ordinary busy hour, changed as a test needs it. */
export function event(externalId: string, overrides: Partial<CalendarEvent> = {}): CalendarEvent {
  return {
    externalId,
    seriesId: null,
    iCalUid: `${externalId}@example.test`,
    etag: null,
    updatedAt: null,
    kind: "default",
    status: "confirmed",
    start: at("2026-11-24T10:00:00.000Z"),
    end: at("2026-11-24T11:00:00.000Z"),
    showAs: "busy",
    response: "none",
    title: externalId,
    location: null,
    attendees: [],
    organizerSelf: true,
    private: false,
    bookingMarker: null,
    ...overrides,
  };
}

export function upsert(externalId: string, overrides: Partial<CalendarEvent> = {}): RoundItem {
  return { type: "upsert", event: event(externalId, overrides) };
}

export function removed(externalId: string): RoundItem {
  return { type: "removed", externalId };
}
