import { exportProblemOf } from "@/app/(dashboard)/bookings/export-state";
import type {
  ExportsView,
  IntegrationView,
  ProbeView,
} from "@/app/(dashboard)/integrations/_components/integration-view";
import { autoSyncOf } from "@/app/(dashboard)/integrations/auto-sync";
import { probeProblemOf } from "@/app/(dashboard)/integrations/probe-problem";
import type { ConnectionView } from "@/lib/connections/integration-view";
import type { Consequences, ImportProgress } from "@/lib/connections/queries";
import type { ExportHealth } from "@/lib/reporting/export-health";
import type { Probe } from "@/lib/reporting/probes";

const WRITERS = new Set(["writer", "writerWithoutPrivateAccess"]);

/** A connection as the page shows it. */
export function toIntegrationView(
  connection: ConnectionView,
  facts: {
    consequences: Consequences | undefined;
    importProgress: ImportProgress | null;
    exportHealth: ExportHealth | undefined;
    /** By calendar. */
    probes: ReadonlyMap<string, Probe>;
    /** How short requests are; see `syncInterval`. */
    pressure: number;
  },
): IntegrationView {
  const checked = connection.calendars.filter((calendar) => calendar.checkForConflicts);
  const pushes = connection.calendars
    .filter((calendar) => isRead(connection, calendar))
    .map(({ push }) => push);
  return {
    id: connection.id,
    provider: connection.provider,
    accountEmail: connection.accountEmail,
    nickname: connection.nickname,
    status: connection.status,
    statusReason: connection.statusReason,
    capabilities: connection.capabilities,
    settings: connection.settings,
    autoSync: autoSyncOf(connection.status, pushes, facts.pressure),
    calendars: connection.calendars.map((calendar) => ({
      ...calendar,
      access: accessOf(calendar.accessRole),
      canTest: calendar.canWrite && connection.capabilities.writeEvents && isRead(connection, calendar),
      probe: probeView(facts.probes.get(calendar.id)),
    })),
    connectedAt: connection.connectedAt,
    lastSyncedAt: oldest(checked.map((calendar) => calendar.lastSyncedAt)),
    lastChangeAt: newest(checked.map((calendar) => calendar.lastChangeAt)),
    importProgress: facts.importProgress,
    exports: exportsView(facts.exportHealth),
    consequences: facts.consequences ?? { busyBlocks: 0, exportedEvents: 0 },
    policyMessage: connection.policyMessage,
  };
}

/** Checked, or the place where bookings are added. */
function isRead({ settings }: ConnectionView, calendar: ConnectionView["calendars"][number]): boolean {
  const receives = settings.exportEnabled && settings.targetCalendarId === calendar.id;
  return (settings.importEnabled && calendar.checkForConflicts) || receives;
}

function probeView(probe: Probe | undefined): ProbeView | null {
  if (probe === undefined) return null;
  const { status, requestedAt, writtenMs, pushMs, readMs, removedMs, failure, trouble } = probe;
  return {
    ...{ status, requestedAt, writtenMs, pushMs, readMs, removedMs },
    failure: failure === null ? null : { ...failure, problem: probeProblemOf(failure.code) },
    trouble,
  };
}

function exportsView(health: ExportHealth | undefined): ExportsView {
  if (health === undefined) return { pending: 0, failed: [], retryAt: null, changed: 0, addedByConnect: 0 };
  const failed = health.failed.map(({ code, count }) => ({ problem: exportProblemOf(code), count }));
  return { ...health, failed };
}

function accessOf(role: string): "owner" | "writer" | "reader" {
  if (role === "owner") return "owner";
  return WRITERS.has(role) ? "writer" : "reader";
}

/** The card may claim no more than its least fresh calendar; RFC 3339 UTC instants sort as text. */
function oldest(instants: (string | null)[]): string | null {
  if (instants.includes(null)) return null;
  return instants.toSorted()[0] ?? null;
}

function newest(instants: (string | null)[]): string | null {
  return (
    instants
      .filter((instant) => instant !== null)
      .toSorted()
      .at(-1) ?? null
  );
}
