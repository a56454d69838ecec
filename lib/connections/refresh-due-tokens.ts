import { and, asc, eq, isNull, lt, or, sql } from "drizzle-orm";
import { calendarConnections, oauthTokens } from "@/db/schema/connections";
import { isStale } from "@/lib/connections/access";
import { isAdmitted } from "@/lib/connections/admitted";
import { refreshTokens } from "@/lib/connections/refresh-tokens";
import type { Services } from "@/lib/connections/services";
import { readLiveTokens } from "@/lib/connections/stored-tokens";
import { describeError, log } from "@/lib/platform/log";
import { ProviderError } from "@/lib/providers/provider-error";

const EARLIEST_MS = 10 * 60_000;
const LATEST_MS = 5 * 60_000;
const AT_ONCE = 8;

/** Vendors drop grants nobody uses for months, so an idle connection still shows itself once in a while. */
const IDLE_MS = 30 * 24 * 3_600_000;

interface RefreshReport {
  due: number;
  refreshed: number;
  /** Tried again at the next firing. */
  failed: number;
  /** Their owners must reconnect. */
  reconnect: number;
}

/**
 * Renews, well before use, what ends within ten minutes; each at a random moment of that time's second half, so
 * that connections made together part ways.
 */
export async function refreshDueTokens(
  services: Services,
  { limit = 500, connectionId }: { limit?: number; connectionId?: string | undefined } = {},
): Promise<RefreshReport> {
  const now = services.clock.now();
  const report: RefreshReport = { due: 0, refreshed: 0, failed: 0, reconnect: 0 };
  const rows = await services.db
    .select({ id: oauthTokens.connectionId, expiresAt: oauthTokens.accessExpiresAt })
    .from(oauthTokens)
    .innerJoin(calendarConnections, eq(calendarConnections.id, oauthTokens.connectionId))
    .where(
      and(
        isNull(calendarConnections.reconnectReason),
        isNull(calendarConnections.disconnectingAt),
        isAdmitted(sql`${calendarConnections}`),
        connectionId === undefined ? undefined : eq(oauthTokens.connectionId, connectionId),
        or(
          and(
            eq(calendarConnections.autoSyncEnabled, true),
            lt(oauthTokens.accessExpiresAt, new Date(now.getTime() + EARLIEST_MS)),
          ),
          lt(oauthTokens.refreshedAt, new Date(now.getTime() - IDLE_MS)),
        ),
      ),
    )
    .orderBy(asc(oauthTokens.accessExpiresAt))
    .limit(limit);
  const due = rows.filter(({ expiresAt }) => {
    const early = LATEST_MS + services.random() * (EARLIEST_MS - LATEST_MS);
    return isStale(expiresAt, now, early);
  });
  report.due = due.length;
  const queue = due.values();
  const worker = async () => {
    for (const { id } of queue) report[await refreshOne(services, id)] += 1;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return report;
}

async function refreshOne(
  services: Services,
  connectionId: string,
): Promise<"refreshed" | "failed" | "reconnect"> {
  try {
    await refreshTokens(services, await readLiveTokens(services.db, connectionId));
    return "refreshed";
  } catch (error) {
    log.warn({ connectionId, err: describeError(error) }, "token refresh failed");
    const dead = error instanceof ProviderError && error.kind === "reauthorization_required";
    return dead ? "reconnect" : "failed";
  }
}
