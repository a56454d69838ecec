import { eq, sql } from "drizzle-orm";
import type { Database, Db } from "@/db/client";
import journal from "@/db/migrations/meta/_journal.json";
import { jobBeats } from "@/db/schema/watches";
import { sqlState } from "@/db/transaction";
import type { Services } from "@/lib/connections/services";

const UNDEFINED_TABLE = "42P01";
const TICKS_WITHIN_MS = 5 * 60_000;

/** What does not work although requests can be served. */
export type Shortcoming = "mail_not_configured" | "schedule_stopped";

/**
 * `served` where an Inngest server runs the jobs: that none begins is then no fault of this process, which serves
 * all the same, and taking it out of the balancer would help nobody.
 */
export async function findShortcomings(
  { db, mail }: Pick<Services, "db" | "mail">,
  served: OwnSchedule | null = null,
): Promise<Shortcoming[]> {
  const stopped = served !== null && (await hasStopped(db, served).catch(() => false)); // A database that is gone is a reason.
  return [
    ...(mail === null ? ["mail_not_configured" as const] : []),
    ...(stopped ? ["schedule_stopped" as const] : []),
  ];
}

export type Unreadiness = "database_unreachable" | "migrations_pending" | "schedule_stopped";

/** Since when a process runs, and what time it is. */
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

async function hasStopped(db: Database, schedule: OwnSchedule): Promise<boolean> {
  return (await findStoppedSchedule(db, schedule)) !== null;
}

/**
 * Five ticks in a row did not come, by whatever process: since when, or null for never. Told from the table alone, so
 * that a process can say so although no job runs. One that just started may only be early.
 */
export async function findStoppedSchedule(
  db: Db,
  { startedAt, now }: OwnSchedule,
): Promise<{ lastTickAt: Date | null } | null> {
  if (Math.abs(now.getTime() - startedAt.getTime()) < TICKS_WITHIN_MS) return null;
  const [beat] = await db.select().from(jobBeats).where(eq(jobBeats.job, "sync-tick"));
  if (beat === undefined) return { lastTickAt: null };
  // A tick of the future was stamped by a clock that has gone back since; the real ones overwrite it.
  const stopped = Math.abs(now.getTime() - beat.startedAt.getTime()) > TICKS_WITHIN_MS;
  return stopped ? { lastTickAt: beat.startedAt } : null;
}
