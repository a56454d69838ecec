import { History } from "lucide-react";
import { useTranslations } from "next-intl";
import { EmptyState } from "@/app/_components/empty-state";
import { Link } from "@/app/_components/link";
import { PageHeader } from "@/app/_components/page-header";
import { Button } from "@/app/_components/ui/button";
import { HistoryTabs } from "@/app/(dashboard)/history/_components/history-tabs";
import { RunFiltersForm } from "@/app/(dashboard)/history/_components/run-filters";
import { RUN_COLUMNS, RunLine } from "@/app/(dashboard)/history/_components/run-line";
import {
  historyHref,
  NO_FILTERS,
  type RunFilters,
  type RunView,
} from "@/app/(dashboard)/history/_components/run-view";

interface HistoryViewProps {
  runs: RunView[];
  filters: RunFilters;
  calendars: { id: string; name: string }[];
  nextCursor: string | null;
  /** IANA name of the user's zone. */
  timeZone: string;
}

const columns = ["when", "calendar", "trigger", "changes", "duration", "result"] as const;

export function HistoryView({ runs, filters, calendars, nextCursor, timeZone }: HistoryViewProps) {
  const t = useTranslations("history");
  return (
    <>
      <PageHeader
        actions={<HistoryTabs here="runs" />}
        description={t("description")}
        title={t("title")}
        zoneOf="times"
      />
      <RunFiltersForm calendars={calendars} filters={filters} />
      {runs.length === 0 ? (
        <NoRuns filtered={historyHref(filters) !== historyHref(NO_FILTERS)} />
      ) : (
        <div className="overflow-hidden rounded-card border bg-surface shadow-card">
          <div
            aria-hidden
            className={`${RUN_COLUMNS} hidden border-b bg-sunken/50 px-5 py-2 text-xs font-medium text-ink-muted`}
          >
            {columns.map((column) => (
              <span key={column}>{t(`columns.${column}`)}</span>
            ))}
          </div>
          <ul className="divide-y">
            {runs.map((run) => (
              <RunLine key={run.id} run={run} timeZone={timeZone} />
            ))}
          </ul>
        </div>
      )}
      {nextCursor !== null && (
        <div className="mt-6 flex justify-center">
          <Button asChild>
            <Link href={historyHref(filters, nextCursor)}>{t("older")}</Link>
          </Button>
        </div>
      )}
    </>
  );
}

function NoRuns({ filtered }: { filtered: boolean }) {
  const t = useTranslations("history.empty");
  const variant = filtered ? "filtered" : "never";
  return (
    <EmptyState
      action={
        <Button asChild variant="primary">
          <Link href={filtered ? "/history" : "/integrations"}>{t(`${variant}.action`)}</Link>
        </Button>
      }
      icon={History}
      title={t(`${variant}.title`)}
    >
      <p>{t(`${variant}.body`)}</p>
    </EmptyState>
  );
}
