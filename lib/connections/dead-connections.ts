import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
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
  /** Bookings made since then that are not in its calendar. */
  missing: number;
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
      missing: sql<number>`(
        select count(distinct b.id)::int
        from calendar_exported_bookings x join bookings b on b.id = x.booking_id
        where x.connection_id = calendar_connections.id and x.desired = 'present' and x.wanted_seq > x.done_seq
          and b.status = 'confirmed'
          and b.ends_at > ${ctx.now.toISOString()}::timestamptz
          and (calendar_connections.reconnect_since is null or b.created_at >= calendar_connections.reconnect_since)
      )`,
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
