import type { RunView } from "@/app/(dashboard)/history/_components/run-view";
import { SYNC_ERROR_KINDS, type SyncErrorKind } from "@/lib/calendar/calendar-state";
import type { HistoryEntry } from "@/lib/reporting/history";

/** A run as the page shows it; the page has its own words for errors, by their code. */
export function toRunView(entry: HistoryEntry): RunView {
  return {
    id: entry.id,
    provider: entry.provider,
    integrationId: entry.integrationId,
    accountName: entry.accountEmail,
    calendarName: entry.calendarName,
    trigger: entry.trigger,
    kind: entry.kind,
    status: entry.status,
    startedAt: entry.startedAt,
    finishedAt: entry.finishedAt,
    durationMs: entry.durationMs,
    imported: entry.imported,
    updated: entry.updated,
    removed: entry.removed,
    unchanged: entry.unchanged,
    exported: entry.exported,
    attempts: entry.attempts,
    error: entry.error === null ? null : { code: knownKind(entry.error.code), retryAt: entry.error.retryAt },
    repeats: entry.repeats,
    lastRunAt: entry.repeats > 1 ? entry.lastRunAt : null,
  };
}

function knownKind(code: string): SyncErrorKind {
  return SYNC_ERROR_KINDS.find((kind) => kind === code) ?? "internal";
}
