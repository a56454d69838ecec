import { eq, type SQL, sql } from "drizzle-orm";
import type { Db, Tx } from "@/db/client";
import { calendarConnections } from "@/db/schema/connections";
import { isReadable } from "@/lib/connections/read-calendars";
import { notify, resolveNotice, resolveNotices } from "@/lib/organizations/notify";
import type { Vendor } from "@/lib/providers/calendar-provider";

/** A calendar that failed this often in a row is told to its owner. */
export const FAILING_AFTER = 3;

/** One trouble of each kind is told per connection, however many calendars or bookings have it. */
const keys = {
  dead: (connectionId: string) => `reconnect:${connectionId}`,
  failing: (connectionId: string) => `failing:${connectionId}`,
};

/** What a notice needs to know of its connection. */
export interface NoticedConnection {
  id: string;
  userId: string;
  provider: Vendor;
  account: string;
}

/**
 * A living connection, its row held until commit: rounds of several calendars that open or end one notice go one after
 * the other, and none opens it once the connection died or left. Before a calendar's row, as everywhere.
 */
export async function holdForNotice(tx: Tx, connectionId: string): Promise<NoticedConnection | null> {
  const [row] = await tx
    .select()
    .from(calendarConnections)
    .where(eq(calendarConnections.id, connectionId))
    .for("no key update");
  if (row === undefined || row.reconnectReason !== null || row.disconnectingAt !== null) return null;
  return noticed(row);
}

/** A connection as its notices name it. */
export function noticed({
  id,
  userId,
  provider,
  nickname,
  accountEmail,
}: typeof calendarConnections.$inferSelect): NoticedConnection {
  return { id, userId, provider, account: nickname ?? accountEmail };
}

/** Only its owner can bring it back. Whatever else it failed at follows from that, and is not told beside it. */
export async function tellDead(
  tx: Tx,
  connection: NoticedConnection,
  reason: string,
  now: Date,
): Promise<void> {
  const { id, userId, provider, account } = connection;
  await resolveNotices(
    tx,
    sql`${ofConnection(connection)} and n.kind in ('sync_failing', 'export_failed')`,
    now,
  );
  const params = { provider, account, reason };
  const subject = { type: "integration", id } as const;
  await notify(tx, { userId, kind: "reconnect_required", subject, params, dedupeKey: keys.dead(id) }, now);
}

/** It was connected again. Calendars that wait for their vendor may still be failing. */
export async function tellAlive(
  tx: Tx,
  connection: { id: string; userId: string },
  now: Date,
): Promise<void> {
  await resolveNotice(tx, connection.userId, keys.dead(connection.id), now);
  await resolveHealed(tx, connection, now);
}

/** One of its calendars failed three times in a row or more; `code` is the kind of error. */
export async function tellFailing(
  tx: Tx,
  { id, userId, provider, account }: NoticedConnection,
  { calendar, code }: { calendar: string; code: string },
  now: Date,
): Promise<void> {
  const params = { provider, account, calendar, code };
  const subject = { type: "integration", id } as const;
  await notify(tx, { userId, kind: "sync_failing", subject, params, dedupeKey: keys.failing(id) }, now);
}

/** Ends what was told of failing calendars when none that is read fails any more. */
export async function resolveHealed(
  tx: Db,
  { id, userId }: { id: string; userId: string },
  now: Date,
): Promise<void> {
  const own = sql`n.user_id = ${userId}::uuid and n.dedupe_key = ${keys.failing(id)}`;
  await resolveNotices(tx, sql`${own} and not ${stillFails(sql`${id}::uuid`)}`, now);
}

/** Of a connection's id: a calendar of it that is read at all failed three times in a row. */
export function stillFails(connectionId: SQL): SQL {
  return sql`exists (
      select from calendars c join calendar_connections k on k.id = c.connection_id
      where k.id = ${connectionId} and c.failures >= ${FAILING_AFTER} and ${isReadable()}
    )`;
}

/** It leaves: nothing of it asks for anything. Its calendars and exported events must still be there. */
export async function resolveLeaving(
  tx: Tx,
  connection: { id: string; userId: string },
  now: Date,
): Promise<void> {
  const { id } = connection;
  const exported = sql`select 'export:' || x.id from calendar_exported_bookings x where x.connection_id = ${id}`;
  const changes = sql`select h.id::text from bulk_changes h where h.connection_id = ${id}`;
  await resolveNotices(
    tx,
    sql`n.user_id = ${connection.userId}::uuid and (${ofConnection(connection)}
      or n.dedupe_key in (${exported})
      or (n.subject_type = 'bulk_change' and n.subject_id in (${changes})))`,
    now,
  );
}

function ofConnection({ id, userId }: { id: string; userId: string }): SQL {
  return sql`n.user_id = ${userId}::uuid and n.subject_type = 'integration' and n.subject_id = ${id}`;
}
