import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { requireCtx } from "@/app/_session/gate";
import { StatisticsView } from "@/app/(dashboard)/history/statistics/_components/statistics-view";
import {
  SPANS,
  type StatisticsFilters,
} from "@/app/(dashboard)/history/statistics/_components/statistics-view-model";
import { toStatisticsView } from "@/app/(dashboard)/history/statistics/to-view";
import { accountChoices } from "@/app/(dashboard)/history/to-view";
import { runtime } from "@/inngest/runtime";
import { listConnections } from "@/lib/connections/queries";
import { getStatisticsOfDays } from "@/lib/reporting/statistics";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("history.statistics");
  return { title: t("title") };
}

interface StatisticsPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function StatisticsPage({ searchParams }: StatisticsPageProps) {
  const ctx = await requireCtx();
  const given = await searchParams;
  const accounts = accountChoices(await listConnections(runtime().services, ctx));
  // What does not fit is no filter: an address typed by hand shows figures, not an error.
  const filters: StatisticsFilters = {
    integrationId: accounts.find(({ id }) => id === given.integrationId)?.id ?? "",
    days: SPANS.find((days) => days === given.days) ?? "30",
  };
  const statistics = await getStatisticsOfDays(ctx, Number(filters.days), filters.integrationId || undefined);
  return (
    <StatisticsView
      accounts={accounts}
      filters={filters}
      timeZone={statistics.timeZone}
      view={toStatisticsView(statistics)}
    />
  );
}
