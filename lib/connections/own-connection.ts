import { and, eq, isNull } from "drizzle-orm";
import type { Db } from "@/db/client";
import { calendarConnections } from "@/db/schema/connections";
import type { Ctx } from "@/lib/organizations/context";
import { notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";

export type ConnectionRow = typeof calendarConnections.$inferSelect;

/**
 * One of the caller's connections that is not leaving, its row locked. Anything else throws `not_found`. Its key stays
 * free: a round that ends holds its calendar while the ledger's foreign key looks at the connection, and would
 * otherwise wait for whoever goes on to that calendar.
 */
export async function lockOwnConnection(tx: Db, ctx: Ctx, connectionId: string): Promise<ConnectionRow> {
  if (!isId(connectionId)) throw notFound("integration");
  const [row] = await tx
    .select()
    .from(calendarConnections)
    .where(
      and(
        eq(calendarConnections.id, connectionId),
        eq(calendarConnections.userId, ctx.userId),
        isNull(calendarConnections.disconnectingAt),
      ),
    )
    .for("no key update");
  if (row === undefined) throw notFound("integration");
  return row;
}
