import { Ban, CalendarOff, Clock, Loader2, type LucideIcon, Pencil, Unplug } from "lucide-react";
import { useTranslations } from "next-intl";
import { ConnectLink } from "@/app/_components/connect/connect-link";
import type { ConnectActions } from "@/app/_components/connect/start-connect";
import { useCalendarProducts } from "@/app/_components/provider-name";
import { Alert } from "@/app/_components/ui/alert";
import type { Tone } from "@/app/_components/ui/badge";
import type { IntegrationView } from "@/app/(dashboard)/integrations/_components/integration-view";
import type { ConnectionStatus } from "@/lib/calendar/connection-state";

const looks: Record<ConnectionStatus, { tone: Tone; icon: LucideIcon }> = {
  connected: { tone: "warning", icon: Clock },
  importing: { tone: "info", icon: CalendarOff },
  limited: { tone: "warning", icon: Pencil },
  reconnect_required: { tone: "danger", icon: Unplug },
  blocked_by_policy: { tone: "danger", icon: Ban },
  disconnecting: { tone: "neutral", icon: Loader2 },
};

/** Reasons the rest of the card already shows. */
const shownElsewhere = new Set(["first_import", "no_calendar_checked"]);

interface ConnectionNoticeProps {
  integration: Pick<IntegrationView, "id" | "provider" | "status" | "statusReason" | "policyMessage">;
  connect: ConnectActions;
}

/** Why a connection is not simply well, what that means, and the one button that mends it. */
export function ConnectionNotice({ integration, connect }: ConnectionNoticeProps) {
  const t = useTranslations("integrations.reason");
  const products = useCalendarProducts();
  const { id, provider, status, statusReason, policyMessage } = integration;
  if (statusReason === null || shownElsewhere.has(statusReason)) return null;
  const { tone, icon } = looks[status];
  const values = { product: products[provider] };
  const renews = status === "reconnect_required" || status === "limited";
  return (
    <Alert
      action={
        renews && (
          <ConnectLink integrationId={id} provider={provider} size="sm" actions={connect} variant="primary">
            {t(status === "limited" ? "grant" : "reconnect")}
          </ConnectLink>
        )
      }
      icon={icon}
      title={t(`${statusReason}.title`, values)}
      tone={tone}
    >
      <p>{t(`${statusReason}.body`, values)}</p>
      {policyMessage !== null && <blockquote className="mt-1 border-l-2 pl-3">{policyMessage}</blockquote>}
    </Alert>
  );
}
