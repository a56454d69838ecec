import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { enqueue } from "@/db/outbox";
import { afresh } from "@/lib/connections/plan-exports";
import { newId } from "@/lib/platform/ids";

/**
 * What waits for this connection is tried at once: an error that kept it waiting may be over. The caller holds the
 * person's lock. With `codes` only what failed so. Answers how many events wait.
 */
export async function wakeExports(
  tx: Tx,
  connectionId: string,
  now: Date,
  codes: readonly string[] | null = null,
): Promise<number> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const woken = await tx.execute(sql`
    update calendar_exported_bookings x
    set ${afresh(at)}
    from bookings b
    where x.connection_id = ${connectionId} and b.id = x.booking_id and x.desired <> 'left'
      and x.wanted_seq > x.done_seq and (x.desired = 'absent' or b.ends_at > ${at})
      and (${codes === null} or x.error_code in (select jsonb_array_elements_text(${JSON.stringify(codes)}::jsonb)))
    returning x.id
  `);
  if (woken.length > 0) await enqueue(tx, { name: "connection/exports.due", data: { connectionId } }, now);
  return woken.length;
}

/** Opens the run that will say how many bookings a connect or reconnect added; the exporter closes it. */
export async function openConnectRun(
  tx: Tx,
  { connectionId, userId }: { connectionId: string; userId: string },
  now: Date,
): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(sql`
    insert into calendar_sync_logs (
      id, connection_id, user_id, trigger, kind, status, change_seq, started_at, last_run_at
    )
    values (${newId(now)}::uuid, ${connectionId}::uuid, ${userId}::uuid, 'connect', 'export', 'running', 0, ${at}, ${at})
  `);
}

/**
 * A connection leaves and its owner wants our events gone: those of bookings that are not over. Export is planned
 * without it already. A late worker keeps its lease, so that what it is just writing is removed after it.
 */
export async function takeBackExports(tx: Tx, connectionId: string, now: Date): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(sql`
    update calendar_exported_bookings x
    set desired = 'absent', wanted_seq = x.wanted_seq + 1, verify = false
    from bookings b
    where x.connection_id = ${connectionId} and b.id = x.booking_id and b.ends_at > ${at}
      and (x.external_id is not null or x.lease_epoch > 0)
  `);
}
