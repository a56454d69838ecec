import type { IntegrationView } from "@/app/(dashboard)/integrations/_components/integration-view";
import type { ConnectionView } from "@/lib/connections/integration-view";
import type { Consequences, ImportProgress } from "@/lib/connections/queries";

const WRITERS = new Set(["writer", "writerWithoutPrivateAccess"]);

/** A connection as the page shows it. */
export function toIntegrationView(
  connection: ConnectionView,
  consequences: Consequences | undefined,
  importProgress: ImportProgress | null,
): IntegrationView {
  const checked = connection.calendars.filter((calendar) => calendar.checkForConflicts);
  return {
    id: connection.id,
    provider: connection.provider,
    accountEmail: connection.accountEmail,
    nickname: connection.nickname,
    status: connection.status,
    statusReason: connection.statusReason,
    capabilities: connection.capabilities,
    settings: connection.settings,
    calendars: connection.calendars.map((calendar) => ({
      ...calendar,
      access: accessOf(calendar.accessRole),
    })),
    connectedAt: connection.connectedAt,
    lastSyncedAt: oldest(checked.map((calendar) => calendar.lastSyncedAt)),
    lastChangeAt: newest(checked.map((calendar) => calendar.lastChangeAt)),
    importProgress,
    consequences: consequences ?? { busyBlocks: 0, exportedEvents: 0 },
    policyMessage: connection.policyMessage,
  };
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
