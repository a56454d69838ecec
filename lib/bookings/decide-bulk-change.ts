import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { announce } from "@/db/live";
import { bulkChanges } from "@/db/schema/bulk-changes";
import { timeOff } from "@/db/schema/time-off";
import { withProviderTime } from "@/db/transaction";
import { type BulkChangeDetail, readBulkChange } from "@/lib/bookings/bulk-changes";
import { holdFreedTime } from "@/lib/bookings/hold-freed-time";
import { restoreEvents } from "@/lib/bookings/restore-events";
import { planDecision } from "@/lib/calendar/bulk-change";
import { bulkNoticeKey } from "@/lib/connections/bulk-notices";
import type { Services } from "@/lib/connections/services";
import { recordAudit } from "@/lib/organizations/audit";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { resolveNotice } from "@/lib/organizations/notify";
import { AppError, notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";

export const bulkDecisionInput = z.strictObject({
  decision: z
    .enum(["accept", "hold"])
    .describe("`accept`: it was me, all follows from it. `hold`: keep the freed time blocked"),
  restoreEvents: z
    .boolean()
    .default(false)
    .describe("Write the events of bookings that went or moved to the calendar again"),
});

export type BulkDecisionInput = z.input<typeof bulkDecisionInput>;

type Change = typeof bulkChanges.$inferSelect;

/**
 * The provider's word on a wholesale change: it was they (`accept`), or its time stays blocked until they know more
 * (`hold`, which may become `accept` later). The same again: nothing is done twice. Throws `not_found`, and `conflict`
 * for holding what was accepted.
 */
export async function decideBulkChange(
  services: Services,
  ctx: Ctx,
  id: string,
  input: BulkDecisionInput,
): Promise<BulkChangeDetail> {
  requireScope(ctx, "write");
  const { decision, restoreEvents: restores } = bulkDecisionInput.parse(input);
  if (!isId(id)) throw notFound("bulk change");
  await withProviderTime(ctx.db, ctx.userId, async (tx) => {
    const change = await ownChange(tx, ctx, id);
    const wanted = decision === "accept" ? "accepted" : "held";
    const step = planDecision(change.decision, wanted);
    if (step === "refuse") throw new AppError("conflict", "This change was accepted already.");
    if (step === "nothing") return;
    const times = step === "hold" ? await holdFreedTime(tx, ctx, change) : await letGo(tx, id);
    await tx.update(bulkChanges).set({ decision: wanted, decidedAt: ctx.now }).where(eq(bulkChanges.id, id));
    await resolveNotice(tx, ctx.userId, bulkNoticeKey(id), ctx.now);
    await recordAudit(tx, ctx, {
      action: `bulk_change.${wanted}`,
      subject: { type: "bulk_change", id },
      details: { calendarId: change.calendarId, times },
    });
    await announce(tx, ctx.userId, ["integrations", "calendar", "bookings"]);
  });
  if (restores) await restoreEvents(services, ctx, id);
  return readBulkChange(ctx, id);
}

/** Puts our events that went or moved back into the calendar, whatever was or will be decided about the rest. */
export async function restoreBulkChangeEvents(
  services: Services,
  ctx: Ctx,
  id: string,
): Promise<BulkChangeDetail> {
  requireScope(ctx, "write");
  await readBulkChange(ctx, id);
  await restoreEvents(services, ctx, id);
  return readBulkChange(ctx, id);
}

async function ownChange(tx: Tx, { userId }: Ctx, id: string): Promise<Change> {
  const [change] = await tx
    .select()
    .from(bulkChanges)
    .where(sql`${bulkChanges.id} = ${id} and ${bulkChanges.userId} = ${userId}`)
    .for("update");
  if (change === undefined) throw notFound("bulk change");
  return change;
}

async function letGo(tx: Tx, id: string): Promise<number> {
  const rows = await tx.delete(timeOff).where(eq(timeOff.bulkChangeId, id)).returning({ id: timeOff.id });
  return rows.length;
}
