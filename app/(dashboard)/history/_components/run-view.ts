import type { ProviderName } from "@/app/_components/provider-name";
import type { ExportProblem } from "@/app/(dashboard)/bookings/export-state";
import type { SyncErrorKind } from "@/lib/calendar/calendar-state";

export const RUN_STATUSES = ["running", "succeeded", "failed", "cancelled"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const RUN_TRIGGERS = ["connect", "push", "schedule", "manual", "window", "booking"] as const;
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

interface RunRetry {
  retryAt: string | null;
}

/** A SyncRun of the public interface, with the names a person knows its calendar and account by. */
export interface RunView {
  id: string;
  provider: ProviderName;
  integrationId: string;
  accountName: string;
  /** Null for a run of a whole account, and after the calendar was removed. */
  calendarName: string | null;
  trigger: RunTrigger;
  kind: "full" | "incremental" | "export";
  status: RunStatus;
  startedAt: string;
  finishedAt: string | null;
  durationMs: number | null;
  imported: number;
  updated: number;
  removed: number;
  unchanged: number;
  exported: number;
  attempts: number;
  /** Runs that wrote bookings have words of their own for what went wrong. */
  error:
    | (({ of: "reading"; code: SyncErrorKind } | { of: "writing"; code: ExportProblem }) & RunRetry)
    | null;
  /** How often the same quiet run happened again; `lastRunAt` is the last of them. */
  repeats: number;
  lastRunAt: string | null;
}

/** As they stand in the address. Empty strings are "any". Days are `YYYY-MM-DD` in the user's zone. */
export interface RunFilters {
  status: RunStatus | "";
  trigger: RunTrigger | "";
  calendarId: string;
  from: string;
  to: string;
}

export const NO_FILTERS: RunFilters = { status: "", trigger: "", calendarId: "", from: "", to: "" };

/** The history's address with these filters, and from `cursor` on. */
export function historyHref(filters: RunFilters, cursor?: string): string {
  const query = new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== ""));
  if (cursor !== undefined) query.set("cursor", cursor);
  return query.size === 0 ? "/history" : `/history?${query}`;
}
