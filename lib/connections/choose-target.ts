import { and, eq, isNull } from "drizzle-orm";
import { enqueue } from "@/db/outbox";
import { calendarConnections } from "@/db/schema/connections";
import { withProviderTime } from "@/db/transaction";
import type { Services } from "@/lib/connections/services";
import { changeSettings } from "@/lib/connections/settings";
import { takeBackExports } from "@/lib/connections/wake-exports";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { notFound } from "@/lib/platform/errors";

/**
 * The one answer to "Add bookings to": this calendar and none of another account, or with null none at all. Events of
 * bookings that are not over move along; with nowhere to go they stay as they are. Throws `not_found`, and
 * `invalid_input` for a calendar that cannot be written to.
 */
export async function chooseTarget(
  services: Services,
  ctx: Ctx,
  target: { connectionId: string; calendarId: string } | null,
): Promise<void> {
  requireScope(ctx, "write");
  await withProviderTime(services.db, ctx.userId, async (tx) => {
    const { id, exportEnabled } = calendarConnections;
    const own = await tx
      .select({ id, exportEnabled })
      .from(calendarConnections)
      .where(and(eq(calendarConnections.userId, ctx.userId), isNull(calendarConnections.disconnectingAt)))
      .orderBy(id);
    if (target !== null && !own.some((one) => one.id === target.connectionId)) throw notFound("integration");
    const left = own.filter((one) => one.exportEnabled && one.id !== target?.connectionId);
    for (const one of left) await changeSettings(services, tx, ctx, one.id, { exportEnabled: false });
    if (target === null) return;
    const { connectionId, calendarId } = target;
    await changeSettings(services, tx, ctx, connectionId, {
      exportEnabled: true,
      targetCalendarId: calendarId,
    });
    for (const one of left) {
      await takeBackExports(tx, one.id, ctx.now);
      await enqueue(tx, { name: "connection/exports.due", data: { connectionId: one.id } }, ctx.now);
    }
  });
}
