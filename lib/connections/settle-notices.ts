import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { stillFails } from "@/lib/connections/connection-notices";
import { isWritten } from "@/lib/connections/export-notices";
import { resolveNotices } from "@/lib/organizations/notify";

/**
 * Ends every notice that is no longer true, whoever made it untrue: a policy that forbids reading, a booking whose time
 * has passed, a calendar that went with its account's list. What is told of is found where it arises, not here.
 */
export async function settleNotices(db: Db, now: Date): Promise<void> {
  const subject = sql`n.subject_id::uuid`;
  const over = [
    sql`n.kind = 'sync_failing' and not ${stillFails(subject)}`,
    sql`n.kind = 'reconnect_required' and not exists (
      select from calendar_connections k where k.id = ${subject} and k.reconnect_reason is not null)`,
    sql`n.kind = 'bulk_change_held' and not exists (
      select from bulk_changes h where h.id = ${subject} and h.decision is null)`,
    isWritten(now),
  ];
  for (const condition of over) await resolveNotices(db, condition, now);
}
