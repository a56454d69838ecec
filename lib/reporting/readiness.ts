import { sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import journal from "@/db/migrations/meta/_journal.json";
import { sqlState } from "@/db/transaction";

const UNDEFINED_TABLE = "42P01";

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
