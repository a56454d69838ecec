import type { ProviderName } from "@/app/_components/provider-name";
import type { ActionAnswer } from "@/app/_session/perform-action";
import type { ExportProblem } from "@/app/(dashboard)/bookings/export-state";
import type { ProbeProblem } from "@/app/(dashboard)/integrations/probe-problem";
import type { CalendarState } from "@/lib/calendar/calendar-state";
import type { ConnectionStatus, StatusReason } from "@/lib/calendar/connection-state";
import type { PushTrouble } from "@/lib/calendar/probe-plan";
import type { ProbeStatus } from "@/lib/reporting/probes";

/** Instants are RFC 3339 strings throughout; names and meanings are those of the public Integration. */
export interface CalendarView {
  id: string;
  name: string;
  /** CSS colour as the vendor gives it. */
  color: string | null;
  access: "owner" | "writer" | "reader";
  canWrite: boolean;
  primary: boolean;
  checkForConflicts: boolean;
  push: "active" | "pending" | "unsupported" | "off";
  pushExpiresAt: string | null;
  /** How long the last announced change took to be here. */
  pushDelayMs: number | null;
  lastSyncedAt: string | null;
  lastChangeAt: string | null;
  state: CalendarState;
  /** A test can be written there, and met again. */
  canTest: boolean;
  /** The last test, for an hour. */
  probe: ProbeView | null;
}

/** Times are milliseconds since the test was asked for; null: not yet, or never. */
export interface ProbeView {
  status: ProbeStatus;
  requestedAt: string;
  writtenMs: number | null;
  pushMs: number | null;
  readMs: number | null;
  removedMs: number | null;
  failure: { problem: ProbeProblem; step: "write" | "read" | "remove"; stays: boolean } | null;
  /** Why nobody told of it. */
  trouble: PushTrouble | null;
}

export interface IntegrationSettings {
  importEnabled: boolean;
  exportEnabled: boolean;
  autoSyncEnabled: boolean;
  targetCalendarId: string | null;
  exportDetails: "full" | "minimal";
  titles: "full" | "busy_only";
  allDayEvents: "as_provider" | "always_block";
  tentative: "block" | "ignore";
  whenUnsure: "accept" | "refuse";
}

/** How an account is read by itself: who tells of changes, and how often its calendars are asked all the same. */
export interface AutoSync {
  how: "told" | "toldOfSome" | "polled" | "paused";
  everyMinutes: number;
}

/** How bookings stand in the account's calendars. */
export interface ExportsView {
  /** On their way. */
  pending: number;
  failed: { problem: ExportProblem; count: number }[];
  retryAt: string | null;
  /** Changed by their owner in the calendar, undecided. */
  changed: number;
  /** Caught up with by a connect or reconnect of the last day. */
  addedByConnect: number;
}

export interface IntegrationView {
  id: string;
  provider: ProviderName;
  accountEmail: string;
  nickname: string | null;
  status: ConnectionStatus;
  statusReason: StatusReason | null;
  capabilities: { readEvents: boolean; writeEvents: boolean };
  settings: IntegrationSettings;
  autoSync: AutoSync;
  calendars: CalendarView[];
  connectedAt: string;
  lastSyncedAt: string | null;
  lastChangeAt: string | null;
  /** While the first import runs. */
  importProgress: { calendarsDone: number; calendarsTotal: number; events: number } | null;
  exports: ExportsView;
  /** What a disconnect would take away. */
  consequences: { busyBlocks: number; exportedEvents: number };
  /** The organization's own words, while its policy blocks this connection. */
  policyMessage: string | null;
}

/** Server actions the page hands down. Each scopes to the signed-in user itself. */
export interface IntegrationActions {
  rename(input: { integrationId: string; nickname: string }): Promise<ActionAnswer<unknown>>;
  saveSettings(input: {
    integrationId: string;
    settings: Partial<IntegrationSettings>;
  }): Promise<ActionAnswer<unknown>>;
  checkCalendar(input: {
    integrationId: string;
    calendarId: string;
    checkForConflicts: boolean;
  }): Promise<ActionAnswer<unknown>>;
  /** Null: bookings are added nowhere. */
  chooseTarget(target: { integrationId: string; calendarId: string } | null): Promise<ActionAnswer<unknown>>;
  exportNow(input: { integrationId: string }): Promise<ActionAnswer<unknown>>;
  syncNow(input: { integrationId: string }): Promise<ActionAnswer<unknown>>;
  testCalendar(input: { integrationId: string; calendarId: string }): Promise<ActionAnswer<unknown>>;
  disconnect(input: {
    integrationId: string;
    exportedEvents: "keep" | "remove";
  }): Promise<ActionAnswer<unknown>>;
}
