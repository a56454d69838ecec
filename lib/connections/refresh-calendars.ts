import { and, asc, eq, gt, isNull, lt, or, sql } from "drizzle-orm";
import { announce } from "@/db/live";
import { calendarConnections } from "@/db/schema/connections";
import { withProviderTime } from "@/db/transaction";
import { withAccess } from "@/lib/connections/access";
import { isAdmitted } from "@/lib/connections/admitted";
import { applyCalendarList, type ListChanges } from "@/lib/connections/calendar-list";
import { planExports } from "@/lib/connections/plan-exports";
import { requireReconnect } from "@/lib/connections/require-reconnect";
import type { Services } from "@/lib/connections/services";
import { providerOf } from "@/lib/connections/stored-tokens";
import { wakeExports } from "@/lib/connections/wake-exports";
import { recordAudit } from "@/lib/organizations/audit";
import { AppError } from "@/lib/platform/errors";
import { describeError, log } from "@/lib/platform/log";
import type { Access } from "@/lib/providers/calendar-provider";
import { ProviderError } from "@/lib/providers/provider-error";

const DAY_MS = 24 * 3_600_000;
const AT_ONCE = 5;

/**
 * Reads the account's list of calendars again and follows it. Null when the connection changed hands, left or
 * died meanwhile, or nobody may ask for it any more. Throws `ProviderError` for what passes by itself.
 */
export async function refreshCalendars(
  services: Services,
  connectionId: string,
): Promise<ListChanges | null> {
  const [seen] = await services.db
    .select()
    .from(calendarConnections)
    .where(
      and(
        eq(calendarConnections.id, connectionId),
        isNull(calendarConnections.disconnectingAt),
        isAdmitted(sql`${calendarConnections}`),
      ),
    );
  if (seen === undefined || seen.reconnectReason !== null) return null;
  const provider = providerOf(services, seen.provider);
  const now = services.clock.now();
  try {
    const list = (access: Access) => provider.listCalendars(access);
    const listed = await withAccess(services, connectionId, list, { patient: true });
    return await follow(services, seen, listed);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === "reauthorization_required") return null;
    const reason = { scope_missing: "insufficient_scopes", admin_policy: "admin_policy" } as const;
    if (error.kind !== "scope_missing" && error.kind !== "admin_policy") throw error;
    const { generation } = seen;
    await requireReconnect(services.db, { connectionId, generation, reason: reason[error.kind], now });
    return null;
  }
}

async function follow(
  services: Services,
  seen: typeof calendarConnections.$inferSelect,
  listed: Parameters<typeof applyCalendarList>[2],
): Promise<ListChanges | null> {
  const now = services.clock.now();
  return withProviderTime(services.db, seen.userId, async (tx) => {
    const [current] = await tx
      .select({ id: calendarConnections.id })
      .from(calendarConnections)
      .where(and(eq(calendarConnections.id, seen.id), eq(calendarConnections.generation, seen.generation)))
      .for("update");
    if (current === undefined) return null;
    const changes = await applyCalendarList(tx, seen, listed, now);
    const { added, removed, changed, zoneChanged, targetLost } = changes;
    if (added.length + removed.length + changed.length + zoneChanged.length === 0) return changes;
    await planExports(tx, { userId: seen.userId, touch: false }, now);
    // A calendar that may be written to again, or that changed at all: what failed for it is tried anew.
    if (changed.length > 0) await wakeExports(tx, seen.id, now, ["permission_denied", "not_found"]);
    if (removed.length > 0) {
      await recordAudit(
        tx,
        {
          userId: seen.userId,
          organizationId: seen.organizationId,
          actor: { type: "system", job: "calendars" },
          now,
        },
        {
          action: "connection.settings_changed",
          subject: { type: "connection", id: seen.id },
          details: { calendarsRemoved: removed, targetLost },
        },
      );
    }
    await announce(tx, seen.userId, ["integrations", "calendar"]);
    return changes;
  });
}

/** Lists again what was last listed a day ago or more (or, by a wrong clock, in the future). */
export async function refreshStaleCalendarLists(
  services: Services,
  limit = 500,
): Promise<{ due: number; refreshed: number; failed: number }> {
  const now = services.clock.now();
  const listedAt = calendarConnections.calendarsListedAt;
  const due = await services.db
    .select({
      id: calendarConnections.id,
      vendor: calendarConnections.provider,
      userId: calendarConnections.userId,
    })
    .from(calendarConnections)
    .where(
      and(
        isNull(calendarConnections.disconnectingAt),
        isNull(calendarConnections.reconnectReason),
        isAdmitted(sql`${calendarConnections}`),
        or(
          isNull(listedAt),
          lt(listedAt, new Date(now.getTime() - DAY_MS)),
          gt(listedAt, new Date(now.getTime() + DAY_MS)),
        ),
      ),
    )
    .orderBy(asc(listedAt))
    .limit(limit);
  const report = { due: due.length, refreshed: 0, failed: 0 };
  const queue = due.values();
  const worker = async () => {
    for (const { id, vendor, userId } of queue) {
      if (!services.requests.hasRoom(vendor, userId)) continue; // It stays due.
      try {
        await refreshCalendars(services, id);
        report.refreshed += 1;
      } catch (error) {
        log.warn({ connectionId: id, err: describeError(error) }, "calendar list could not be read");
        report.failed += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return report;
}
