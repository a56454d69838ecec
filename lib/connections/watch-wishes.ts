import { type SQL, sql } from "drizzle-orm";
import type { Db, Tx } from "@/db/client";
import { enqueue } from "@/db/outbox";
import { isAdmitted } from "@/lib/connections/admitted";
import { isChecked, receivesBookings } from "@/lib/connections/read-calendars";

/** Over `calendars c` and `calendar_connections k`: it is read by itself, so its vendor shall tell of changes. */
export const wantsWatch: SQL = sql`(k.auto_sync_enabled and (${isChecked} or ${receivesBookings})
    and k.disconnecting_at is null and k.reconnect_reason is null and ${isAdmitted(sql.raw("k"))})`;

/** Over `calendar_connections k`: its vendor shall tell of calendars that come, go or change. */
export const wantsListWatch: SQL = sql`(k.auto_sync_enabled and k.disconnecting_at is null
    and k.reconnect_reason is null and ${isAdmitted(sql.raw("k"))})`;

/** Watches nobody needs any more fall silent at once; stopping them at their vendor is the job's. */
export async function stopUnwantedWatches(db: Db, now: Date, connectionId?: string): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  await db.execute(sql`
    update calendar_watches w
    set stop_wanted_at = ${at}, next_attempt_at = ${at}
    where w.stop_wanted_at is null
      and (${connectionId ?? null}::uuid is null or w.connection_id = ${connectionId ?? null}::uuid)
      and not exists (
        select from calendars c join calendar_connections k on k.id = c.connection_id
        where w.subject = 'events' and c.id = w.calendar_id and ${wantsWatch}
      )
      and not exists (
        select from calendar_connections k
        where w.subject = 'calendar_list' and k.id = w.connection_id and ${wantsListWatch}
      )
  `);
}

/** After a change of what is read: silence where nothing is wanted, and somebody goes and asks for the rest. */
export async function settleWatches(tx: Tx, connectionId: string, now: Date): Promise<void> {
  await stopUnwantedWatches(tx, now, connectionId);
  await enqueue(tx, { name: "connection/watches.due", data: { connectionId } }, now);
}

/** A new grant: what the old one asked for may die with it, so all is asked for anew and replaced when that works. */
export async function renewAllWatches(tx: Tx, connectionId: string, now: Date): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(sql`
    update calendars set next_watch_at = null, watch_failures = 0 where connection_id = ${connectionId}
  `);
  await tx.execute(sql`
    update calendar_connections set next_list_watch_at = null, list_watch_failures = 0 where id = ${connectionId}
  `);
  await tx.execute(sql`
    update calendar_watches set renew_at = ${at}
    where connection_id = ${connectionId} and stop_wanted_at is null and expires_at is not null
  `);
  await enqueue(tx, { name: "connection/watches.due", data: { connectionId } }, now);
}

/** The connection is dead: nothing can be stopped without it, and what is still told is nobody's. */
export async function forgetWatches(tx: Tx, connectionId: string): Promise<void> {
  await tx.execute(sql`delete from calendar_watches where connection_id = ${connectionId}`);
}

/** The connection is leaving: the job that revokes it stops them before. */
export async function stopAllWatches(tx: Tx, connectionId: string, now: Date): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(sql`
    update calendar_watches set stop_wanted_at = ${at}, next_attempt_at = ${at}
    where connection_id = ${connectionId} and stop_wanted_at is null
  `);
}
