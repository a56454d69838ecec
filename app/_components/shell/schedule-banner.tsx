import { AlarmClockOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { RelativeTime } from "@/app/_components/relative-time";
import { Button } from "@/app/_components/ui/button";

/** For administrators, on every page while no scheduled work begins. `lastTickAt` is null when none ever has. */
export function ScheduleBanner({ lastTickAt }: { lastTickAt: string | null }) {
  const t = useTranslations("notifications.schedule");
  const tAction = useTranslations("notifications.action");
  return (
    <section
      data-banner="schedule"
      aria-label={t("label")}
      className="border-b border-danger/25 bg-danger-soft px-4 py-3 sm:px-8"
    >
      <div className="mx-auto flex max-w-5xl flex-wrap items-center gap-x-6 gap-y-3">
        <AlarmClockOff aria-hidden className="hidden size-5 shrink-0 text-danger sm:block" />
        <p className="min-w-0 flex-1 basis-72 text-sm">
          <strong className="font-semibold">
            {lastTickAt === null
              ? t("never")
              : t.rich("stopped", { time: () => <RelativeTime at={lastTickAt} /> })}
          </strong>
          <span className="block">{t("effect")}</span>
        </p>
        <Button asChild size="sm" variant="danger">
          <a href="/notifications#installation">{tAction("installation")}</a>
        </Button>
      </div>
    </section>
  );
}
