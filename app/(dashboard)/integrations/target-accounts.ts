import type { ProviderName } from "@/app/_components/provider-name";
import type { IntegrationView } from "@/app/(dashboard)/integrations/_components/integration-view";

interface TargetCalendar {
  id: string;
  name: string;
  canWrite: boolean;
}

/** An account bookings can be added to, or why not. */
export interface TargetAccount {
  integrationId: string;
  name: string;
  provider: ProviderName;
  /** What keeps the whole account from taking bookings. */
  hindrance: "no_permission" | "reconnect" | "blocked" | null;
  /** Those that can be written to, and the one chosen before, whatever became of it. */
  calendars: TargetCalendar[];
  /** The calendar that receives bookings; null while the account receives none. */
  target: string | null;
}

type Connected = Pick<
  IntegrationView,
  "id" | "provider" | "nickname" | "accountEmail" | "status" | "capabilities" | "settings" | "calendars"
>;

/** In the order they were connected, those that are leaving left out. */
export function targetAccounts(integrations: readonly Connected[]): TargetAccount[] {
  return integrations
    .filter(({ status }) => status !== "disconnecting")
    .map((integration) => {
      const { exportEnabled, targetCalendarId } = integration.settings;
      const target = exportEnabled ? targetCalendarId : null;
      return {
        integrationId: integration.id,
        name: integration.nickname ?? integration.accountEmail,
        provider: integration.provider,
        hindrance: hindranceOf(integration),
        calendars: integration.calendars
          .filter(({ id, canWrite }) => canWrite || id === target)
          .map(({ id, name, canWrite }) => ({ id, name, canWrite })),
        target,
      };
    });
}

function hindranceOf({ status, capabilities }: Connected): TargetAccount["hindrance"] {
  if (status === "blocked_by_policy") return "blocked";
  if (status === "reconnect_required") return "reconnect";
  return capabilities.writeEvents ? null : "no_permission";
}
