import { CalendarCheck, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { cn } from "@/app/_components/cn";
import { EmptyState } from "@/app/_components/empty-state";
import { Link } from "@/app/_components/link";
import { PageHeader } from "@/app/_components/page-header";
import { Button } from "@/app/_components/ui/button";
import { BookingDay } from "@/app/(dashboard)/bookings/_components/booking-day";
import type { Booking } from "@/app/(dashboard)/bookings/booking";
import { byDay } from "@/app/(dashboard)/bookings/by-day";
import { bookingsHref, SHOWN, type Shown } from "@/app/(dashboard)/bookings/list-filter";
import type { IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

interface BookingsViewProps {
  bookings: Booking[];
  shown: Shown;
  nextCursor: string | null;
  today: IsoDate;
  timeZone: TimeZoneId;
  /** Nothing can be booked before there is a service. */
  hasServices: boolean;
}

export function BookingsView(props: BookingsViewProps) {
  const { bookings, shown, nextCursor, today, timeZone, hasServices } = props;
  const t = useTranslations("bookings");
  return (
    <>
      <PageHeader
        actions={
          hasServices && (
            <Button asChild variant="primary">
              <Link href="/bookings/new">
                <Plus aria-hidden />
                {t("add")}
              </Link>
            </Button>
          )
        }
        description={t("description")}
        title={t("title")}
        zoneOf={bookings.length > 0 ? "times" : undefined}
      />
      <ShownSwitch shown={shown} />
      {bookings.length === 0 ? (
        <NoBookings hasServices={hasServices} shown={shown} />
      ) : (
        <div className="space-y-7">
          {byDay(bookings, timeZone).map(({ day, things }) => (
            <BookingDay bookings={things} day={day} key={day} timeZone={timeZone} today={today} />
          ))}
        </div>
      )}
      {nextCursor !== null && (
        <div className="mt-8 flex justify-center">
          <Button asChild>
            <Link href={bookingsHref(shown, nextCursor)}>
              {t(shown === "upcoming" ? "later" : "earlier")}
            </Link>
          </Button>
        </div>
      )}
    </>
  );
}

function ShownSwitch({ shown }: { shown: Shown }) {
  const t = useTranslations("bookings.shown");
  return (
    <nav aria-label={t("title")} className="mb-6 flex w-fit rounded-control border bg-sunken p-0.5">
      {SHOWN.map((one) => (
        <Link
          aria-current={one === shown ? "page" : undefined}
          className={cn(
            "rounded-md px-3 py-1.5 text-sm font-medium text-ink-muted hover:text-ink",
            one === shown && "bg-surface text-ink shadow-card",
          )}
          href={bookingsHref(one)}
          key={one}
        >
          {t(one)}
        </Link>
      ))}
    </nav>
  );
}

function NoBookings({ shown, hasServices }: { shown: Shown; hasServices: boolean }) {
  const t = useTranslations("bookings.empty");
  if (shown !== "upcoming") {
    return (
      <EmptyState icon={CalendarCheck} title={t(`${shown}.title`)}>
        <p>{t(`${shown}.body`)}</p>
      </EmptyState>
    );
  }
  const variant = hasServices ? "upcoming" : "noServices";
  return (
    <EmptyState
      action={
        <Button asChild variant="primary">
          <Link href={hasServices ? "/services" : "/services/new"}>{t(`${variant}.action`)}</Link>
        </Button>
      }
      icon={CalendarCheck}
      title={t(`${variant}.title`)}
    >
      <p>{t(`${variant}.body`)}</p>
    </EmptyState>
  );
}
