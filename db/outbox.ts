import type { Db } from "@/db/client";
import { outbox } from "@/db/schema/work";

/** What a write can ask for. Payloads carry ids only: queues keep what they are given for ever. */
export type Nudge =
  | { name: "calendar/sync.requested"; data: { connectionId: string; calendarIds: string[] } }
  | { name: "calendar/changed"; data: { connectionId: string; calendarIds: string[] } }
  | { name: "calendar/probe.due"; data: { probeId: string } }
  | { name: "connection/calendars.stale"; data: { connectionId: string } }
  | { name: "connection/watches.due"; data: { connectionId: string } }
  | { name: "connection/disconnected"; data: { connectionId: string } }
  | { name: "connection/exports.due"; data: { connectionId: string } }
  | { name: "mail/due"; data: Record<string, never> };

/** Writes a nudge in the caller's transaction. Facts must already say what remains if it is lost. */
export async function enqueue(tx: Db, nudge: Nudge, now: Date): Promise<void> {
  await tx.insert(outbox).values({ name: nudge.name, data: nudge.data, createdAt: now, nextAttemptAt: now });
}
