import { useTranslations } from "next-intl";
import { RelativeTime } from "@/app/_components/relative-time";
import { StatusBadge, type StatusLook } from "@/app/_components/status-badge";
import { Card, CardHeader, CardSection } from "@/app/_components/ui/card";

interface InstallationCardProps {
  jobs: { job: string; startedAt: string; state: keyof typeof looks }[];
}

const looks = { ok: "ok", stopped: "broken", failing: "failed" } satisfies Record<string, StatusLook>;

/** The scheduled jobs, for administrators: what an operator's notice leads to. */
export function InstallationCard({ jobs }: InstallationCardProps) {
  const t = useTranslations("notifications.installation");
  return (
    <Card aria-labelledby="installation" className="mt-8">
      <CardHeader>
        <div>
          <h2 className="scroll-mt-20 text-lg font-semibold" id="installation">
            {t("title")}
          </h2>
          <p className="mt-1 text-sm text-ink-muted">{t("body")}</p>
        </div>
      </CardHeader>
      <CardSection>
        {jobs.length === 0 ? <p className="text-sm text-ink-muted">{t("none")}</p> : <JobTable jobs={jobs} />}
      </CardSection>
    </Card>
  );
}

function JobTable({ jobs }: InstallationCardProps) {
  const t = useTranslations("notifications.installation");
  return (
    <table className="w-full text-left text-sm">
      <thead className="text-xs text-ink-muted">
        <tr>
          <th className="py-1.5 pr-4 font-medium" scope="col">
            {t("job")}
          </th>
          <th className="py-1.5 pr-4 font-medium" scope="col">
            {t("began")}
          </th>
          <th className="py-1.5 font-medium" scope="col">
            {t("state")}
          </th>
        </tr>
      </thead>
      <tbody>
        {jobs.map(({ job, startedAt, state }) => (
          <tr className="border-t" key={job}>
            <th className="py-2 pr-4 font-mono text-xs font-normal wrap-anywhere" scope="row">
              {job}
            </th>
            <td className="py-2 pr-4 text-ink-muted">
              <RelativeTime at={startedAt} />
            </td>
            <td className="py-2">
              <StatusBadge look={looks[state]}>{t(`states.${state}`)}</StatusBadge>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
