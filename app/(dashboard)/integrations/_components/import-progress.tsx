import { Check, Loader2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { Progress } from "@/app/_components/ui/progress";
import type { IntegrationView } from "@/app/(dashboard)/integrations/_components/integration-view";

/** The first import, step by step. One polite announcement each time its numbers change. */
export function ImportProgress({ progress }: { progress: NonNullable<IntegrationView["importProgress"]> }) {
  const t = useTranslations("integrations.progress");
  const { calendarsDone, calendarsTotal, events } = progress;
  const steps = [
    { text: t("connected"), done: true },
    { text: t("found", { count: calendarsTotal }), done: calendarsTotal > 0 },
    { text: t("reading", { count: events }), done: false },
  ];
  return (
    <div>
      <ol className="flex flex-wrap gap-x-6 gap-y-2 text-sm">
        {steps.map(({ text, done }) => (
          <li className="flex items-center gap-2" key={text}>
            {done ? (
              <Check aria-hidden className="size-4 text-success" />
            ) : (
              <Loader2 aria-hidden className="size-4 animate-spin text-info" />
            )}
            {text}
          </li>
        ))}
      </ol>
      <Progress
        className="mt-3"
        label={t("title")}
        percent={calendarsTotal === 0 ? null : Math.round((calendarsDone / calendarsTotal) * 100)}
      />
      <p aria-live="polite" className="mt-2 text-xs text-ink-muted">
        {t("announcement", { done: calendarsDone, total: calendarsTotal, events })} {t("mayLeave")}
      </p>
    </div>
  );
}
