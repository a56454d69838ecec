import type { CalendarEvent } from "@/lib/calendar/calendar-event";

/** An event we once wrote for a booking of this user; kept after a disconnect. */
export interface ExportedEvent {
  readonly bookingId: string;
  readonly provider: string;
  /** The vendor's canonical id of the calendar it was written to. */
  readonly calendarExternalId: string;
  readonly externalId: string;
  readonly iCalUid: string | null;
}

/** The exported events of one user, ready to be looked up. */
export interface ExportIndex {
  readonly byEventId: ReadonlyMap<string, readonly ExportedEvent[]>;
  readonly byICalUid: ReadonlyMap<string, readonly ExportedEvent[]>;
}

/** Where an event was met. */
export interface EchoContext {
  readonly provider: string;
  readonly calendarExternalId: string;
  /**
   * The booking a marker names and the event id we would have given it in this calendar; null for a marker
   * that names no booking of this user, or a vendor that chooses ids itself.
   */
  readonly expectedFor: (
    marker: string,
  ) => { readonly bookingId: string; readonly externalId: string } | null;
}

/**
 * `stored`: ours, where we put it. `moved`: ours, in another calendar of the vendor. `rebuilt`: ours though its
 * row is lost. `mirror`: another calendar's image of ours. `copy` carries our property but is somebody's
 * duplicate, and blocks like any other event.
 */
export type Echo =
  | { readonly own: true; readonly by: "stored" | "moved" | "rebuilt" | "mirror"; readonly bookingId: string }
  | { readonly own: false; readonly copy: boolean };

/** Looks up the exports of one user; never mix users in one index. */
export function indexExports(exported: readonly ExportedEvent[]): ExportIndex {
  const byEventId = new Map<string, ExportedEvent[]>();
  const byICalUid = new Map<string, ExportedEvent[]>();
  for (const event of exported) {
    add(byEventId, eventKey(event.provider, event.externalId), event);
    if (event.iCalUid !== null) add(byICalUid, event.iCalUid, event);
  }
  return { byEventId, byICalUid };
}

/** Tells whether an event met in a calendar is one of our own, so that it does not block a second time. */
export function recognizeEcho(
  event: Pick<CalendarEvent, "externalId" | "seriesId" | "iCalUid" | "bookingMarker">,
  index: ExportIndex,
  context: EchoContext,
): Echo {
  const stored = index.byEventId.get(eventKey(context.provider, event.externalId));
  const here = stored?.find((entry) => entry.calendarExternalId === context.calendarExternalId);
  if (here) return { own: true, by: "stored", bookingId: here.bookingId };
  if (stored?.[0]) return { own: true, by: "moved", bookingId: stored[0].bookingId };
  const expected = event.bookingMarker === null ? null : context.expectedFor(event.bookingMarker);
  if (expected?.externalId === event.externalId)
    return { own: true, by: "rebuilt", bookingId: expected.bookingId };
  const mirrored = mirroredExport(event, index, context);
  if (mirrored) return { own: true, by: "mirror", bookingId: mirrored.bookingId };
  return { own: false, copy: event.bookingMarker !== null };
}

// Whoever makes our event recurring gets occurrences with its iCal UID that no booking stands behind: an
// occurrence of a series is never an image of ours, nor is a second event in the calendar we wrote to.
function mirroredExport(
  event: Pick<CalendarEvent, "seriesId" | "iCalUid">,
  index: ExportIndex,
  context: EchoContext,
): ExportedEvent | undefined {
  if (event.iCalUid === null || event.seriesId !== null) return undefined;
  const same = index.byICalUid.get(event.iCalUid) ?? [];
  const writtenHere = same.some((entry) => isCalendar(entry, context));
  return writtenHere ? undefined : same[0];
}

function isCalendar(entry: ExportedEvent, context: EchoContext): boolean {
  return entry.provider === context.provider && entry.calendarExternalId === context.calendarExternalId;
}

function eventKey(provider: string, externalId: string): string {
  return `${provider} ${externalId}`;
}

function add(map: Map<string, ExportedEvent[]>, key: string, event: ExportedEvent): void {
  const list = map.get(key);
  if (list) list.push(event);
  else map.set(key, [event]);
}
