import { CircleAlert } from "lucide-react";
import { useNow, useTranslations } from "next-intl";
import { useCalendarProducts } from "@/app/_components/provider-name";
import { RelativeTime } from "@/app/_components/relative-time";
import { Alert } from "@/app/_components/ui/alert";
import { Button } from "@/app/_components/ui/button";
import { remedyFor } from "@/app/(dashboard)/bookings/export-state";
import type { RunView } from "@/app/(dashboard)/history/_components/run-view";
import type { SyncErrorKind } from "@/lib/calendar/calendar-state";

/** For so long a try that is due may be about to begin; later it is one of the runs above. */
const SOON_MS = 300_000;

type Remedy = "reconnect" | "calendars" | "target";

const remedies: Partial<Record<SyncErrorKind, Remedy>> = {
  reauthorization_required: "reconnect",
  scope_missing: "reconnect",
  admin_policy: "reconnect",
  permission_denied: "calendars",
  not_found: "calendars",
  not_supported: "calendars",
};

function remedyOf(error: RunFailure): Remedy | undefined {
  if (error.of === "reading") return remedies[error.code];
  const remedy = remedyFor(error.code);
  return remedy === "calendars" ? "target" : (remedy ?? undefined);
}

type RunFailure = NonNullable<RunView["error"]>;

/** An error in words, what mends it, and the button for that. */
export function RunError({ run, error }: { run: RunView; error: RunFailure }) {
  const t = useTranslations("history.error");
  const tExport = useTranslations("bookings.export.problem");
  const values = { product: useCalendarProducts()[run.provider] };
  const remedy = remedyOf(error);
  const earliest = useNow().getTime() - SOON_MS;
  const anchor = remedy === "target" ? "add-bookings" : `integration-${run.integrationId}`;
  const words = (part: "message" | "fix") =>
    error.of === "reading" ? t(`${error.code}.${part}`, values) : tExport(`${error.code}.${part}`, values);
  return (
    <Alert
      action={
        remedy !== undefined && (
          <Button asChild size="sm">
            <a href={`/integrations#${anchor}`}>{t(`remedy.${remedy}`)}</a>
          </Button>
        )
      }
      icon={CircleAlert}
      title={words("message")}
      tone="danger"
    >
      <p>{words("fix")}</p>
      {error.retryAt !== null && Date.parse(error.retryAt) > earliest && (
        <p className="text-ink-muted">
          {t.rich("nextTry", { time: () => <RelativeTime ahead at={error.retryAt ?? ""} /> })}
        </p>
      )}
    </Alert>
  );
}
