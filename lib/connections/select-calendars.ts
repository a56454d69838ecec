import { and, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { calendars } from "@/db/schema/calendars";
import { receivesBookings } from "@/lib/connections/read-calendars";
import { cancelRuns } from "@/lib/connections/request-round";

/** What a calendar forgets when its import starts over or ends. Its evidence is unknown until a round ends. */
export const FORGOTTEN = {
  cursor: null,
  cursorVersion: null,
  windowStart: null,
  windowEnd: null,
  syncedThrough: null,
  lastSyncedAt: null,
  lastChangeAt: null,
  failures: 0,
  backoffUntil: null,
  lastErrorKind: null,
  lastErrorAt: null,
  cursorLosses: 0,
  leaseUntil: null,
} as const;

interface Selection {
  connectionId: string;
  now: Date;
}

/** Checks calendars for conflicts. The caller holds the person's lock and asks for their first round. */
export async function selectCalendars(tx: Tx, { connectionId }: Selection, ids: readonly string[]) {
  if (ids.length === 0) return;
  await tx
    .update(calendars)
    .set({ ...FORGOTTEN, selected: true, generation: sql`${calendars.generation} + 1` })
    .where(and(eq(calendars.connectionId, connectionId), inArray(calendars.id, [...ids])));
}

/**
 * Stops checking calendars: their events, cursors and open runs go, and a late worker is fenced off. Where bookings are
 * added our own events stay known; the cursor's version alone makes the next round a full one.
 */
export async function deselectCalendars(tx: Tx, { connectionId, now }: Selection, ids: readonly string[]) {
  if (ids.length === 0) return;
  await tx
    .update(calendars)
    .set({ ...FORGOTTEN, selected: false, generation: sql`${calendars.generation} + 1` })
    .where(and(eq(calendars.connectionId, connectionId), inArray(calendars.id, [...ids])));
  await tx.execute(sql`
    delete from calendar_sync_events e
    using calendars c join calendar_connections k on k.id = c.connection_id
    where c.id = e.calendar_id and k.id = ${connectionId} and not c.selected
      and c.id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid)
      and not ((e.own or e.displaced) and ${receivesBookings})
  `);
  await cancelRuns(tx, { connectionId, calendarIds: ids }, now);
}

/** Calendars nobody needs read any more although nobody unchecked them: they are no target any longer. */
export async function forgetUnread(tx: Tx, selection: Selection, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const unchecked = await tx
    .select({ id: calendars.id })
    .from(calendars)
    .where(
      and(
        eq(calendars.connectionId, selection.connectionId),
        inArray(calendars.id, [...ids]),
        eq(calendars.selected, false),
      ),
    );
  await deselectCalendars(
    tx,
    selection,
    unchecked.map(({ id }) => id),
  );
}
