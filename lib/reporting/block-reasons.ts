import { and, eq, inArray } from "drizzle-orm";
import { calendarSyncEvents, calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { type BlockFacts, type BlockVerdict, blocks } from "@/lib/calendar/blocking";
import type { Ctx } from "@/lib/organizations/context";

/** Why each of these events blocks or not, by id. Unknown ids and other people's are left out. */
export async function blockReasons(ctx: Ctx, ids: readonly string[]): Promise<Map<string, BlockVerdict>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .select({
      event: calendarSyncEvents,
      canWrite: calendars.canWrite,
      allDayEvents: calendarConnections.allDayEvents,
      tentative: calendarConnections.tentative,
    })
    .from(calendarSyncEvents)
    .innerJoin(calendars, eq(calendars.id, calendarSyncEvents.calendarId))
    .innerJoin(calendarConnections, eq(calendarConnections.id, calendars.connectionId))
    .where(and(eq(calendarSyncEvents.userId, ctx.userId), inArray(calendarSyncEvents.id, [...ids])));
  return new Map(rows.map((row) => [row.event.id, blocks(factsOf(row.event), row, row)]));
}

/**
 * A row as the rules read it. The import writes these columns from the very types of `BlockFacts`; the schema keeps
 * them as plain text.
 */
export function factsOf(event: typeof calendarSyncEvents.$inferSelect): BlockFacts {
  return {
    allDay: event.startDate !== null,
    kind: event.kind as BlockFacts["kind"],
    status: event.status as BlockFacts["status"],
    showAs: event.showAs as BlockFacts["showAs"],
    response: event.response as BlockFacts["response"],
    own: event.own,
    override: event.override,
    empty: event.startsAt >= event.endsAt,
  };
}
