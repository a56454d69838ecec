import type { Database } from "@/db/client";
import { calendarExportedBookings } from "@/db/schema/exports";
import { exportKey } from "@/lib/calendar/export-key";
import { shapeHash } from "@/lib/calendar/shape-hash";
import type { Services } from "@/lib/connections/services";
import { newId } from "@/lib/platform/ids";
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

export type ExportRow = typeof calendarExportedBookings.$inferSelect;

export async function exportRows(db: Database, userId: string): Promise<ExportRow[]> {
  const rows = await db.select().from(calendarExportedBookings);
  return rows.filter((row) => row.userId === userId);
}
