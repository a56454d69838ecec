import { LONGEST_SYNC_WAIT_MS } from "@/lib/calendar/schedule";

/** How a round can fail: what a vendor can answer, and `internal` for a fault of ours. */
export const SYNC_ERROR_KINDS = [
  "reauthorization_required",
  "access_token_rejected",
  "scope_missing",
  "permission_denied",
  "admin_policy",
  "no_calendar_account",
  "not_found",
  "gone_cursor",
  "gone",
  "duplicate",
  "precondition_failed",
  "invalid_request",
  "rate_limited",
  "quota_exhausted",
  "not_supported",
  "misconfigured",
  "transient",
  "malformed_response",
  "internal",
] as const;

export type SyncErrorKind = (typeof SYNC_ERROR_KINDS)[number];

export type CalendarState = "ok" | "syncing" | "delayed" | "failed";

/** How far a calendar's stored events can be trusted: read lately, read once, or never read to the end. */
export type Freshness = "fresh" | "stale" | "unknown";

/** What is known of one calendar. */
export interface CalendarEvidence {
  /** It is checked for conflicts. */
  readonly selected: boolean;
  /** When the last round that reached its end had begun. */
  readonly lastCompleteRoundAt: Date | null;
  /** When its next turn is. */
  readonly nextSyncAt?: Date | null;
  readonly lastErrorKind: SyncErrorKind | null;
  /** Rounds that failed since the last one that ended well. */
  readonly failures: number;
  readonly running: boolean;
}

/** Two intervals: one round may be missed before its calendar counts as stale. */
const FRESH_FOR_MS = 10 * 60_000;

const CLOCK_SKEW_MS = 60_000;
const FAILED_AFTER = 3;

// Trying again does not mend these; somebody has to act.
const LASTING: ReadonlySet<SyncErrorKind> = new Set([
  "reauthorization_required",
  "scope_missing",
  "permission_denied",
  "admin_policy",
  "no_calendar_account",
  "not_found",
  "gone",
  "not_supported",
  "misconfigured",
]);

/** A round begun in the future proves a wrong clock and nothing about the calendar. */
export function freshness(calendar: Pick<CalendarEvidence, "lastCompleteRoundAt">, now: Date): Freshness {
  if (!calendar.lastCompleteRoundAt) return "unknown";
  const age = now.getTime() - calendar.lastCompleteRoundAt.getTime();
  return age >= -CLOCK_SKEW_MS && age <= FRESH_FOR_MS ? "fresh" : "stale";
}

/**
 * Whether it should have been read by now. Where requests are short, a calendar whose changes are pushed has its next
 * turn later, and is not late before it. Its evidence grows old all the same: see `freshness`.
 */
export function isOverdue(
  calendar: Pick<CalendarEvidence, "lastCompleteRoundAt" | "nextSyncAt">,
  now: Date,
): boolean {
  if (freshness(calendar, now) !== "stale") return false;
  const { lastCompleteRoundAt: last, nextSyncAt: next } = calendar;
  const age = now.getTime() - (last?.getTime() ?? 0);
  return !(next != null && next > now && age >= 0 && age <= LONGEST_SYNC_WAIT_MS);
}

/**
 * The state of one calendar. `usable` is false while its connection cannot read at all (dead token, lost
 * permission, policy). A failed one stays failed while it is tried again. Without automatic sync, age is no delay.
 */
export function calendarState(
  calendar: CalendarEvidence,
  connection: { readonly autoSync: boolean; readonly usable: boolean },
  now: Date,
): CalendarState {
  if (!calendar.selected) return "ok";
  if (!connection.usable || hasFailed(calendar)) return "failed";
  if (calendar.running) return "syncing";
  if (calendar.failures > 0) return "delayed";
  return connection.autoSync && isOverdue(calendar, now) ? "delayed" : "ok";
}

function hasFailed(calendar: CalendarEvidence): boolean {
  if (calendar.failures === 0) return false;
  return (
    calendar.failures >= FAILED_AFTER ||
    (calendar.lastErrorKind !== null && LASTING.has(calendar.lastErrorKind))
  );
}
