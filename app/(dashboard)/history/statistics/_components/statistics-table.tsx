import { ChevronRight } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import type { DayView } from "@/app/(dashboard)/history/statistics/_components/statistics-view-model";
import { useFigures } from "@/app/(dashboard)/history/statistics/_components/use-figures";

const columns = ["day", "runs", "failed", "successRate", "eventsIn", "eventsOut", "p50", "p95"] as const;

/** The figures behind the charts, newest day first; days without runs are left out. */
export function StatisticsTable({ days, timeZone }: { days: readonly DayView[]; timeZone: string }) {
  const t = useTranslations("history.statistics");
  const format = useFormatter();
  const figures = useFigures();
  const rows = days.filter(({ runs }) => runs > 0).toReversed();
  return (
    <details className="group mt-6 rounded-card border bg-surface shadow-card">
      <summary className="flex items-center gap-2 px-4 py-3 font-medium hover:bg-sunken/60 sm:px-5">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        {t("table.title")}
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard cannot scroll sideways */}
      <section aria-label={t("table.title")} className="overflow-x-auto border-t" tabIndex={0}>
        <table className="w-full text-sm tabular-nums">
          <thead>
            <tr className="border-b bg-sunken/50 text-xs text-ink-muted">
              {columns.map((column) => (
                <th
                  className="px-3 py-2 text-right font-medium whitespace-nowrap first:pl-4 first:text-left sm:px-4"
                  key={column}
                  scope="col"
                >
                  {t(`table.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y">
            {rows.map((day) => (
              <tr
                className="text-right whitespace-nowrap [&>td]:px-3 [&>td]:py-2 sm:[&>td]:px-4"
                key={day.date}
              >
                <th className="py-2 pr-3 pl-4 text-left font-normal sm:pr-4" scope="row">
                  {format.dateTime(day.startsAt, { dateStyle: "medium", timeZone })}
                </th>
                <td>{figures.count(day.runs)}</td>
                <td>{figures.count(day.failed)}</td>
                <td>{figures.rate(day.successRate)}</td>
                <td>{figures.count(day.eventsIn)}</td>
                <td>{figures.count(day.eventsOut)}</td>
                <td>{figures.delay(day.delayP50Ms)}</td>
                <td>{figures.delay(day.delayP95Ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
