import { and, asc, eq, gt, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { calendarConnections, calendarLists } from "@/db/schema/connections";
import { isAdmitted } from "@/lib/connections/admitted";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import type { Services } from "@/lib/connections/services";
import { describeError, log } from "@/lib/platform/log";

const DAY_MS = 24 * 3_600_000;
const AT_ONCE = 5;
const MOST_AT_ONCE = 500;

interface ListTotals {
  due: number;
  refreshed: number;
  failed: number;
}

/** Lists again what was last listed a day ago or more (or, by a wrong clock, in the future). */
export async function refreshStaleCalendarLists(
  services: Services,
  limit = MOST_AT_ONCE,
): Promise<ListTotals> {
  const now = services.clock.now();
  const listedAt = calendarConnections.calendarsListedAt;
  const isStale = or(
    isNull(listedAt),
    lt(listedAt, new Date(now.getTime() - DAY_MS)),
    gt(listedAt, new Date(now.getTime() + DAY_MS)),
  );
  return refreshLists(services, isStale, limit);
}

/** Lists whose vendor told of a change and whose nudge was lost, or whose reading failed. */
export async function refreshToldLists(
  services: Services,
  { connectionId }: { connectionId?: string | undefined } = {},
): Promise<ListTotals> {
  const { id, autoSyncEnabled } = calendarConnections;
  const isTold = and(
    sql`exists (
      select from ${calendarLists} l where l.connection_id = ${id} and l.change_seq > l.read_seq
    )`,
    eq(autoSyncEnabled, true),
    connectionId === undefined ? undefined : eq(id, connectionId),
  );
  return refreshLists(services, isTold, MOST_AT_ONCE);
}

async function refreshLists(services: Services, isDue: SQL | undefined, limit: number): Promise<ListTotals> {
  const { id, provider: vendor, userId, calendarsListedAt } = calendarConnections;
  const due = await services.db
    .select({ id, vendor, userId })
    .from(calendarConnections)
    .where(
      and(
        isNull(calendarConnections.disconnectingAt),
        isNull(calendarConnections.reconnectReason),
        isAdmitted(sql`${calendarConnections}`),
        isDue,
      ),
    )
    .orderBy(asc(calendarsListedAt))
    .limit(limit);
  const report = { due: due.length, refreshed: 0, failed: 0 };
  const queue = due.values();
  const worker = async () => {
    for (const one of queue) {
      if (!services.requests.hasRoom(one.vendor, one.userId)) continue; // It stays due.
      try {
        await refreshCalendars(services, one.id);
        report.refreshed += 1;
      } catch (error) {
        log.warn({ connectionId: one.id, err: describeError(error) }, "calendar list could not be read");
        report.failed += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return report;
}
