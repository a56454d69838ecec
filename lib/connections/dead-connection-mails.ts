import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { mails } from "@/db/schema/mails";
import { newId } from "@/lib/platform/ids";

const DAY_MS = 86_400_000;

/** Days after its death on which a connection's owner is written to; then silence. */
const REMINDER_DAYS = [1, 3, 7, 14] as const;

/** Owes the mails about a connection that died at `since`. They go unless it lives or leaves before they are due. */
export async function oweDeadConnectionMails(
  tx: Tx,
  connection: { connectionId: string; userId: string },
  since: Date,
): Promise<void> {
  const { connectionId, userId } = connection;
  const rows = REMINDER_DAYS.map((day) => ({
    id: newId(since),
    userId,
    connectionId,
    kind: "connection_dead" as const,
    dedupeKey: `dead:${connectionId}:${since.toISOString()}:${day}`,
    createdAt: since,
    nextAttemptAt: new Date(since.getTime() + day * DAY_MS),
  }));
  await tx.insert(mails).values(rows).onConflictDoNothing({ target: mails.dedupeKey });
}

/** Nobody needs to hear any more that this connection is dead. */
export async function dropDeadConnectionMails(
  tx: Tx,
  connectionId: string,
  reason: "reconnected" | "disconnected",
  now: Date,
): Promise<void> {
  await tx
    .update(mails)
    .set({ droppedAt: now, dropReason: reason })
    .where(and(eq(mails.connectionId, connectionId), isNull(mails.sentAt), isNull(mails.droppedAt)));
}
