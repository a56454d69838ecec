import { sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import journal from "@/db/migrations/meta/_journal.json";
import { sqlState } from "@/db/transaction";
import type { Services } from "@/lib/connections/services";

const UNDEFINED_TABLE = "42P01";

/** What does not work although requests can be served. */
export type Shortcoming = "mail_not_configured";

export function findShortcomings({ mail }: Pick<Services, "mail">): Shortcoming[] {
  return mail === null ? ["mail_not_configured"] : [];
}

export type Unreadiness = "database_unreachable" | "migrations_pending";

/** Why this process cannot serve yet; empty when it can. */
export async function findUnreadiness(db: Database): Promise<Unreadiness[]> {
  try {
    const rows = await db.execute<{ name: string }>(sql`select name from schema_migrations`);
    const applied = new Set(rows.map((row) => row.name));
    return journal.entries.every(({ tag }) => applied.has(tag)) ? [] : ["migrations_pending"];
  } catch (error) {
    return [sqlState(error) === UNDEFINED_TABLE ? "migrations_pending" : "database_unreachable"];
  }
}
