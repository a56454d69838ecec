import { CircleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { useCalendarProducts } from "@/app/_components/provider-name";
import { RelativeTime } from "@/app/_components/relative-time";
import { Alert } from "@/app/_components/ui/alert";
import { Button } from "@/app/_components/ui/button";
import type { RunView } from "@/app/(dashboard)/history/_components/run-view";
import type { SyncErrorKind } from "@/lib/calendar/calendar-state";

type Remedy = "reconnect" | "calendars";

const remedies: Partial<Record<SyncErrorKind, Remedy>> = {
  reauthorization_required: "reconnect",
  scope_missing: "reconnect",
  admin_policy: "reconnect",
  permission_denied: "calendars",
  not_found: "calendars",
  not_supported: "calendars",
};

/** An error in words, what mends it, and the button for that. */
export function RunError({ run, error }: { run: RunView; error: NonNullable<RunView["error"]> }) {
  const t = useTranslations("history.error");
  const values = { product: useCalendarProducts()[run.provider] };
  const remedy = remedies[error.code];
  return (
    <Alert
      action={
        remedy !== undefined && (
          <Button asChild size="sm" variant="primary">
            <a href={`/integrations#integration-${run.integrationId}`}>{t(`remedy.${remedy}`)}</a>
          </Button>
        )
      }
      icon={CircleAlert}
      title={t(`${error.code}.message`, values)}
      tone="danger"
    >
      <p>{t(`${error.code}.fix`, values)}</p>
      {error.retryAt !== null && (
        <p className="text-ink-muted">
          {t.rich("nextTry", { time: () => <RelativeTime ahead at={error.retryAt ?? ""} /> })}
        </p>
      )}
    </Alert>
  );
}
