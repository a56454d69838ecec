import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";

/** Mails that should have gone by `before`. */
export async function countWaitingMails(db: Db, before: Date): Promise<number> {
  const [row] = await db.execute<{ waiting: number }>(sql`
    select count(*)::int as waiting from mails
    where sent_at is null and dropped_at is null and next_attempt_at <= ${before.toISOString()}::timestamptz
  `);
  return row?.waiting ?? 0;
}
