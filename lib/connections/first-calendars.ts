import { and, asc, eq, isNotNull, isNull, ne, notInArray, or, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import type { Capabilities } from "@/lib/providers/calendar-provider";

interface Choice {
  connectionId: string;
  userId: string;
  /** The connection as it was before a renewal; null for a new one. */
  existing: { targetCalendarId: string | null; exportEnabled: boolean; couldWrite: boolean } | null;
  capabilities: Capabilities;
}

/**
 * What a fresh connection is used for until its owner says otherwise: the main calendar blocks time, and the first
 * connection's main calendar receives the bookings. A renewal changes neither, unless it only now may write.
 */
export async function chooseFirstCalendars(tx: Tx, choice: Choice): Promise<void> {
  const { connectionId, existing } = choice;
  const main = await mainCalendar(tx, connectionId);
  if (existing === null && main !== null) {
    await tx.update(calendars).set({ selected: true }).where(eq(calendars.id, main.id));
  }
  const isFirst = await isOnlyConnection(tx, choice);
  const targetCalendarId = main?.canWrite && choice.capabilities.writeEvents ? main.id : null;
  const chosen = eq(calendarConnections.id, connectionId);
  if (existing === null) {
    await tx
      .update(calendarConnections)
      .set({ exportEnabled: isFirst, targetCalendarId: isFirst ? targetCalendarId : null })
      .where(chosen);
  } else if (
    isFirst &&
    existing.exportEnabled &&
    !existing.couldWrite &&
    existing.targetCalendarId === null
  ) {
    await tx.update(calendarConnections).set({ targetCalendarId }).where(chosen);
  }
}

/** The vendor's primary calendar; where none is marked, the first one that can be written to. */
async function mainCalendar(tx: Tx, connectionId: string) {
  const [main] = await tx
    .select({ id: calendars.id, canWrite: calendars.canWrite })
    .from(calendars)
    .where(
      and(
        eq(calendars.connectionId, connectionId),
        or(eq(calendars.isPrimary, true), eq(calendars.canWrite, true)),
      ),
    )
    .orderBy(sql`${calendars.isPrimary} desc`, asc(calendars.id))
    .limit(1);
  return main ?? null;
}

/** No other living connection of this person is there, or at least none that receives bookings. */
async function isOnlyConnection(tx: Tx, { connectionId, userId, existing }: Choice): Promise<boolean> {
  const others = await tx
    .select({ id: calendarConnections.id })
    .from(calendarConnections)
    .where(
      and(
        eq(calendarConnections.userId, userId),
        ne(calendarConnections.id, connectionId),
        isNull(calendarConnections.disconnectingAt),
        existing === null ? undefined : isNotNull(calendarConnections.targetCalendarId),
      ),
    )
    .limit(1);
  return others.length === 0;
}

/** After a renewal: failures of the dead token are forgotten, and the lease of a fenced-off worker is lifted. */
export async function wakeCalendars(tx: Tx, connectionId: string): Promise<void> {
  const own = eq(calendars.connectionId, connectionId);
  await tx.update(calendars).set({ leaseUntil: null }).where(own);
  await tx
    .update(calendars)
    .set({ failures: 0, lastErrorKind: null, lastErrorAt: null, backoffUntil: null })
    .where(
      and(
        own,
        isNotNull(calendars.lastErrorKind),
        notInArray(calendars.lastErrorKind, ["rate_limited", "quota_exhausted"]),
      ),
    );
}
