import type { ProviderFetch } from "@/lib/platform/http";
import type { CalendarProvider } from "@/lib/providers/calendar-provider";
import { createGoogleCalendar, GOOGLE_CURSOR_VERSION } from "@/lib/providers/google/google-calendar";
import { createGoogleOAuth } from "@/lib/providers/google/oauth";

export interface GoogleOptions {
  clientId: string;
  clientSecret: string;
  fetch: ProviderFetch;
}

export function createGoogleProvider(options: GoogleOptions): CalendarProvider {
  const calendar = createGoogleCalendar(options.fetch);
  return {
    vendor: "google",
    cursorVersion: GOOGLE_CURSOR_VERSION,
    oauth: createGoogleOAuth(options),
    listCalendars: calendar.listCalendars,
    readRound: calendar.readRound,
    listWindow: calendar.listWindow,
  };
}
