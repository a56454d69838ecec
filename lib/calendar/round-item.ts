import type { CalendarEvent } from "@/lib/calendar/calendar-event";

/**
 * What a calendar's reader reports in a round, in the vendor's order. `unsure`: something happened to it, and
 * only a fresh read can tell what. `series`: all occurrences of a series in the window; others are gone.
 */
export type RoundItem =
  | { readonly type: "upsert"; readonly event: CalendarEvent }
  | { readonly type: "removed"; readonly externalId: string }
  | { readonly type: "unsure"; readonly externalId: string }
  | { readonly type: "series"; readonly seriesId: string; readonly occurrences: readonly CalendarEvent[] }
  | { readonly type: "seriesRemoved"; readonly seriesId: string };
