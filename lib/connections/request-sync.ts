import { announce } from "@/db/live";
import { enqueue } from "@/db/outbox";
import { withTransaction } from "@/db/transaction";
import { lockOwnConnection } from "@/lib/connections/own-connection";
import { calendarsToRead } from "@/lib/connections/read-calendars";
import { requestRounds } from "@/lib/connections/request-round";
import type { Services } from "@/lib/connections/services";
import { usableProvider } from "@/lib/connections/usable-provider";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { AppError } from "@/lib/platform/errors";

/**
 * "Sync now": runs that will see every change made before this call, one for each calendar that is read. Throws
 * `reconnect_required`, `blocked_by_policy`, `import_disabled` or `not_found`.
 */
export async function requestSync(
  services: Services,
  ctx: Ctx,
  connectionId: string,
): Promise<{ runIds: string[] }> {
  requireScope(ctx, "write");
  return withTransaction(services.db, async (tx) => {
    const connection = await lockOwnConnection(tx, ctx, connectionId);
    await usableProvider(services, tx, ctx, connection);
    // With import off, a calendar that bookings are added to is still read for what happened to them.
    const calendarIds = await calendarsToRead(tx, connectionId);
    if (!connection.importEnabled && calendarIds.length === 0) {
      throw new AppError("import_disabled", "Import is switched off.");
    }
    const runIds = await requestRounds(tx, { connectionId, calendarIds, trigger: "manual", now: ctx.now });
    // Whoever asks may be waiting for a calendar they made at the vendor just now.
    await enqueue(tx, { name: "connection/calendars.stale", data: { connectionId } }, ctx.now);
    await announce(tx, ctx.userId, ["integrations", "history"]);
    return { runIds };
  });
}
