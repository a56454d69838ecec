import type { StatusLook } from "@/app/_components/status-badge";
import { SYNC_ERROR_KINDS } from "@/lib/calendar/calendar-state";
import { type ExportStatus, NO_LONGER_UPDATED } from "@/lib/calendar/export-status";

/** What became of a booking's event in one calendar, as a person would say it. */
export type ExportState =
  | "adding"
  | "removing"
  | "waiting"
  | "waiting_removing"
  | "there"
  | "kept"
  | "gone"
  | "failed"
  | "failed_removing"
  | "moved"
  | "edited"
  | "deleted"
  | "relocated";

export const EXPORT_LOOKS: Record<ExportState, StatusLook> = {
  adding: "working",
  removing: "working",
  waiting: "paused",
  waiting_removing: "paused",
  there: "ok",
  kept: "off",
  gone: "off",
  failed: "failed",
  failed_removing: "failed",
  moved: "limited",
  edited: "limited",
  deleted: "limited",
  relocated: "limited",
};

const OWNER_CHANGES: Record<string, ExportState> = {
  moved_externally: "moved",
  edited_externally: "edited",
  deleted_externally: "deleted",
  relocated_externally: "relocated",
};

/** `reachable`: its account can be written to now. */
export function exportStateOf(
  { status, code }: { status: ExportStatus; code: string | null },
  { cancelled, reachable }: { cancelled: boolean; reachable: boolean },
): ExportState {
  const changed = code === null ? undefined : OWNER_CHANGES[code];
  if (changed !== undefined) return changed;
  if (code === NO_LONGER_UPDATED) return "kept";
  if (status === "failed") return cancelled ? "failed_removing" : "failed";
  if (status === "pending" && !reachable) return cancelled ? "waiting_removing" : "waiting";
  if (status === "pending") return cancelled ? "removing" : "adding";
  return status === "synced" ? "there" : "gone";
}

const PROBLEMS = [
  ...SYNC_ERROR_KINDS,
  ...(Object.keys(OWNER_CHANGES) as OwnerChangeCode[]),
  "blocked_by_policy",
] as const;
type OwnerChangeCode =
  | "moved_externally"
  | "edited_externally"
  | "deleted_externally"
  | "relocated_externally";
/** A code with words of its own; `other` for what this page has never heard of. */
export type ExportProblem = (typeof PROBLEMS)[number] | "other";

/** What stands against one event; null where nothing is wrong. */
export function eventProblemOf(error: { code: string } | null): ExportProblem | null {
  return error === null || error.code === NO_LONGER_UPDATED ? null : exportProblemOf(error.code);
}

export function exportProblemOf(code: string): ExportProblem {
  return PROBLEMS.find((known) => known === code) ?? "other";
}

/** Where a problem is mended, when not here. */
const REMEDIES: Partial<Record<ExportProblem, "reconnect" | "calendars">> = {
  reauthorization_required: "reconnect",
  access_token_rejected: "reconnect",
  scope_missing: "reconnect",
  admin_policy: "reconnect",
  permission_denied: "calendars",
  not_found: "calendars",
  not_supported: "calendars",
};

export function remedyFor(problem: ExportProblem): "reconnect" | "calendars" | null {
  return REMEDIES[problem] ?? null;
}
