import type { AutoSync, CalendarView } from "@/app/(dashboard)/integrations/_components/integration-view";
import type { ConnectionStatus } from "@/lib/calendar/connection-state";
import { syncInterval } from "@/lib/calendar/schedule";

const MINUTE_MS = 60_000;

/**
 * How an account is read by itself. `pushes` are those of the calendars that are read; `pressure` is how short requests
 * are: then calendars whose vendor tells of changes are asked less often, and the card names the longest interval.
 */
export function autoSyncOf(
  status: ConnectionStatus,
  pushes: readonly CalendarView["push"][],
  pressure: number,
): AutoSync {
  const told = pushes.filter((push) => push === "active").length;
  const everyMinutes = syncInterval({ pressure, verified: told > 0 }) / MINUTE_MS;
  if (status === "reconnect_required" || status === "blocked_by_policy")
    return { how: "paused", everyMinutes };
  if (told === 0) return { how: "polled", everyMinutes };
  return { how: told === pushes.length ? "told" : "toldOfSome", everyMinutes };
}
