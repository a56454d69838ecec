import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { isOutcome } from "@/app/_components/connect/outcomes";
import { BulkChangeNotices } from "@/app/_components/shell/bulk-change-notices";
import { requireCtx, requireSession } from "@/app/_session/gate";
import { IntegrationsView } from "@/app/(dashboard)/integrations/_components/integrations-view";
import * as actions from "@/app/(dashboard)/integrations/actions";
import { toIntegrationView } from "@/app/(dashboard)/integrations/to-view";
import { runtime } from "@/inngest/runtime";
import { disconnectConsequences, importProgress, listConnections } from "@/lib/connections/queries";
import { policyFor } from "@/lib/organizations/policies";
import { exportHealth } from "@/lib/reporting/export-health";
import { recentProbes } from "@/lib/reporting/probes";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("integrations");
  return { title: t("title") };
}

interface IntegrationsPageProps {
  searchParams: Promise<{ connect?: string; provider?: string; reason?: string; integrationId?: string }>;
}

export default async function IntegrationsPage({ searchParams }: IntegrationsPageProps) {
  const { organization } = await requireSession();
  const ctx = await requireCtx();
  const { services, env } = runtime();
  const [given, connections] = await Promise.all([searchParams, listConnections(services, ctx)]);
  const ids = connections.map(({ id }) => id);
  const [consequences, health, probes, progress, offers] = await Promise.all([
    disconnectConsequences(ctx, ids),
    exportHealth(ctx, ids),
    recentProbes(ctx, ids),
    Promise.all(connections.map((connection) => importProgress(ctx, connection))),
    Promise.all(
      services.providers.vendors().map(async (provider) => {
        const { allowed, message } = await policyFor(ctx.db, ctx.organizationId, provider);
        return { provider, allowed, policyMessage: message };
      }),
    ),
  ]);
  return (
    <>
      <BulkChangeNotices />
      <IntegrationsView
        actions={{
          rename: actions.rename,
          saveSettings: actions.saveSettings,
          checkCalendar: actions.checkCalendar,
          chooseTarget: actions.addBookingsTo,
          exportNow: actions.exportNow,
          syncNow: actions.syncNow,
          testCalendar: actions.testCalendar,
          disconnect: actions.disconnectIntegration,
        }}
        connect={{ start: actions.startConnect, giveUp: actions.giveUpConnect }}
        ended={
          isOutcome(given.connect)
            ? {
                outcome: given.connect,
                provider: given.provider === "microsoft" ? "microsoft" : "google",
                reason: given.reason ?? null,
                // What is gone meanwhile cannot be renewed.
                integrationId: ids.find((id) => id === given.integrationId),
              }
            : null
        }
        integrations={connections.map((connection, index) =>
          toIntegrationView(connection, {
            consequences: consequences.get(connection.id),
            importProgress: progress[index] ?? null,
            exportHealth: health.get(connection.id),
            probes,
            pressure: services.requests.pressure(connection.provider, ctx.userId),
          }),
        )}
        offers={offers}
        organizationName={organization.name}
        supportUrl={env.SUPPORT_URL || null}
      />
    </>
  );
}
