import { CalendarOff, Clock, Info, ListX, Loader2 } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { Link } from "@/app/_components/link";
import { Alert } from "@/app/_components/ui/alert";
import { Button } from "@/app/_components/ui/button";
import type { ReadingState } from "@/app/(dashboard)/calendar/reading-state";

interface ReadingNoticesProps {
  reading: ReadingState;
  more: Date | null;
  /** One day alone is shown, so that looking at single days helps nobody. */
  oneDay: boolean;
}

/** What this page does not know, said where it would mislead. */
export function ReadingNotices({ reading, more, oneDay }: ReadingNoticesProps) {
  const t = useTranslations("calendar.notice");
  const format = useFormatter();
  const day = (at: Date) => format.dateTime(at, { dateStyle: "long" });
  return (
    <div className="mb-4 space-y-3 empty:hidden">
      {reading.nothingChecked && (
        <Alert
          action={
            <Button asChild size="sm">
              <Link href="/integrations">{t("nothingChecked.action")}</Link>
            </Button>
          }
          icon={CalendarOff}
          title={t("nothingChecked.title")}
          tone="warning"
        >
          <p>{t("nothingChecked.body")}</p>
        </Alert>
      )}
      {reading.unread.length > 0 && (
        <Alert icon={Loader2} role="status" title={t("unread.title")} tone="info">
          <p>{t("unread.body", { calendars: format.list(reading.unread) })}</p>
        </Alert>
      )}
      {reading.behind.length > 0 && (
        <Alert
          action={
            <Button asChild size="sm">
              <Link href="/integrations">{t("behind.action")}</Link>
            </Button>
          }
          icon={Clock}
          title={t("behind.title")}
          tone="warning"
        >
          <p>{t("behind.body", { calendars: format.list(reading.behind) })}</p>
        </Alert>
      )}
      {more !== null && (
        <Alert icon={ListX} title={t("more.title")} tone="warning">
          <p>{oneDay ? t("more.day") : t("more.body", { day: day(more) })}</p>
        </Alert>
      )}
      {reading.read !== null && !reading.read.overlaps && (
        <Alert icon={Info} title={t("outside.title")} tone="neutral">
          <p>
            <ReadDays read={reading.read} />
          </p>
        </Alert>
      )}
    </div>
  );
}

/** From when to when outside calendars are read at all. */
export function ReadDays({ read }: { read: NonNullable<ReadingState["read"]> }) {
  const t = useTranslations("calendar.notice");
  const format = useFormatter();
  const day = (at: Date) => format.dateTime(at, { dateStyle: "long" });
  return t("outside.body", { from: day(read.from), to: day(read.to) });
}
