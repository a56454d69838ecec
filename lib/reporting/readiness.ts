import { eq, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import journal from "@/db/migrations/meta/_journal.json";
import { jobBeats } from "@/db/schema/watches";
import { sqlState } from "@/db/transaction";
import type { Services } from "@/lib/connections/services";

const UNDEFINED_TABLE = "42P01";
const TICKS_WITHIN_MS = 5 * 60_000;

/** What does not work although requests can be served. */
export type Shortcoming = "mail_not_configured";

export function findShortcomings({ mail }: Pick<Services, "mail">): Shortcoming[] {
  return mail === null ? ["mail_not_configured"] : [];
}

export type Unreadiness = "database_unreachable" | "migrations_pending" | "schedule_stopped";

/** A process that runs the jobs itself: since when, and what time it is. */
interface OwnSchedule {
  startedAt: Date;
  now: Date;
}

/** Why this process cannot serve yet; empty when it can. `schedule` where the process runs the jobs itself. */
export async function findUnreadiness(
  db: Database,
  schedule: OwnSchedule | null = null,
): Promise<Unreadiness[]> {
  try {
    const rows = await db.execute<{ name: string }>(sql`select name from schema_migrations`);
    const applied = new Set(rows.map((row) => row.name));
    if (!journal.entries.every(({ tag }) => applied.has(tag))) return ["migrations_pending"];
    return schedule !== null && (await hasStopped(db, schedule)) ? ["schedule_stopped"] : [];
  } catch (error) {
    return [sqlState(error) === UNDEFINED_TABLE ? "migrations_pending" : "database_unreachable"];
  }
}

/** Five ticks in a row did not come. A process that just started may not have had its first one. */
async function hasStopped(db: Database, { startedAt, now }: OwnSchedule): Promise<boolean> {
  if (Math.abs(now.getTime() - startedAt.getTime()) < TICKS_WITHIN_MS) return false;
  const [beat] = await db.select().from(jobBeats).where(eq(jobBeats.job, "sync-tick"));
  // A tick of the future was stamped by a clock that has gone back since; the real ones overwrite it.
  return beat === undefined || Math.abs(now.getTime() - beat.startedAt.getTime()) > TICKS_WITHIN_MS;
}
