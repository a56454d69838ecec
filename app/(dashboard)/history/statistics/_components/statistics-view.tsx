import { ChartColumn } from "lucide-react";
import { useTranslations } from "next-intl";
import { EmptyState } from "@/app/_components/empty-state";
import { Link } from "@/app/_components/link";
import { PageHeader } from "@/app/_components/page-header";
import { Button } from "@/app/_components/ui/button";
import { HistoryTabs } from "@/app/(dashboard)/history/_components/history-tabs";
import { StatisticsCharts } from "@/app/(dashboard)/history/statistics/_components/statistics-charts";
import { StatisticsFiltersForm } from "@/app/(dashboard)/history/statistics/_components/statistics-filters";
import { StatisticsTable } from "@/app/(dashboard)/history/statistics/_components/statistics-table";
import type {
  FiguresView,
  StatisticsFilters,
  StatisticsView as View,
} from "@/app/(dashboard)/history/statistics/_components/statistics-view-model";
import { useFigures } from "@/app/(dashboard)/history/statistics/_components/use-figures";

interface StatisticsViewProps {
  view: View;
  filters: StatisticsFilters;
  accounts: { id: string; name: string }[];
  /** IANA name of the user's zone. */
  timeZone: string;
}

export function StatisticsView({ view, filters, accounts, timeZone }: StatisticsViewProps) {
  const t = useTranslations("history.statistics");
  return (
    <>
      <PageHeader
        actions={<HistoryTabs here="statistics" />}
        description={t("description")}
        title={t("title")}
        zoneOf="days"
      />
      <StatisticsFiltersForm accounts={accounts} filters={filters} />
      {view.total.runs === 0 ? (
        <NoRuns connected={accounts.length > 0} />
      ) : (
        <>
          <Totals total={view.total} />
          <StatisticsCharts timeZone={timeZone} view={view} />
          <StatisticsTable days={view.days} timeZone={timeZone} />
        </>
      )}
    </>
  );
}

function Totals({ total }: { total: FiguresView }) {
  const t = useTranslations("history.statistics.totals");
  const { count, rate, delay } = useFigures();
  const facts = [
    [t("successRate"), rate(total.successRate)],
    [t("runs"), count(total.runs)],
    [t("eventsIn"), count(total.eventsIn)],
    [t("eventsOut"), count(total.eventsOut)],
    [t("p50"), delay(total.delayP50Ms)],
    [t("p95"), delay(total.delayP95Ms)],
  ];
  return (
    <dl className="mb-4 grid grid-cols-2 gap-px overflow-hidden rounded-card border bg-line shadow-card sm:grid-cols-3 lg:grid-cols-6">
      {facts.map(([term, value]) => (
        <div className="flex flex-col bg-surface p-4" key={term}>
          <dt className="text-xs text-ink-muted">{term}</dt>
          <dd className="mt-auto pt-1 text-xl font-semibold tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function NoRuns({ connected }: { connected: boolean }) {
  const t = useTranslations("history.statistics.empty");
  const variant = connected ? "filtered" : "never";
  return (
    <EmptyState
      action={
        <Button asChild variant="primary">
          <Link href={connected ? "/history/statistics" : "/integrations"}>{t(`${variant}.action`)}</Link>
        </Button>
      }
      icon={ChartColumn}
      title={t(`${variant}.title`)}
    >
      <p>{t(`${variant}.body`)}</p>
    </EmptyState>
  );
}
