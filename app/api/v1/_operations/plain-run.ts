import { syncRun } from "@/app/api/v1/_operations/run-schema";
import type { HistoryEntry, SyncRun } from "@/lib/reporting/history";

const FIELDS = Object.keys(syncRun.shape) as (keyof SyncRun)[];

/** A run as the API names it: our pages' own additions stay behind. */
export function plainRun(entry: HistoryEntry): SyncRun {
  return Object.fromEntries(FIELDS.map((field) => [field, entry[field]])) as unknown as SyncRun;
}
