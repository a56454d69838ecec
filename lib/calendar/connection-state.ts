import {
  type CalendarEvidence,
  calendarState,
  freshness,
  type SyncErrorKind,
} from "@/lib/calendar/calendar-state";

export type ConnectionStatus =
  | "connected"
  | "importing"
  | "limited"
  | "reconnect_required"
  | "blocked_by_policy"
  | "disconnecting";

/** Why a connection can no longer read until its owner connects it again. */
type ReconnectReason = "revoked" | "expired" | "insufficient_scopes" | "admin_policy" | "key_missing";

/** What stands behind a status; null where there is nothing to tell. */
export type StatusReason =
  | ReconnectReason
  | "disconnect_requested"
  | "policy"
  | "write_permission_missing"
  | "first_import"
  | "first_import_failing"
  | "import_off"
  | "no_calendar_checked"
  | "all_calendars_failing"
  | "some_calendars_failing"
  | "provider_unreachable"
  | "rate_limited"
  | "misconfigured"
  | "sync_delayed"
  | "automatic_sync_off";

export interface Capabilities {
  readonly readEvents: boolean;
  readonly writeEvents: boolean;
  readonly contacts: boolean;
  readonly presence: boolean;
}

/** What is known of a connection. Rows store this and never a verdict. */
export interface ConnectionEvidence {
  /** Null while the grant lives. */
  readonly reconnectReason: ReconnectReason | null;
  readonly capabilities: Capabilities;
  readonly policyAllowed: boolean;
  readonly disconnectingAt: Date | null;
  readonly importEnabled: boolean;
  readonly autoSync: boolean;
  readonly calendars: readonly CalendarEvidence[];
}

export interface ConnectionVerdict {
  readonly status: ConnectionStatus;
  readonly statusReason: StatusReason | null;
}

/** The one judgement of a connection. What its owner must act on outranks what passes by itself. */
export function connectionStatus(evidence: ConnectionEvidence, now: Date): ConnectionVerdict {
  if (evidence.disconnectingAt) return verdict("disconnecting", "disconnect_requested");
  if (!evidence.policyAllowed) return verdict("blocked_by_policy", "policy");
  if (evidence.reconnectReason) return verdict("reconnect_required", evidence.reconnectReason);
  if (!evidence.capabilities.readEvents) return verdict("reconnect_required", "insufficient_scopes");
  if (!evidence.capabilities.writeEvents) return verdict("limited", "write_permission_missing");
  if (!evidence.importEnabled) return verdict("connected", "import_off");
  const checked = evidence.calendars.filter((calendar) => calendar.selected);
  if (checked.length === 0) return verdict("connected", "no_calendar_checked");
  return importVerdict(checked, evidence.autoSync, now);
}

function importVerdict(
  checked: readonly CalendarEvidence[],
  autoSync: boolean,
  now: Date,
): ConnectionVerdict {
  const unread = checked.filter((calendar) => freshness(calendar, now) === "unknown");
  if (unread.length > 0) {
    const failing = unread.some((calendar) => calendar.failures > 0);
    return verdict("importing", failing ? "first_import_failing" : "first_import");
  }
  const states = checked.map((calendar) => calendarState(calendar, { autoSync, usable: true }, now));
  if (states.every((state) => state === "failed"))
    return verdict("connected", sharedCause(checked) ?? "all_calendars_failing");
  if (states.includes("failed")) return verdict("connected", "some_calendars_failing");
  if (states.includes("delayed")) return verdict("connected", delayCause(checked));
  return verdict("connected", autoSync ? null : "automatic_sync_off");
}

const CAUSES: Partial<Record<SyncErrorKind, StatusReason>> = {
  transient: "provider_unreachable",
  rate_limited: "rate_limited",
  quota_exhausted: "rate_limited",
  misconfigured: "misconfigured",
};

function delayCause(checked: readonly CalendarEvidence[]): StatusReason {
  return sharedCause(checked.filter((calendar) => calendar.failures > 0)) ?? "sync_delayed";
}

/** The cause all these calendars name, when it is one the owner understands. */
function sharedCause(calendars: readonly CalendarEvidence[]): StatusReason | null {
  const causes = new Set(calendars.map(({ lastErrorKind }) => lastErrorKind && CAUSES[lastErrorKind]));
  const [cause] = causes;
  return causes.size === 1 && cause ? cause : null;
}

function verdict(status: ConnectionStatus, statusReason: StatusReason | null): ConnectionVerdict {
  return { status, statusReason };
}
