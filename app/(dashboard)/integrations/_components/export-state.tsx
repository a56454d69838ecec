import { CalendarCheck, CalendarClock, CircleAlert, Loader2, Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { Link } from "@/app/_components/link";
import { RelativeTime } from "@/app/_components/relative-time";
import { Alert } from "@/app/_components/ui/alert";
import { Button } from "@/app/_components/ui/button";
import { type ExportProblem, remedyFor } from "@/app/(dashboard)/bookings/export-state";
import { ExportNowButton } from "@/app/(dashboard)/integrations/_components/export-now-button";
import type {
  IntegrationActions,
  IntegrationView,
} from "@/app/(dashboard)/integrations/_components/integration-view";

/** The vendor said when it goes on; asking earlier changes nothing. */
const WAITS = new Set<ExportProblem>(["rate_limited", "quota_exhausted"]);
const MENDS_ITSELF = new Set<ExportProblem>([...WAITS, "transient"]);

interface ExportStateProps {
  integration: Pick<IntegrationView, "id" | "status" | "exports">;
  product: string;
  actions: IntegrationActions;
}

/** How bookings stand in this account's calendars, wherever that is not simply well, and what mends it. */
export function ExportState({ integration, product, actions }: ExportStateProps) {
  const t = useTranslations("exports.state");
  const { id, status, exports: state } = integration;
  const dead = status === "reconnect_required";
  const waiting = state.failed.reduce((sum, { count }) => sum + count, state.pending);
  return (
    <>
      {state.addedByConnect > 0 && !dead && (
        <Alert icon={CalendarCheck} title={t("added", { count: state.addedByConnect })} tone="success" />
      )}
      {dead && waiting > 0 && (
        <Alert icon={CalendarClock} title={t("waiting", { count: waiting })} tone="warning">
          <p>{t("waitingHint", { count: waiting })}</p>
        </Alert>
      )}
      {!dead &&
        state.failed.map(({ problem, count }) => (
          <Failed
            count={count}
            exportNow={actions.exportNow}
            integrationId={id}
            key={problem}
            problem={problem}
            product={product}
            retryAt={state.retryAt}
          />
        ))}
      {state.changed > 0 && (
        <Alert
          action={
            <Button asChild size="sm">
              <Link href="/bookings">{t("seeBookings")}</Link>
            </Button>
          }
          icon={Pencil}
          title={t("changed", { count: state.changed, product })}
          tone="warning"
        >
          <p>{t("changedHint")}</p>
        </Alert>
      )}
      {!dead && state.pending > 0 && (
        <p className="flex items-center gap-2 text-sm text-ink-muted" role="status">
          <Loader2 aria-hidden className="size-4 shrink-0 animate-spin" />
          {t("pending", { count: state.pending, product })}
        </p>
      )}
    </>
  );
}

interface FailedProps {
  integrationId: string;
  problem: ExportProblem;
  count: number;
  retryAt: string | null;
  product: string;
  exportNow: IntegrationActions["exportNow"];
}

function Failed({ integrationId, problem, count, retryAt, product, exportNow }: FailedProps) {
  const t = useTranslations("exports.state");
  const tProblem = useTranslations("bookings.export.problem");
  return (
    <Alert
      action={
        <span className="flex flex-wrap gap-2">
          {remedyFor(problem) === "calendars" && (
            <Button asChild size="sm" variant="primary">
              <a href="#add-bookings">{t("otherCalendar")}</a>
            </Button>
          )}
          {!WAITS.has(problem) && <ExportNowButton exportNow={exportNow} integrationId={integrationId} />}
        </span>
      }
      icon={CircleAlert}
      title={t("failed", { count, product })}
      tone={MENDS_ITSELF.has(problem) ? "warning" : "danger"}
    >
      <p>
        {tProblem(`${problem}.message`, { product })} {tProblem(`${problem}.fix`, { product })}
      </p>
      {retryAt !== null && (
        <p className="text-ink-muted">
          {t.rich("nextTry", { time: () => <RelativeTime ahead at={retryAt} /> })}
        </p>
      )}
    </Alert>
  );
}
