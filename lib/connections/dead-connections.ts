import { and, eq, isNotNull, isNull } from "drizzle-orm";
import { calendarConnections } from "@/db/schema/connections";
import type { ReconnectReason } from "@/lib/connections/require-reconnect";
import type { Ctx } from "@/lib/organizations/context";
import type { Vendor } from "@/lib/providers/calendar-provider";

export interface DeadConnection {
  id: string;
  provider: Vendor;
  accountEmail: string;
  reason: ReconnectReason;
  since: string | null;
}

/** Connections of this person whose vendor no longer takes our tokens; one cheap query for every page. */
export async function findDeadConnections(ctx: Ctx): Promise<DeadConnection[]> {
  const rows = await ctx.db
    .select({
      id: calendarConnections.id,
      provider: calendarConnections.provider,
      accountEmail: calendarConnections.accountEmail,
      reason: calendarConnections.reconnectReason,
      since: calendarConnections.reconnectSince,
    })
    .from(calendarConnections)
    .where(
      and(
        eq(calendarConnections.userId, ctx.userId),
        isNotNull(calendarConnections.reconnectReason),
        isNull(calendarConnections.disconnectingAt),
      ),
    )
    .orderBy(calendarConnections.connectedAt);
  return rows.flatMap(({ reason, since, ...row }) =>
    reason === null ? [] : [{ ...row, reason, since: since?.toISOString() ?? null }],
  );
}
