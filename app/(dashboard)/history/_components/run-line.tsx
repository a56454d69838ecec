import {
  CalendarCheck,
  ChevronRight,
  Clock3,
  Hand,
  type LucideIcon,
  Plug,
  Radio,
  Repeat2,
  SlidersHorizontal,
} from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { StatusBadge, type StatusLook } from "@/app/_components/status-badge";
import { RunDetails } from "@/app/(dashboard)/history/_components/run-details";
import type { RunStatus, RunTrigger, RunView } from "@/app/(dashboard)/history/_components/run-view";

const statusLooks: Record<RunStatus, StatusLook> = {
  running: "working",
  succeeded: "ok",
  failed: "failed",
  cancelled: "off",
};

const triggerIcons: Record<RunTrigger, LucideIcon> = {
  connect: Plug,
  push: Radio,
  schedule: Clock3,
  manual: Hand,
  window: SlidersHorizontal,
  booking: CalendarCheck,
};

/** The columns of a line and of the head above them, from 768 px on. */
export const RUN_COLUMNS =
  "md:grid md:grid-cols-[9.5rem_minmax(0,1fr)_8.5rem_9rem_5rem_8.5rem_1.25rem] md:items-center md:gap-3";

/** One run: a line of a table on a large screen, a card on a phone, and its details when opened. */
export function RunLine({ run, timeZone }: { run: RunView; timeZone: string }) {
  const t = useTranslations("history");
  const format = useFormatter();
  const TriggerIcon = triggerIcons[run.trigger];
  return (
    <li>
      <details className="group">
        <summary className={`${RUN_COLUMNS} relative block px-4 py-3 text-sm hover:bg-sunken/60 sm:px-5`}>
          <time className="text-ink-muted tabular-nums md:text-ink" dateTime={run.startedAt}>
            {format.dateTime(new Date(run.startedAt), {
              day: "numeric",
              month: "short",
              hour: "2-digit",
              minute: "2-digit",
              timeZone,
            })}
          </time>
          <span className="mt-1 block min-w-0 md:mt-0">
            <span className="line-clamp-2 font-medium wrap-anywhere">
              {run.calendarName ?? t(run.kind === "export" ? "exports" : "wholeAccount")}
            </span>
            {/* A main calendar is called like its account. */}
            {run.accountName !== run.calendarName && (
              <span className="block truncate text-xs text-ink-muted">{run.accountName}</span>
            )}
          </span>
          <span className="mt-1 flex flex-wrap items-center gap-x-4 md:contents">
            <span className="inline-flex items-center gap-1.5 text-ink-muted">
              <TriggerIcon aria-hidden className="size-4 shrink-0" />
              {t(`trigger.${run.trigger}`)}
            </span>
            <Changes run={run} />
            <span className="text-ink-muted tabular-nums max-md:empty:hidden">
              {run.durationMs !== null && <Duration milliseconds={run.durationMs} />}
            </span>
          </span>
          <span className="mt-2 flex flex-wrap gap-1.5 md:m-0">
            <StatusBadge look={statusLooks[run.status]}>{t(`status.${run.status}`)}</StatusBadge>
          </span>
          <ChevronRight
            aria-hidden
            className="absolute top-3.5 right-3 size-4.5 text-ink-muted transition-transform group-open:rotate-90 md:static"
          />
        </summary>
        <RunDetails run={run} timeZone={timeZone} />
      </details>
    </li>
  );
}

function Duration({ milliseconds }: { milliseconds: number }) {
  const format = useFormatter();
  const short = milliseconds < 1000;
  return format.number(short ? milliseconds : milliseconds / 1000, {
    style: "unit",
    unit: short ? "millisecond" : "second",
    unitDisplay: "short",
    maximumFractionDigits: short ? 0 : 1,
  });
}

function Changes({ run }: { run: RunView }) {
  const t = useTranslations("history.changes");
  const format = useFormatter();
  const parts = [
    { key: "imported", sign: "+", count: run.imported },
    { key: "updated", sign: "~", count: run.updated },
    { key: "removed", sign: "−", count: run.removed },
    { key: "exported", sign: "↑", count: run.exported },
  ] as const;
  const changed = parts.filter(({ count }) => count > 0);
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2.5 tabular-nums max-md:empty:hidden">
      {changed.map(({ key, sign, count }) => (
        <span key={key} title={t(key, { count })}>
          <span aria-hidden>
            {sign}
            {format.number(count)}
          </span>
          <span className="sr-only">{t(key, { count })}</span>
        </span>
      ))}
      {changed.length === 0 && run.status === "succeeded" && (
        <span className="text-ink-muted">{t("none")}</span>
      )}
      {run.repeats > 1 && (
        <span
          className="inline-flex items-center gap-1 text-xs text-ink-muted"
          title={t("repeats", { count: run.repeats - 1 })}
        >
          <Repeat2 aria-hidden className="size-3.5" />
          <span aria-hidden>×{run.repeats}</span>
          <span className="sr-only">{t("repeats", { count: run.repeats - 1 })}</span>
        </span>
      )}
    </span>
  );
}
