import { useFormatter, useTranslations } from "next-intl";
import type { ConnectActions } from "@/app/_components/connect/start-connect";
import { ProviderMark } from "@/app/_components/provider-mark";
import { PROVIDER_TITLES, useCalendarProducts } from "@/app/_components/provider-name";
import { RelativeTime } from "@/app/_components/relative-time";
import { StatusBadge, type StatusLook } from "@/app/_components/status-badge";
import { Card, CardHeader, CardHeading, CardSection } from "@/app/_components/ui/card";
import { CalendarList } from "@/app/(dashboard)/integrations/_components/calendar-list";
import { ConnectionNotice } from "@/app/(dashboard)/integrations/_components/connection-notice";
import { DetailSettings } from "@/app/(dashboard)/integrations/_components/detail-settings";
import { DirectionSettings } from "@/app/(dashboard)/integrations/_components/direction-settings";
import { DisconnectDialog } from "@/app/(dashboard)/integrations/_components/disconnect-dialog";
import { ExportDetails } from "@/app/(dashboard)/integrations/_components/export-details";
import { ExportState } from "@/app/(dashboard)/integrations/_components/export-state";
import { ImportProgress } from "@/app/(dashboard)/integrations/_components/import-progress";
import type {
  IntegrationActions,
  IntegrationView,
} from "@/app/(dashboard)/integrations/_components/integration-view";
import { NicknameForm } from "@/app/(dashboard)/integrations/_components/nickname-form";
import { SyncNowButton } from "@/app/(dashboard)/integrations/_components/sync-now-button";
import type { ConnectionStatus } from "@/lib/calendar/connection-state";

const statusLooks: Record<ConnectionStatus, StatusLook> = {
  connected: "ok",
  importing: "working",
  limited: "limited",
  reconnect_required: "broken",
  blocked_by_policy: "blocked",
  disconnecting: "ending",
};

interface ConnectionCardProps {
  integration: IntegrationView;
  actions: IntegrationActions;
  connect: ConnectActions;
}

export function ConnectionCard({ integration, actions, connect }: ConnectionCardProps) {
  const { id, provider, status, settings, capabilities, importProgress } = integration;
  const t = useTranslations("integrations");
  const product = useCalendarProducts()[provider];
  const title = integration.nickname ?? integration.accountEmail;
  const target = integration.calendars.find((calendar) => calendar.id === settings.targetCalendarId);
  const exporting = settings.exportEnabled && capabilities.writeEvents && target !== undefined;
  const ending = status === "disconnecting";
  const locked = ending || status === "blocked_by_policy";
  const unusable = locked || status === "reconnect_required";
  return (
    <Card
      aria-label={t("cardLabel", { product, account: integration.accountEmail })}
      data-status={status}
      id={`integration-${id}`}
    >
      <CardHeader>
        <ProviderMark provider={provider} />
        <div className="min-w-0 flex-1 basis-48">
          <NicknameForm
            integrationId={id}
            nickname={integration.nickname}
            rename={actions.rename}
            title={title}
          />
          <p className="text-sm break-words text-ink-muted">
            {product}
            {integration.nickname !== null && ` · ${integration.accountEmail}`}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <StatusBadge look={statusLooks[status]}>{t(`status.${status}`)}</StatusBadge>
          {!settings.autoSyncEnabled && !unusable && (
            <StatusBadge look="paused">{t("manualOnly")}</StatusBadge>
          )}
        </div>
        <Evidence integration={integration} />
      </CardHeader>
      <div className="space-y-3 px-4 pb-4 empty:hidden sm:px-6">
        <ConnectionNotice integration={integration} connect={connect} />
        {!ending && <ExportState actions={actions} integration={integration} product={product} />}
      </div>
      {importProgress !== null && (
        <CardSection>
          <ImportProgress progress={importProgress} />
        </CardSection>
      )}
      {!ending && (
        <>
          <CardSection>
            <CalendarList
              calendars={integration.calendars}
              checkCalendar={actions.checkCalendar}
              disabled={locked}
              importEnabled={settings.importEnabled}
              integrationId={id}
              product={PROVIDER_TITLES[provider]}
              testable={!unusable}
              testCalendar={actions.testCalendar}
            />
          </CardSection>
          <CardSection className="space-y-4">
            <CardHeading>{t("settings.title")}</CardHeading>
            <DirectionSettings
              autoSync={integration.autoSync}
              canExport={capabilities.writeEvents}
              disabled={locked}
              integrationId={id}
              product={product}
              saveSettings={actions.saveSettings}
              settings={settings}
              targetName={target?.name ?? null}
              vendor={PROVIDER_TITLES[provider]}
            />
            {exporting && (
              <ExportDetails
                disabled={locked}
                integrationId={id}
                saveSettings={actions.saveSettings}
                value={settings.exportDetails}
              />
            )}
            <DetailSettings
              disabled={locked}
              integrationId={id}
              saveSettings={actions.saveSettings}
              settings={settings}
            />
          </CardSection>
          <CardSection className="flex flex-wrap items-center justify-between gap-3 py-3 sm:py-3.5">
            <SyncNowButton disabled={unusable} integrationId={id} syncNow={actions.syncNow} />
            <DisconnectDialog disconnect={actions.disconnect} integration={integration} product={product} />
          </CardSection>
        </>
      )}
    </Card>
  );
}

function Evidence({ integration }: { integration: IntegrationView }) {
  const t = useTranslations("integrations.evidence");
  const format = useFormatter();
  const { lastChangeAt, lastSyncedAt, connectedAt } = integration;
  return (
    <dl className="flex w-full flex-wrap sm:pl-15 gap-x-5 gap-y-1 text-xs text-ink-muted [&_dd]:font-medium [&_dd]:text-ink [&>div]:flex [&>div]:gap-1.5">
      <div>
        <dt>{t("lastChange")}</dt>
        <dd>{lastChangeAt === null ? t("noneYet") : <RelativeTime at={lastChangeAt} />}</dd>
      </div>
      <div>
        <dt>{t("lastCheck")}</dt>
        <dd>{lastSyncedAt === null ? t("noneYet") : <RelativeTime at={lastSyncedAt} />}</dd>
      </div>
      <div>
        <dt>{t("connected")}</dt>
        <dd>{format.dateTime(new Date(connectedAt), { dateStyle: "medium" })}</dd>
      </div>
    </dl>
  );
}
