import { and, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { announce } from "@/db/live";
import { notifications } from "@/db/schema/notifications";
import { withTransaction } from "@/db/transaction";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";

/** Its owner has seen it; the first time counts. Anybody else's is a 404. What it tells of is not mended by reading. */
export async function markNoticeRead(ctx: Ctx, id: string): Promise<void> {
  requireScope(ctx, "write");
  if (!isId(id)) throw notFound("notification");
  await withTransaction(ctx.db, async (tx) => {
    const own = and(eq(notifications.id, id), eq(notifications.userId, ctx.userId));
    const known = await tx.select({ readAt: notifications.readAt }).from(notifications).where(own);
    if (known.length === 0) throw notFound("notification");
    if (known[0]?.readAt === null) await setRead(tx, ctx, own);
  });
}

/** Everything told so far. */
export async function markAllNoticesRead(ctx: Ctx): Promise<void> {
  requireScope(ctx, "write");
  await withTransaction(ctx.db, (tx) => setRead(tx, ctx, sql`${notifications.resolvedAt} is null`));
}

async function setRead(tx: Tx, ctx: Ctx, chosen: ReturnType<typeof and>): Promise<void> {
  const read = await tx
    .update(notifications)
    .set({ readAt: ctx.now })
    .where(and(eq(notifications.userId, ctx.userId), isNull(notifications.readAt), chosen))
    .returning({ id: notifications.id });
  if (read.length > 0) await announce(tx, ctx.userId, ["notifications"]);
}
