import { and, eq } from "drizzle-orm";
import { announce } from "@/db/live";
import { calendarSyncEvents } from "@/db/schema/calendars";
import { withProviderTime } from "@/db/transaction";
import { recordAudit } from "@/lib/organizations/audit";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";

/** The person's own word on one event: it blocks, it does not, or (null) the rules decide again. */
export async function overrideEvent(ctx: Ctx, id: string, blocks: boolean | null): Promise<void> {
  requireScope(ctx, "write");
  if (!isId(id)) throw notFound("event");
  await withProviderTime(ctx.db, ctx.userId, async (tx) => {
    const changed = await tx
      .update(calendarSyncEvents)
      .set({ override: blocks })
      .where(and(eq(calendarSyncEvents.id, id), eq(calendarSyncEvents.userId, ctx.userId)))
      .returning({ id: calendarSyncEvents.id });
    if (changed.length === 0) throw notFound("event");
    const details = { blocks };
    await recordAudit(tx, ctx, { action: "event.override_changed", subject: { type: "event", id }, details });
    await announce(tx, ctx.userId, ["calendar"]);
  });
}
