import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { calendarConnections } from "@/db/schema/connections";
import { resolveHealed } from "@/lib/connections/connection-notices";
import { calendarsToRead } from "@/lib/connections/read-calendars";
import { requestRounds } from "@/lib/connections/request-round";
import { forgetUnread } from "@/lib/connections/select-calendars";
import { settleWatches } from "@/lib/connections/watch-wishes";

/**
 * Changes which calendars a person's services add bookings to: one that is read only from now on gets its first round
 * at once, one that is read no longer forgets what it knew; watches follow. The caller holds the person's lock.
 */
export async function followTargets<T>(
  tx: Tx,
  { userId, now }: { userId: string; now: Date },
  change: () => Promise<T>,
): Promise<T> {
  const connections = await tx
    .select({ id: calendarConnections.id, reconnectReason: calendarConnections.reconnectReason })
    .from(calendarConnections)
    .where(and(eq(calendarConnections.userId, userId), isNull(calendarConnections.disconnectingAt)))
    .orderBy(calendarConnections.id);
  const before = new Map<string, string[]>();
  for (const { id } of connections) before.set(id, await calendarsToRead(tx, id));
  const changed = await change();
  for (const { id: connectionId, reconnectReason } of connections) {
    const known = before.get(connectionId) ?? [];
    const read = await calendarsToRead(tx, connectionId);
    const gone = known.filter((id) => !read.includes(id));
    const come = read.filter((id) => !known.includes(id));
    if (gone.length + come.length === 0) continue;
    await forgetUnread(tx, { connectionId, now }, gone);
    await settleWatches(tx, connectionId, now);
    await resolveHealed(tx, { id: connectionId, userId }, now);
    const calendarIds = reconnectReason === null ? come : [];
    await requestRounds(tx, { connectionId, calendarIds, trigger: "manual", now });
  }
  return changed;
}
