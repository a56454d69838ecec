import type { ProviderFetch } from "@/lib/platform/http";
import type { CalendarProvider } from "@/lib/providers/calendar-provider";
import {
  createGoogleCalendar,
  GOOGLE_CURSOR_VERSION,
  googleClient,
} from "@/lib/providers/google/google-calendar";
import { createGoogleEvents } from "@/lib/providers/google/google-events";
import { createGoogleWatches } from "@/lib/providers/google/google-watches";
import { createGoogleOAuth } from "@/lib/providers/google/oauth";

export interface GoogleOptions {
  clientId: string;
  clientSecret: string;
  fetch: ProviderFetch;
}

export function createGoogleProvider(options: GoogleOptions): CalendarProvider {
  const api = googleClient(options.fetch);
  const calendar = createGoogleCalendar(api);
  return {
    vendor: "google",
    cursorVersion: GOOGLE_CURSOR_VERSION,
    oauth: createGoogleOAuth(options),
    events: createGoogleEvents(api),
    watches: createGoogleWatches(api),
    listCalendars: calendar.listCalendars,
    readRound: calendar.readRound,
    listWindow: calendar.listWindow,
  };
}
