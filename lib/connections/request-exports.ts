import { announce } from "@/db/live";
import { withProviderTime } from "@/db/transaction";
import { lockOwnConnection } from "@/lib/connections/own-connection";
import type { Services } from "@/lib/connections/services";
import { wakeExports } from "@/lib/connections/wake-exports";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { AppError } from "@/lib/platform/errors";

/**
 * "Try again now": what waits to be written to this account's calendars is tried at once, though not before a time the
 * vendor named itself. Answers how many events. Throws `reconnect_required` and `not_found`.
 */
export async function requestExports(services: Services, ctx: Ctx, connectionId: string): Promise<number> {
  requireScope(ctx, "write");
  return withProviderTime(services.db, ctx.userId, async (tx) => {
    const connection = await lockOwnConnection(tx, ctx, connectionId);
    if (connection.reconnectReason !== null) {
      throw new AppError("reconnect_required", "Connect this account again first.");
    }
    const woken = await wakeExports(tx, connectionId, ctx.now);
    await announce(tx, ctx.userId, ["integrations", "bookings"]);
    return woken;
  });
}
