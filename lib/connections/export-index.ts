import { and, eq, inArray, isNotNull, or, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import type { Db } from "@/db/client";
import { bookings } from "@/db/schema/bookings";
import { calendarExportedBookings } from "@/db/schema/exports";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { type EchoContext, type ExportedEvent, type ExportIndex, indexExports } from "@/lib/calendar/echo";
import { exportKey } from "@/lib/calendar/export-key";
import { isId } from "@/lib/platform/ids";
import type { Vendor } from "@/lib/providers/calendar-provider";

type MetEvent = Pick<CalendarEvent, "externalId" | "iCalUid" | "bookingMarker">;

/**
 * The events we once wrote for this person's bookings, those of connections long gone included. With `met`, only
 * what those events could be: enough to recognize them, however many bookings lie behind.
 */
export async function loadExportIndex(
  db: Db,
  userId: string,
  met?: readonly MetEvent[],
): Promise<ExportIndex> {
  if (met?.length === 0) return indexExports([]);
  const row = calendarExportedBookings;
  const couldBe = (met ?? []).map(({ externalId }) => externalId);
  const known = or(among(row.externalId, couldBe), among(row.iCalUid, (met ?? []).flatMap(uidOf)));
  const rows = await db
    .select({
      bookingId: row.bookingId,
      provider: row.provider,
      calendarExternalId: row.calendarExternalId,
      externalId: row.externalId,
      iCalUid: row.iCalUid,
    })
    .from(row)
    .where(and(eq(row.userId, userId), isNotNull(row.externalId), met === undefined ? undefined : known));
  return indexExports(
    rows.flatMap((exported): ExportedEvent[] => {
      const { externalId } = exported;
      return externalId === null ? [] : [{ ...exported, externalId }];
    }),
  );
}

/** One statement whatever their number, where a list of parameters would be another one each time. */
function among(column: AnyPgColumn, values: readonly string[]): SQL {
  return sql`${column} in (select jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`;
}

const uidOf = ({ iCalUid }: MetEvent) => iCalUid ?? [];

interface EchoPlace {
  userId: string;
  /** This installation's own address, part of every id we give. */
  installation: string;
  provider: Vendor;
  calendarExternalId: string;
}

/** Where events are met, with which of their markers name bookings of this person. */
export async function echoContext(db: Db, place: EchoPlace, met: readonly MetEvent[]): Promise<EchoContext> {
  const { userId, installation, provider, calendarExternalId } = place;
  const bookingIds = await ownBookings(db, userId, met);
  return {
    provider,
    calendarExternalId,
    expectedFor: (marker) => {
      // Google takes our key as its event's id; Microsoft chooses ids, so there is none to expect.
      if (provider !== "google" || !bookingIds.has(marker)) return null;
      const key = { installation, bookingId: marker, provider, calendarExternalId, generation: 0 };
      return { bookingId: marker, externalId: exportKey(key) };
    },
  };
}

async function ownBookings(db: Db, userId: string, met: readonly MetEvent[]): Promise<Set<string>> {
  const markers = new Set(met.flatMap(({ bookingMarker }) => bookingMarker ?? []).filter(isId));
  if (markers.size === 0) return new Set();
  const rows = await db
    .select({ id: bookings.id })
    .from(bookings)
    .where(and(eq(bookings.userId, userId), inArray(bookings.id, [...markers])));
  return new Set(rows.map(({ id }) => id));
}
