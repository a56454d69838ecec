import type { HistoryEntry, SyncRun } from "@/lib/reporting/history";

/** A run as the API names it: callers know whose it is. */
export function plainRun({ integrationId, accountEmail, calendarName, ...run }: HistoryEntry): SyncRun {
  return run;
}
