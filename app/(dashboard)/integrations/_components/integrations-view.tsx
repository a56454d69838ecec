import { CalendarSync } from "lucide-react";
import { useTranslations } from "next-intl";
import { ConnectLink } from "@/app/_components/connect/connect-link";
import { ConnectOutcome } from "@/app/_components/connect/connect-outcome";
import { OutcomeListener } from "@/app/_components/connect/outcome-listener";
import { canTryAgain, type Outcome } from "@/app/_components/connect/outcomes";
import type { ConnectActions } from "@/app/_components/connect/start-connect";
import { EmptyState } from "@/app/_components/empty-state";
import { PageHeader } from "@/app/_components/page-header";
import type { ProviderName } from "@/app/_components/provider-name";
import { ConnectCard } from "@/app/(dashboard)/integrations/_components/connect-card";
import { ConnectionCard } from "@/app/(dashboard)/integrations/_components/connection-card";
import type {
  IntegrationActions,
  IntegrationView,
} from "@/app/(dashboard)/integrations/_components/integration-view";
import { PolicyCard } from "@/app/(dashboard)/integrations/_components/policy-card";
import { TargetCard } from "@/app/(dashboard)/integrations/_components/target-card";
import { targetAccounts } from "@/app/(dashboard)/integrations/target-accounts";

interface IntegrationsViewProps {
  integrations: IntegrationView[];
  /** The vendors that are set up here, and whether the organization allows each. */
  offers: { provider: ProviderName; allowed: boolean; policyMessage: string | null }[];
  organizationName: string;
  /** How the last consent ended, from the address. */
  ended: {
    outcome: Outcome;
    provider: ProviderName;
    reason: string | null;
    /** The connection that was to be renewed. */
    integrationId: string | undefined;
  } | null;
  supportUrl: string | null;
  actions: IntegrationActions;
  connect: ConnectActions;
}

export function IntegrationsView(props: IntegrationsViewProps) {
  const { integrations, offers, organizationName, ended, supportUrl, actions, connect } = props;
  const t = useTranslations("integrations");
  const tConnect = useTranslations("connect");
  return (
    <>
      <OutcomeListener />
      <PageHeader description={t("description")} title={t("title")} />
      <div className="space-y-6">
        {ended !== null && (
          <ConnectOutcome
            onDismissHref="/integrations"
            outcome={ended.outcome}
            policyMessage={offers.find(({ provider }) => provider === ended.provider)?.policyMessage}
            provider={ended.provider}
            reason={ended.reason}
            retry={
              canTryAgain(ended.outcome) && (
                <ConnectLink
                  actions={connect}
                  integrationId={ended.integrationId}
                  provider={ended.provider}
                  variant="primary"
                >
                  {tConnect("tryAgain")}
                </ConnectLink>
              )
            }
            supportUrl={supportUrl}
          />
        )}
        {integrations.length === 0 && ended === null && (
          <EmptyState icon={CalendarSync} title={t("empty.title")}>
            <p>{t("empty.body")}</p>
          </EmptyState>
        )}
        {integrations.length > 0 && <TargetCard accounts={targetAccounts(integrations)} actions={actions} />}
        {integrations.map((integration) => (
          <ConnectionCard
            actions={actions}
            integration={integration}
            key={integration.id}
            connect={connect}
          />
        ))}
        {offers.map(({ provider, allowed, policyMessage }) =>
          allowed ? (
            <ConnectCard
              another={integrations.some((integration) => integration.provider === provider)}
              key={provider}
              provider={provider}
              connect={connect}
            />
          ) : (
            <PolicyCard
              key={provider}
              message={policyMessage}
              organizationName={organizationName}
              provider={provider}
            />
          ),
        )}
      </div>
    </>
  );
}
