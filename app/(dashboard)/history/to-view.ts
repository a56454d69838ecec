import { exportProblemOf } from "@/app/(dashboard)/bookings/export-state";
import type { RunView } from "@/app/(dashboard)/history/_components/run-view";
import { SYNC_ERROR_KINDS, type SyncErrorKind } from "@/lib/calendar/calendar-state";
import type { ConnectionView } from "@/lib/connections/integration-view";
import type { HistoryEntry } from "@/lib/reporting/history";

type NamedConnection = Pick<ConnectionView, "id" | "nickname" | "accountEmail" | "calendars">;

/** A run as the page shows it; the page has its own words for errors, by their code. */
export function toRunView(entry: HistoryEntry, connections: readonly NamedConnection[]): RunView {
  const connection = connections.find(({ id }) => id === entry.integrationId);
  return {
    id: entry.id,
    provider: entry.provider,
    integrationId: entry.integrationId,
    accountName: connection === undefined ? entry.accountEmail : accountName(connection),
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
    error: errorOf(entry),
    repeats: entry.repeats,
    lastRunAt: entry.repeats > 1 ? entry.lastRunAt : null,
  };
}

function errorOf({ kind, error }: HistoryEntry): RunView["error"] {
  if (error === null) return null;
  const { code, retryAt } = error;
  if (kind === "export") return { of: "writing", code: exportProblemOf(code), retryAt };
  return { of: "reading", code: knownKind(code), retryAt };
}

/** What the filter offers. Two accounts may have calendars of one name, so they say whose they are. */
export function calendarChoices(connections: readonly NamedConnection[]): { id: string; name: string }[] {
  const several = connections.filter(({ calendars }) => calendars.length > 0).length > 1;
  return connections.flatMap((connection) =>
    connection.calendars.map(({ id, name }) => ({
      id,
      name: several ? `${name} · ${accountName(connection)}` : name,
    })),
  );
}

export function accountChoices(connections: readonly NamedConnection[]): { id: string; name: string }[] {
  return connections.map((connection) => ({ id: connection.id, name: accountName(connection) }));
}

function accountName({ nickname, accountEmail }: NamedConnection): string {
  return nickname ?? accountEmail;
}

function knownKind(code: string): SyncErrorKind {
  return SYNC_ERROR_KINDS.find((kind) => kind === code) ?? "internal";
}
