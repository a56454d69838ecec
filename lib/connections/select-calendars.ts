import { and, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { calendarSyncEvents, calendars } from "@/db/schema/calendars";
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

/** Stops checking calendars: their events, cursors and open runs go, and a late worker is fenced off. */
export async function deselectCalendars(tx: Tx, { connectionId, now }: Selection, ids: readonly string[]) {
  if (ids.length === 0) return;
  await tx
    .update(calendars)
    .set({ ...FORGOTTEN, selected: false, generation: sql`${calendars.generation} + 1` })
    .where(and(eq(calendars.connectionId, connectionId), inArray(calendars.id, [...ids])));
  await tx.delete(calendarSyncEvents).where(inArray(calendarSyncEvents.calendarId, [...ids]));
  await cancelRuns(tx, { connectionId, calendarIds: ids }, now);
}
