import type { Tx } from "@/db/client";
import { auditLog } from "@/db/schema/work";
import type { Ctx } from "@/lib/organizations/context";
import { newId } from "@/lib/platform/ids";

export type AuditAction =
  | "user.created"
  | "user.updated"
  | "api_key.created"
  | "api_key.revoked"
  | "connection.connected"
  | "connection.reconnected"
  | "connection.refused"
  | "connection.disconnected"
  | "connection.reconnect_required"
  | "connection.revoked"
  | "connection.settings_changed"
  | "booking.created"
  | "booking.changed"
  | "booking.cancelled"
  | "booking.export_requested"
  | "service.created"
  | "service.changed"
  | "service.deleted"
  | "working_hours.changed"
  | "event.override_changed"
  | "time_off.created"
  | "time_off.deleted"
  | "bulk_change.detected"
  | "bulk_change.healed"
  | "bulk_change.accepted"
  | "bulk_change.held"
  | "bulk_change.events_restored";

/** One row in the same transaction as the change it tells of; if it cannot be written, neither is the change. */
export async function recordAudit(
  tx: Tx,
  ctx: Pick<Ctx, "actor" | "now"> & { userId: string | null; organizationId: string | null },
  entry: { action: AuditAction; subject: { type: string; id: string }; details?: Record<string, unknown> },
): Promise<void> {
  await tx.insert(auditLog).values({
    id: newId(ctx.now),
    at: ctx.now,
    organizationId: ctx.organizationId,
    userId: ctx.userId,
    actor: ctx.actor,
    action: entry.action,
    subjectType: entry.subject.type,
    subjectId: entry.subject.id,
    details: entry.details ?? {},
  });
}
