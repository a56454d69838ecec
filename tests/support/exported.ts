import type { Database } from "@/db/client";
import { calendarExportedBookings } from "@/db/schema/exports";
import { exportKey } from "@/lib/calendar/export-key";
import { contentHash, shapeHash } from "@/lib/calendar/shape-hash";
import type { Services } from "@/lib/connections/services";
import { newId } from "@/lib/platform/ids";
import type { Access, CalendarProvider } from "@/lib/providers/calendar-provider";
import { PARIS } from "@/tests/support/factories";
import { at } from "@/tests/support/scripted-vendor";

export interface ExportPlaceRow {
  userId: string;
  connectionId: string | null;
  calendarId: string | null;
  calendarExternalId: string;
}

/** What our event says, as an import sees it. */
export interface Words {
  start: string;
  end: string;
  title: string;
  location: string | null;
}

/** The id our event of a booking has in a Google calendar. */
export function ownEventId({ appOrigin }: Services, bookingId: string, calendarExternalId: string): string {
  return exportKey({
    installation: appOrigin,
    bookingId,
    provider: "google",
    calendarExternalId,
    generation: 0,
  });
}

/** A row of an event that was written and is where it was put, changed as a test needs it. Answers its id. */
export async function createExportRow(
  services: Services,
  bookingId: string,
  place: ExportPlaceRow,
  words: Words,
  overrides: Partial<typeof calendarExportedBookings.$inferInsert> = {},
): Promise<string> {
  const now = services.clock.now();
  const id = newId(now);
  const externalId = ownEventId(services, bookingId, place.calendarExternalId);
  await services.db.insert(calendarExportedBookings).values({
    id,
    bookingId,
    provider: "google",
    ...place,
    desired: "present",
    wantedSeq: 1,
    doneSeq: 1,
    externalId,
    iCalUid: `${externalId}@google.com`,
    contentHash: "content",
    shapeHash: shapeHash({ ...words, start: at(words.start), end: at(words.end) }),
    writtenStart: new Date(words.start),
    writtenEnd: new Date(words.end),
    nextAttemptAt: now,
    createdAt: now,
    ...overrides,
  });
  return id;
}

/** Writes a booking's event into the calendar and its row here, as an exporter leaves both. Answers the event's id. */
export async function exportBooking(
  services: Services,
  to: { provider: CalendarProvider; access: Access },
  bookingId: string,
  place: ExportPlaceRow,
  words: Words,
): Promise<string> {
  const { calendarExternalId } = place;
  const { title, location } = words;
  const description = "Bring the papers";
  const draft = {
    title,
    location,
    start: new Date(words.start),
    end: new Date(words.end),
    timeZone: PARIS,
    description,
    bookingMarker: bookingId,
    link: `${services.appOrigin}/bookings`,
    stamp: contentHash({ title, location, start: at(words.start), end: at(words.end) }, description),
  };
  const key = ownEventId(services, bookingId, calendarExternalId);
  const calendar = { externalId: calendarExternalId, timeZone: PARIS };
  const event = await to.provider.events.create(to.access, calendar, key, draft);
  const { externalId, iCalUid, etag, updatedAt } = event;
  const written = { externalId, iCalUid, etag, remoteUpdatedAt: updatedAt, shapeHash: shapeHash(event) };
  await createExportRow(services, bookingId, place, words, written);
  return externalId;
}

export type ExportRow = typeof calendarExportedBookings.$inferSelect;

export async function exportRows(db: Database, userId: string): Promise<ExportRow[]> {
  const rows = await db.select().from(calendarExportedBookings);
  return rows.filter((row) => row.userId === userId);
}
