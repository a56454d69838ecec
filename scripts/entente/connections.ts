import { asc, eq, isNull } from "drizzle-orm";
import type { Database } from "@/db/client";
import { calendarConnections } from "@/db/schema/connections";
import { isId } from "@/lib/platform/ids";
import { OperatorError } from "../lib/operator-error";

/** The connection an option names, or all that are not leaving. Throws for an id that is nobody's. */
export async function connectionsFor(
  db: Database,
  wanted: string | undefined,
): Promise<{ id: string; userId: string }[]> {
  if (wanted !== undefined && !isId(wanted))
    throw new OperatorError(`--integration takes an id, not ${wanted}.`);
  const rows = await db
    .select({ id: calendarConnections.id, userId: calendarConnections.userId })
    .from(calendarConnections)
    .where(
      wanted === undefined ? isNull(calendarConnections.disconnectingAt) : eq(calendarConnections.id, wanted),
    )
    .orderBy(asc(calendarConnections.connectedAt));
  if (wanted !== undefined && rows.length === 0) {
    throw new OperatorError(`There is no integration ${wanted}. \`integrations list\` shows them.`);
  }
  return rows;
}
