import {
  CalendarX2,
  CheckCircle2,
  CloudOff,
  type LucideIcon,
  Replace,
  ServerCrash,
  Unplug,
} from "lucide-react";
import { useTranslations } from "next-intl";
import { cn } from "@/app/_components/cn";
import { RelativeTime } from "@/app/_components/relative-time";
import { Badge } from "@/app/_components/ui/badge";
import { Button } from "@/app/_components/ui/button";
import { SubmitButton } from "@/app/_components/ui/submit-button";
import { markRead } from "@/app/(dashboard)/notifications/actions";

const icons = {
  reconnect_required: Unplug,
  sync_failing: CloudOff,
  export_failed: CalendarX2,
  bulk_change_held: Replace,
  operator: ServerCrash,
} satisfies Record<string, LucideIcon>;

export interface NotificationItemProps {
  notification: {
    id: string;
    kind: keyof typeof icons;
    title: string;
    body: string;
    action: { label: string; href: string };
    createdAt: string;
    readAt: string | null;
    resolvedAt: string | null;
  };
}

/** What happened, since when, and the way out of it; of what is over, that it is. */
export function NotificationItem({ notification }: NotificationItemProps) {
  const t = useTranslations("notifications");
  const { id, kind, title, body, action, createdAt, readAt, resolvedAt } = notification;
  const over = resolvedAt !== null;
  const Icon = over ? CheckCircle2 : icons[kind];
  return (
    <li className="flex gap-3 p-4 sm:gap-4 sm:p-5" data-kind={kind} data-state={over ? "over" : "open"}>
      <Icon aria-hidden className={cn("mt-0.5 size-5 shrink-0", over ? "text-success" : "text-danger")} />
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h3 className={cn("font-semibold wrap-anywhere", over && "font-medium text-ink-muted")}>{title}</h3>
          {!over && readAt === null && <Badge tone="info">{t("unread")}</Badge>}
        </div>
        <p className="mt-0.5 text-xs text-ink-muted">
          {over ? (
            t.rich("ended", { time: () => <RelativeTime at={resolvedAt} /> })
          ) : (
            <RelativeTime at={createdAt} />
          )}
        </p>
        {!over && (
          <>
            <p className="mt-2 max-w-2xl text-sm wrap-anywhere">{body}</p>
            <div className="mt-3 flex flex-wrap gap-2">
              <Button asChild size="sm" variant="primary">
                <a href={action.href}>{action.label}</a>
              </Button>
              {readAt === null && (
                <form action={markRead}>
                  <input name="id" type="hidden" value={id} />
                  <SubmitButton aria-label={t("markReadOf", { title })} size="sm" variant="ghost">
                    {t("markRead")}
                  </SubmitButton>
                </form>
              )}
            </div>
          </>
        )}
      </div>
    </li>
  );
}
