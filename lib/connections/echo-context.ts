import { and, eq, inArray } from "drizzle-orm";
import type { Db } from "@/db/client";
import { bookings } from "@/db/schema/bookings";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import type { EchoContext } from "@/lib/calendar/echo";
import { exportKey } from "@/lib/calendar/export-key";
import { isId } from "@/lib/platform/ids";
import type { Vendor } from "@/lib/providers/calendar-provider";

type MetEvent = Pick<CalendarEvent, "bookingMarker">;

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
