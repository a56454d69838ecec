import { useTranslations } from "next-intl";
import { Card } from "@/app/_components/ui/card";
import { DayChart } from "@/app/(dashboard)/history/statistics/_components/day-chart";
import type { StatisticsView } from "@/app/(dashboard)/history/statistics/_components/statistics-view-model";
import { useFigures } from "@/app/(dashboard)/history/statistics/_components/use-figures";

export function StatisticsCharts({ view, timeZone }: { view: StatisticsView; timeZone: string }) {
  const { total, days } = view;
  const t = useTranslations("history.statistics");
  const { count, rate, delay } = useFigures();
  const shared = { days, timeZone };
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <DayChart
        {...shared}
        series={[
          {
            label: t("charts.succeeded"),
            ...BRAND,
            values: days.map(({ succeeded }) => succeeded),
          },
          {
            label: t("charts.failed"),
            fill: "fill-danger",
            mark: "bg-danger",
            values: days.map(({ failed }) => failed),
          },
        ]}
        stacked
        summary={t("charts.runsSummary", { runs: total.runs, failed: total.failed })}
        title={t("charts.runs")}
        words={count}
      />
      <DayChart
        {...shared}
        series={[
          { label: t("charts.succeeded"), ...BRAND, values: days.map(({ successRate }) => successRate ?? 0) },
        ]}
        stacked
        summary={t("charts.rateSummary", { rate: rate(total.successRate) })}
        title={t("charts.rate")}
        words={rate}
      />
      <DayChart
        {...shared}
        series={[
          { label: t("charts.in"), ...BRAND, values: days.map(({ eventsIn }) => eventsIn) },
          {
            label: t("charts.out"),
            fill: "fill-warning",
            mark: "bg-warning",
            values: days.map(({ eventsOut }) => eventsOut),
          },
        ]}
        stacked
        summary={t("charts.eventsSummary", { in: total.eventsIn, out: total.eventsOut })}
        title={t("charts.events")}
        words={count}
      />
      {total.delayP50Ms === null ? (
        <Card className="p-4 sm:p-5">
          <h2 className="text-[0.9375rem] font-semibold tracking-normal">{t("charts.delays")}</h2>
          <p className="mt-2 text-sm text-ink-muted">{t("charts.noDelays")}</p>
        </Card>
      ) : (
        <DayChart
          {...shared}
          series={[
            {
              label: t("charts.p95"),
              fill: "fill-line-strong",
              mark: "bg-line-strong",
              values: days.map(({ delayP95Ms }) => delayP95Ms ?? 0),
            },
            {
              label: t("charts.p50"),
              ...BRAND,
              values: days.map(({ delayP50Ms }) => delayP50Ms ?? 0),
            },
          ]}
          stacked={false}
          summary={t("charts.delaysSummary", { p50: delay(total.delayP50Ms), p95: delay(total.delayP95Ms) })}
          title={t("charts.delays")}
          words={delay}
        />
      )}
    </div>
  );
}

const BRAND = { fill: "fill-brand", mark: "bg-brand" } as const;
