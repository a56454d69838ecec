import { CalendarClock, CalendarX2, Clock } from "lucide-react";
import { useTranslations } from "next-intl";
import { EmptyState } from "@/app/_components/empty-state";
import { Link } from "@/app/_components/link";
import { RelativeTime } from "@/app/_components/relative-time";
import { Alert } from "@/app/_components/ui/alert";
import { Button } from "@/app/_components/ui/button";
import type { SlotOffer } from "@/app/(dashboard)/bookings/slot-offer";

/** Which calendars may hold more than is known, and what that means for a booking. */
export function UnsureCalendars({ unsure }: Pick<SlotOffer, "unsure">) {
  const t = useTranslations("bookings.slots.unsure");
  return unsure.map(({ calendarId, name, state, syncedAt, booked }) => (
    <Alert
      icon={state === "unknown" ? CalendarX2 : CalendarClock}
      key={calendarId}
      title={t(`${state}.title`, { name: name ?? "" })}
      tone={state === "stale" && booked === "asked" ? "info" : "warning"}
    >
      {t(state === "stale" ? `stale.${booked}` : "unknown.body")}{" "}
      {syncedAt !== null && t.rich("last", { time: () => <RelativeTime at={syncedAt} /> })}
    </Alert>
  ));
}

export function NoFreeTime({ unread }: { unread: boolean }) {
  const t = useTranslations("bookings.slots.none");
  return (
    <EmptyState
      action={
        <span className="flex flex-wrap justify-center gap-3">
          <Button asChild>
            <Link href={unread ? "/integrations" : "/hours"}>{t(unread ? "integrations" : "hours")}</Link>
          </Button>
          {!unread && (
            <Button asChild variant="ghost">
              <Link href="/calendar">{t("calendar")}</Link>
            </Button>
          )}
        </span>
      }
      icon={Clock}
      title={t("title")}
    >
      <p>{t(unread ? "unread" : "body")}</p>
    </EmptyState>
  );
}
