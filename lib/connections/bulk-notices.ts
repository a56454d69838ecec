import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { resolveNotice } from "@/lib/organizations/notify";

/** One notice for each wholesale change. */
export function bulkNoticeKey(id: string): string {
  return `bulk_change:${id}`;
}

/**
 * Before calendars go: their wholesale changes go first, and nobody is asked about them any more. Left to the cascade,
 * a row that this transaction has already touched would be held against a change that is gone. `chosen` is over
 * `bulk_changes b`.
 */
async function dropChanges(tx: Tx, userId: string, chosen: SQL, now: Date): Promise<void> {
  const rows = await tx.execute<{ id: string }>(
    sql`delete from bulk_changes b where b.user_id = ${userId} and ${chosen} returning b.id`,
  );
  for (const { id } of rows) await resolveNotice(tx, userId, bulkNoticeKey(id), now);
}

/** The account leaves: nothing of it blocks any more, time held because of it included. */
export async function dropBulkChanges(
  tx: Tx,
  { id, userId }: { id: string; userId: string },
  now: Date,
): Promise<void> {
  await dropChanges(tx, userId, sql`b.connection_id = ${id}`, now);
}

/** The vendor no longer has these calendars. What their owner chose to hold stays as time off of their own. */
export async function keepHeldTime(
  tx: Tx,
  userId: string,
  calendarIds: readonly string[],
  now: Date,
): Promise<void> {
  const chosen = sql`b.calendar_id in (select jsonb_array_elements_text(${JSON.stringify(calendarIds)}::jsonb)::uuid)`;
  await tx.execute(sql`
    update time_off set bulk_change_id = null
    where bulk_change_id in (select b.id from bulk_changes b where ${chosen})
  `);
  await dropChanges(tx, userId, chosen, now);
}
