import { Bell } from "lucide-react";
import { useTranslations } from "next-intl";
import { Link } from "@/app/_components/link";

/** Leads to what needs this person. A new number is spoken by screen readers, which the page's first one is not. */
export function NotificationBell({ unread }: { unread: number }) {
  const t = useTranslations("notifications.bell");
  return (
    <>
      <Link
        aria-label={t("label", { count: unread })}
        className="relative grid size-9 place-items-center rounded-control text-ink-muted hover:bg-sunken hover:text-ink md:absolute md:top-5 md:right-4"
        href="/notifications"
      >
        <Bell aria-hidden className="size-5" />
        {unread > 0 && (
          <span
            aria-hidden
            className="absolute -top-0.5 -right-0.5 grid h-4.5 min-w-4.5 place-items-center rounded-full bg-danger-solid px-1 text-[0.6875rem] leading-none font-semibold text-on-danger tabular-nums"
          >
            {unread > 99 ? "99+" : unread}
          </span>
        )}
      </Link>
      <p className="sr-only" role="status">
        {t("news", { count: unread })}
      </p>
    </>
  );
}
