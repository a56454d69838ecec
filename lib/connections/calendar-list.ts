import { and, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { users } from "@/db/schema/users";
import { nextReconcileAt, nextSyncAt } from "@/lib/calendar/schedule";
import { parseTimeZone, type TimeZoneId, UTC } from "@/lib/calendar/time-zone";
import { keepHeldTime } from "@/lib/connections/bulk-notices";
import { moveToZone } from "@/lib/connections/calendar-zone";
import { newId } from "@/lib/platform/ids";
import type { ProviderCalendar } from "@/lib/providers/calendar-provider";
import { ProviderError } from "@/lib/providers/provider-error";

type CalendarRow = typeof calendars.$inferSelect;

/** What a new list of an account's calendars changed here. Ids are ours. */
export interface ListChanges {
  added: string[];
  removed: string[];
  changed: string[];
  zoneChanged: string[];
  /** The target of bookings is no longer in the account, so there is none now. */
  targetLost: boolean;
}

/**
 * Brings our calendars in line with the account's list; the caller holds the person's lock. New ones appear
 * unchecked, vanished ones go with their events, a target that became read-only stays, for its owner to see.
 */
export async function applyCalendarList(
  tx: Tx,
  connection: { id: string; userId: string },
  listed: readonly ProviderCalendar[],
  now: Date,
): Promise<ListChanges> {
  const known = await tx.select().from(calendars).where(eq(calendars.connectionId, connection.id));
  // An account that had calendars cannot have none: such a list is an accident, and obeying it would free time.
  if (listed.length === 0 && known.length > 0)
    throw new ProviderError("malformed_response", { detail: "no_calendars" });
  const fallback = await ownZone(tx, connection.userId);
  const byExternalId = new Map(known.map((row) => [row.externalId, row]));
  const wanted = [...new Map(listed.map((calendar) => [calendar.externalId, calendar])).values()];
  const added = wanted.filter((calendar) => !byExternalId.has(calendar.externalId));
  const kept = wanted.flatMap((calendar) => {
    const row = byExternalId.get(calendar.externalId);
    return row === undefined ? [] : [{ row, calendar }];
  });
  const changes: ListChanges = {
    added: await insertCalendars(tx, connection, added, { fallback, now }),
    removed: await removeCalendars(tx, { userId: connection.userId, now }, known, wanted),
    changed: await updateCalendars(tx, kept),
    zoneChanged: [],
    targetLost: false,
  };
  for (const { row, calendar } of kept) {
    if (calendar.timeZone === null || calendar.timeZone === row.timeZone) continue;
    await moveToZone(tx, row.id, calendar.timeZone);
    changes.zoneChanged.push(row.id);
  }
  changes.targetLost = await dropLostTarget(tx, connection.id);
  await tx
    .update(calendarConnections)
    .set({ calendarsListedAt: now })
    .where(eq(calendarConnections.id, connection.id));
  return changes;
}

/** A vendor that names no zone for a calendar leaves it in its owner's. */
async function ownZone(tx: Tx, userId: string): Promise<TimeZoneId> {
  const [user] = await tx.select({ timeZone: users.timeZone }).from(users).where(eq(users.id, userId));
  return parseTimeZone(user?.timeZone) ?? UTC;
}

async function insertCalendars(
  tx: Tx,
  connection: { id: string; userId: string },
  added: readonly ProviderCalendar[],
  { fallback, now }: { fallback: TimeZoneId; now: Date },
): Promise<string[]> {
  if (added.length === 0) return [];
  const rows = added.map((calendar) => {
    const id = newId(now);
    return {
      id,
      connectionId: connection.id,
      userId: connection.userId,
      externalId: calendar.externalId,
      ...described(calendar),
      timeZone: calendar.timeZone ?? fallback,
      nextSyncAt: nextSyncAt(id, now),
      nextReconcileAt: nextReconcileAt(id, now),
    };
  });
  await tx.insert(calendars).values(rows);
  return rows.map((row) => row.id);
}

function described(calendar: ProviderCalendar) {
  const { name, color, accessRole, canWrite, primary } = calendar;
  return { name, color, accessRole, canWrite, isPrimary: primary };
}

async function removeCalendars(
  tx: Tx,
  { userId, now }: { userId: string; now: Date },
  known: readonly CalendarRow[],
  listed: readonly ProviderCalendar[],
): Promise<string[]> {
  const present = new Set(listed.map((calendar) => calendar.externalId));
  const gone = known.filter((row) => !present.has(row.externalId)).map((row) => row.id);
  if (gone.length === 0) return gone;
  await keepHeldTime(tx, userId, gone, now);
  await tx.delete(calendars).where(inArray(calendars.id, gone));
  return gone;
}

async function updateCalendars(
  tx: Tx,
  kept: readonly { row: CalendarRow; calendar: ProviderCalendar }[],
): Promise<string[]> {
  const changed = kept.filter(({ row, calendar }) => {
    const next = described(calendar);
    return (Object.keys(next) as (keyof typeof next)[]).some((field) => row[field] !== next[field]);
  });
  if (changed.length === 0) return [];
  const rows = changed.map(({ row, calendar }) => ({ id: row.id, ...described(calendar) }));
  await tx.execute(sql`
    update calendars c
    set name = r.name, color = r.color, access_role = r."accessRole", can_write = r."canWrite",
      is_primary = r."isPrimary"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (
      id uuid, name text, color text, "accessRole" text, "canWrite" boolean, "isPrimary" boolean
    )
    where c.id = r.id
  `);
  return rows.map((row) => row.id);
}

async function dropLostTarget(tx: Tx, connectionId: string): Promise<boolean> {
  const rows = await tx
    .update(calendarConnections)
    .set({ targetCalendarId: null })
    .where(
      and(
        eq(calendarConnections.id, connectionId),
        sql`${calendarConnections.targetCalendarId} is not null`,
        sql`not exists (select from calendars c where c.id = ${calendarConnections.targetCalendarId})`,
      ),
    )
    .returning({ id: calendarConnections.id });
  return rows.length > 0;
}
