import type { calendars } from "@/db/schema/calendars";
import {
  type CalendarEvidence,
  type CalendarState,
  calendarState,
  SYNC_ERROR_KINDS,
} from "@/lib/calendar/calendar-state";
import {
  type Capabilities,
  type ConnectionStatus,
  connectionStatus,
  type StatusReason,
} from "@/lib/calendar/connection-state";
import type { ConnectionRow } from "@/lib/connections/own-connection";
import type { Vendor } from "@/lib/providers/calendar-provider";

/** A calendar as its owner sees it; instants are RFC 3339. */
interface CalendarView {
  id: string;
  externalId: string;
  name: string;
  color: string | null;
  timeZone: string;
  accessRole: string;
  primary: boolean;
  canWrite: boolean;
  checkForConflicts: boolean;
  push: "active" | "pending" | "unsupported" | "off";
  pushExpiresAt: string | null;
  /** How long the last change that was told of took to be here. */
  pushDelayMs: number | null;
  lastSyncedAt: string | null;
  lastChangeAt: string | null;
  state: CalendarState;
}

/** The Integration of the public interface, without its last run, and with what only our own pages show. */
export interface ConnectionView {
  id: string;
  provider: Vendor;
  accountEmail: string;
  nickname: string | null;
  status: ConnectionStatus;
  statusReason: StatusReason | null;
  /** Since when the account must be connected again. */
  reconnectSince: string | null;
  /** The organization's own words, while its policy blocks this connection. */
  policyMessage: string | null;
  grantedScopes: string[];
  capabilities: Capabilities;
  settings: Pick<ConnectionRow, (typeof SETTINGS)[number]>;
  calendars: CalendarView[];
  pendingExports: number;
  connectedAt: string;
}

const SETTINGS = [
  "importEnabled",
  "exportEnabled",
  "autoSyncEnabled",
  "targetCalendarId",
  "whenUnsure",
  "titles",
  "exportDetails",
  "allDayEvents",
  "tentative",
] as const;

export interface CalendarFacts {
  row: typeof calendars.$inferSelect;
  /** Somebody holds its lease. */
  running: boolean;
  /** It is read by itself, so its vendor shall tell of changes. */
  watchWanted: boolean;
  /** Until when a proven watch lives. */
  watchedUntilMs: string | null;
  pushDelayMs: number | null;
}

interface ConnectionFacts {
  connection: ConnectionRow;
  pendingExports: number;
  calendars: readonly CalendarFacts[];
  capabilities: Capabilities;
  policy: { allowed: boolean; message: string | null };
  now: Date;
}

/** Evidence in, view out; the verdict on health is made in `lib/calendar` alone. */
export function viewConnection(facts: ConnectionFacts): ConnectionView {
  const { connection, capabilities, policy, now } = facts;
  const evidence = facts.calendars.map(evidenceOf);
  const verdict = connectionStatus(
    {
      reconnectReason: connection.reconnectReason,
      capabilities,
      policyAllowed: policy.allowed,
      disconnectingAt: connection.disconnectingAt,
      importEnabled: connection.importEnabled,
      autoSync: connection.autoSyncEnabled,
      calendars: evidence,
    },
    now,
  );
  const usable = verdict.status !== "reconnect_required" && verdict.status !== "blocked_by_policy";
  return {
    id: connection.id,
    provider: connection.provider,
    accountEmail: connection.accountEmail,
    nickname: connection.nickname,
    status: verdict.status,
    statusReason: leavingReason(connection) ?? verdict.statusReason,
    reconnectSince: iso(connection.reconnectSince),
    policyMessage: policy.allowed ? null : policy.message,
    grantedScopes: connection.grantedScopes,
    capabilities,
    settings: Object.fromEntries(
      SETTINGS.map((name) => [name, connection[name]]),
    ) as ConnectionView["settings"],
    calendars: facts.calendars.map((calendar, index) =>
      viewCalendar(
        calendar,
        stateOf(evidence[index], { autoSync: connection.autoSyncEnabled, usable }, now),
        now,
      ),
    ),
    pendingExports: facts.pendingExports,
    connectedAt: connection.connectedAt.toISOString(),
  };
}

/** Why a disconnect takes longer than a moment. */
function leavingReason({ disconnectingAt, disconnectReason }: ConnectionRow): StatusReason | null {
  if (disconnectingAt === null) return null;
  if (disconnectReason === "misconfigured" || disconnectReason === "provider_unreachable")
    return disconnectReason;
  return null;
}

function evidenceOf({ row, running }: CalendarFacts): CalendarEvidence {
  return {
    selected: row.selected,
    lastCompleteRoundAt: row.syncedThrough,
    nextSyncAt: row.nextSyncAt,
    lastErrorKind: SYNC_ERROR_KINDS.find((kind) => kind === row.lastErrorKind) ?? null,
    failures: row.failures,
    running,
  };
}

function stateOf(
  evidence: CalendarEvidence | undefined,
  connection: { autoSync: boolean; usable: boolean },
  now: Date,
): CalendarState {
  return evidence === undefined ? "ok" : calendarState(evidence, connection, now);
}

function viewCalendar(facts: CalendarFacts, state: CalendarState, now: Date): CalendarView {
  const { row, pushDelayMs } = facts;
  return {
    id: row.id,
    externalId: row.externalId,
    name: row.name,
    color: row.color,
    timeZone: row.timeZone,
    accessRole: row.accessRole,
    primary: row.isPrimary,
    canWrite: row.canWrite,
    checkForConflicts: row.selected,
    ...viewPush(facts, now),
    pushDelayMs,
    lastSyncedAt: iso(row.lastSyncedAt),
    lastChangeAt: iso(row.lastChangeAt),
    state,
  };
}

/** Active is what was heard from. Until then, and while nothing was granted, it is on its way. */
function viewPush(
  { row, watchWanted, watchedUntilMs }: CalendarFacts,
  now: Date,
): Pick<CalendarView, "push" | "pushExpiresAt"> {
  if (!watchWanted) return { push: "off", pushExpiresAt: null };
  if (watchedUntilMs !== null) {
    return { push: "active", pushExpiresAt: new Date(Number(watchedUntilMs)).toISOString() };
  }
  const until = row.pushUnsupportedUntil;
  return { push: until !== null && until > now ? "unsupported" : "pending", pushExpiresAt: null };
}

function iso(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}
