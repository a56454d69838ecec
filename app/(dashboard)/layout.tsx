import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { AppProviders } from "@/app/_components/app-providers";
import { connectHref } from "@/app/_components/connect/start-connect";
import { LiveUpdates } from "@/app/_components/live/live-updates";
import { calendarProducts } from "@/app/_components/provider-name";
import { ConnectionBanner } from "@/app/_components/shell/connection-banner";
import { DashboardShell } from "@/app/_components/shell/dashboard-shell";
import { NotificationBell } from "@/app/_components/shell/notification-bell";
import { ReconnectAction } from "@/app/_components/shell/reconnect-action";
import { ScheduleBanner } from "@/app/_components/shell/schedule-banner";
import { requireCtx, requireSession } from "@/app/_session/gate";
import { readDeadConnections, readStoppedSchedule } from "@/app/(dashboard)/banner-facts";
import { countUnread } from "@/lib/reporting/notices";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const { user, organization } = await requireSession();
  return (
    <AppProviders>
      <DashboardShell
        banner={<Banners />}
        bell={<Bell />}
        live={<LiveUpdates />}
        user={{ name: user.name, email: user.email, organizationName: organization.name }}
      >
        {children}
      </DashboardShell>
    </AppProviders>
  );
}

async function Bell() {
  return <NotificationBell unread={await countUnread(await requireCtx())} />;
}

async function Banners() {
  return (
    <>
      <StoppedSchedule />
      <DeadConnections />
    </>
  );
}

async function StoppedSchedule() {
  const stopped = await readStoppedSchedule();
  return stopped && <ScheduleBanner lastTickAt={stopped.lastTickAt?.toISOString() ?? null} />;
}

/** On every page, because bookings suffer from it on every page. */
async function DeadConnections() {
  const [t, tExports] = await Promise.all([getTranslations("shell.banner"), getTranslations("exports")]);
  const dead = await readDeadConnections();
  const products = calendarProducts(await getLocale());
  return dead.map(({ id, provider, accountEmail, reason, since, missing }) => {
    const product = products[provider];
    return (
      <ConnectionBanner
        action={<ReconnectAction href={connectHref({ provider, integrationId: id })} integrationId={id} />}
        cause={t(`cause.${reason}`, { product, account: accountEmail })}
        effect={missing === 0 ? t("effect") : `${t("effect")} ${tExports("missing", { count: missing })}`}
        key={id}
        since={since}
      />
    );
  });
}
