import { sql } from "drizzle-orm";
import type { Database } from "@/db/client";

export interface OutboundNudge {
  id: string;
  name: string;
  data: Record<string, unknown>;
}

const BATCH = 200;

/**
 * Hands waiting nudges to the queue and deletes them once it has them. A crash in between sends one twice, under
 * the same id. Answers how many went.
 */
export async function drainOutbox(
  db: Database,
  send: (nudges: OutboundNudge[]) => Promise<void>,
  now: Date,
): Promise<number> {
  let sent = 0;
  for (;;) {
    const rows = await db.execute<{ id: string; name: string; data: Record<string, unknown> }>(sql`
      update outbox o
      set attempts = o.attempts + 1,
        next_attempt_at = ${now.toISOString()}::timestamptz + least(o.attempts + 1, 10) * interval '30 seconds'
      where o.id in (
        select id from outbox
        where next_attempt_at <= ${now.toISOString()}::timestamptz
          or next_attempt_at > ${now.toISOString()}::timestamptz + interval '10 minutes'
        order by id limit ${BATCH} for update skip locked
      )
      returning o.id::text, o.name, o.data
    `);
    if (rows.length === 0) return sent;
    await send(rows.map(({ id, name, data }) => ({ id: `outbox-${id}`, name, data })));
    const ids = JSON.stringify(rows.map((row) => row.id));
    await db.execute(
      sql`delete from outbox where id in (select value::bigint from jsonb_array_elements_text(${ids}::jsonb))`,
    );
    // A batch that is not full proves nothing: another drain may have taken rows from under it.
    sent += rows.length;
  }
}
