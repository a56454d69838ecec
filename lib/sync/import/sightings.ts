import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { spanRange } from "@/lib/calendar/event-time";
import type { ImportRound } from "@/lib/calendar/import-round";
import { missingMatters, type Notice, noticeOf, type OwnEcho } from "@/lib/calendar/own-event";
import type { RoundItem } from "@/lib/calendar/round-item";
import { contains, type TimeRange } from "@/lib/calendar/time-range";
import type { OwnEvents } from "@/lib/connections/own-events";
import { type OwnRow, rowsById } from "@/lib/connections/own-rows";
import type { Claim } from "@/lib/sync/import/claim";

/** What a page told last of one of our events: a version of it, or that it is gone. */
export type Sighting = { readonly event: CalendarEvent; readonly by: OwnEcho["by"] } | "gone";

/** By the id of the exported row; only of those whose row does not know yet. */
export type Sightings = ReadonlyMap<string, Sighting>;

/** Looks for our own events in a page. Their titles and places are compared, so this comes before privacy. */
export function sightingsOf(claim: Claim, items: readonly RoundItem[], own: OwnEvents): Sightings {
  const sightings = new Map<string, Sighting>();
  if (own.rows.length === 0) return sightings;
  const byId = rowsById(own.rows, claim.vendor);
  const gone = (externalId: string) => {
    for (const row of byId.get(externalId) ?? []) sightings.set(row.id, "gone");
  };
  const met = (event: CalendarEvent) => {
    // Whoever makes our event recurring leaves none under its id, only occurrences.
    if (event.seriesId !== null) gone(event.seriesId);
    const found = own.recognize(event);
    if (found === null || found.row === null || isLater(sightings.get(found.row.id), event)) return;
    sightings.set(found.row.id, { event, by: found.by });
  };
  for (const item of items) {
    if (item.type === "upsert") met(item.event);
    else if (item.type === "removed") gone(item.externalId);
    else if (item.type === "seriesRemoved") gone(item.seriesId);
    else if (item.type === "series") for (const event of item.occurrences) met(event);
  }
  const news = own.rows.flatMap((row) => {
    const sighting = sightings.get(row.id);
    return sighting !== undefined && verdictOn(claim, row, sighting) !== null
      ? [[row.id, sighting] as const]
      : [];
  });
  return new Map(news);
}

function isLater(standing: Sighting | undefined, { updatedAt }: CalendarEvent): boolean {
  if (standing === undefined || standing === "gone" || updatedAt === null) return false;
  return standing.event.updatedAt !== null && standing.event.updatedAt > updatedAt;
}

/** Ours that a full round should have met and did not. What was written after it began may have come too late. */
export function missedBy(
  round: ImportRound,
  claim: Claim,
  own: OwnEvents,
  read: { window: TimeRange; startedAt: Date },
): Sightings {
  const missed = own.rows.filter((row) => {
    const place = row.remote ?? row.written;
    if (row.calendarId !== claim.calendarId || place === null || round.seen.has(row.externalId)) return false;
    if (row.syncedAt !== null && row.syncedAt >= read.startedAt) return false;
    return contains(read.window, place) && verdictOn(claim, row, "gone") !== null;
  });
  return new Map(missed.map((row) => [row.id, "gone"]));
}

/**
 * What a sighting means for its row; null for nothing new. A calendar that two accounts share is judged through the
 * account that writes to it, because the other may be shown less of it.
 */
export function verdictOn(claim: Claim, row: OwnRow, sighting: Sighting): Notice | null {
  const here = row.calendarId === claim.calendarId;
  if (sighting === "gone") return missingMatters(here ? "here" : "elsewhere", row) ? { say: "look" } : null;
  if (sighting.by === "stored" && !here) return null;
  return noticeOf(sighting.event, spanRange(sighting.event, claim.timeZone), sighting.by, row);
}
