import { and, eq, isNull } from "drizzle-orm";
import type { Database } from "@/db/client";
import { announce } from "@/db/live";
import { calendarConnections } from "@/db/schema/connections";
import { withTransaction } from "@/db/transaction";
import { noticed, tellDead } from "@/lib/connections/connection-notices";
import { oweDeadConnectionMails } from "@/lib/connections/dead-connection-mails";
import { failWaitingRuns } from "@/lib/connections/request-round";
import { forgetWatches } from "@/lib/connections/watch-wishes";
import { recordAudit } from "@/lib/organizations/audit";

export type ReconnectReason = NonNullable<typeof calendarConnections.$inferSelect.reconnectReason>;

/**
 * Notes that only its owner can bring this connection back. Fenced: a reconnect or disconnect that came first
 * wins, and the first reason stays. What was imported stays too, and goes on blocking; waiting
 * runs end, its owner is told, and owed reminders. True when it was noted.
 */
export async function requireReconnect(
  db: Database,
  input: { connectionId: string; generation: number; reason: ReconnectReason; now: Date },
): Promise<boolean> {
  return withTransaction(db, async (tx) => {
    const [row] = await tx
      .update(calendarConnections)
      .set({ reconnectReason: input.reason, reconnectSince: input.now })
      .where(
        and(
          eq(calendarConnections.id, input.connectionId),
          eq(calendarConnections.generation, input.generation),
          isNull(calendarConnections.reconnectReason),
          isNull(calendarConnections.disconnectingAt),
        ),
      )
      .returning();
    if (row === undefined) return false;
    const { userId, organizationId } = row;
    await recordAudit(
      tx,
      { userId, organizationId, actor: { type: "system", job: "tokens" }, now: input.now },
      {
        action: "connection.reconnect_required",
        subject: { type: "connection", id: input.connectionId },
        details: { reason: input.reason },
      },
    );
    await oweDeadConnectionMails(tx, { connectionId: input.connectionId, userId }, input.now);
    await tellDead(tx, noticed(row), input.reason, input.now);
    await forgetWatches(tx, input.connectionId);
    await failWaitingRuns(tx, input.connectionId, input.now);
    await announce(tx, userId, ["integrations", "history"]);
    return true;
  });
}
