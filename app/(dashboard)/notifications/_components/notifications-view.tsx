import { BellCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { EmptyState } from "@/app/_components/empty-state";
import { Link } from "@/app/_components/link";
import { PageHeader } from "@/app/_components/page-header";
import { RelativeTime } from "@/app/_components/relative-time";
import { Button } from "@/app/_components/ui/button";
import { SubmitButton } from "@/app/_components/ui/submit-button";
import {
  NotificationItem,
  type NotificationItemProps,
} from "@/app/(dashboard)/notifications/_components/notification-item";
import { markAllRead } from "@/app/(dashboard)/notifications/actions";

type Shown = NotificationItemProps["notification"];

interface NotificationsViewProps {
  open: Shown[];
  over: Shown[];
  /** When the latest of the person's calendars was read. */
  checkedAt: string | null;
  /** A banner tells of something the list does not. */
  bannerSpeaks: boolean;
  nextCursor: string | null;
}

export function NotificationsView({
  open,
  over,
  checkedAt,
  bannerSpeaks,
  nextCursor,
}: NotificationsViewProps) {
  const t = useTranslations("notifications");
  return (
    <>
      <PageHeader
        actions={open.some(({ readAt }) => readAt === null) && <MarkAllRead />}
        description={t("description")}
        title={t("title")}
        zoneOf={open.length + over.length > 0 ? "times" : undefined}
      />
      {open.length > 0 && <NotificationList heading={t("open")} notifications={open} />}
      {open.length === 0 && !bannerSpeaks && (
        <EmptyState icon={BellCheck} title={t("empty.title")}>
          <p>{t("empty.body")}</p>
          {checkedAt !== null && (
            <p className="mt-2 text-sm">
              {t.rich("empty.checked", { time: () => <RelativeTime at={checkedAt} /> })}
            </p>
          )}
        </EmptyState>
      )}
      {over.length > 0 && <NotificationList heading={t("over")} notifications={over} />}
      {nextCursor !== null && (
        <div className="mt-6 flex justify-center">
          <Button asChild>
            <Link href={`/notifications?${new URLSearchParams({ cursor: nextCursor })}`}>{t("older")}</Link>
          </Button>
        </div>
      )}
    </>
  );
}

function NotificationList({ heading, notifications }: { heading: string; notifications: Shown[] }) {
  return (
    <section className="not-first:mt-8">
      <h2 className="mb-3 text-lg font-semibold">{heading}</h2>
      <ul className="divide-y overflow-hidden rounded-card border bg-surface shadow-card">
        {notifications.map((notification) => (
          <NotificationItem key={notification.id} notification={notification} />
        ))}
      </ul>
    </section>
  );
}

function MarkAllRead() {
  const t = useTranslations("notifications");
  return (
    <form action={markAllRead}>
      <SubmitButton size="sm">{t("markAllRead")}</SubmitButton>
    </form>
  );
}
