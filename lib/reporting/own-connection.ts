import { and, eq } from "drizzle-orm";
import { calendarConnections } from "@/db/schema/connections";
import type { Ctx } from "@/lib/organizations/context";
import { notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";

/** Throws `not_found` for an id that is nobody's or another's. */
export async function assertOwnConnection(ctx: Ctx, id: string): Promise<void> {
  if (!isId(id)) throw notFound("integration");
  const rows = await ctx.db
    .select({ id: calendarConnections.id })
    .from(calendarConnections)
    .where(and(eq(calendarConnections.id, id), eq(calendarConnections.userId, ctx.userId)));
  if (rows.length === 0) throw notFound("integration");
}
