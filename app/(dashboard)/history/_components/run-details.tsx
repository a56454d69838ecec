import { useFormatter, useTranslations } from "next-intl";
import { CopyButton } from "@/app/_components/copy-button";
import { PROVIDER_TITLES } from "@/app/_components/provider-name";
import { RunError } from "@/app/(dashboard)/history/_components/run-error";
import type { RunView } from "@/app/(dashboard)/history/_components/run-view";

interface RunDetailsProps {
  run: RunView;
  timeZone: string;
}

/** Everything known of one run, below its line. */
export function RunDetails({ run, timeZone }: RunDetailsProps) {
  const t = useTranslations("history.details");
  const format = useFormatter();
  const moment = (at: string) =>
    format.dateTime(new Date(at), { dateStyle: "medium", timeStyle: "medium", timeZone });
  const facts = [
    [t("account"), `${run.accountName} (${PROVIDER_TITLES[run.provider]})`],
    [t("kind"), t(`kinds.${run.kind}`)],
    [t("started"), moment(run.startedAt)],
    [t("finished"), run.finishedAt === null ? t("notYet") : moment(run.finishedAt)],
    run.kind === "export"
      ? [t("exported"), format.number(run.exported)]
      : [t("unchanged"), format.number(run.unchanged)],
    [t("attempts"), format.number(run.attempts)],
    ...(run.lastRunAt === null ? [] : [[t("lastRepeat"), moment(run.lastRunAt)]]),
  ];
  return (
    <div className="space-y-4 border-t bg-sunken/50 px-4 py-4 sm:px-5">
      {run.error !== null && <RunError error={run.error} run={run} />}
      <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-2 lg:grid-cols-4">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt className="text-xs text-ink-muted">{term}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="flex flex-wrap items-center gap-x-2 text-xs text-ink-muted">
        {t("reference")} <code className="break-all">{run.id}</code>
        <CopyButton label={t("copyReference")} value={run.id} />
      </p>
    </div>
  );
}
