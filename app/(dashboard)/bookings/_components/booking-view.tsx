import { CalendarClock, Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { Link } from "@/app/_components/link";
import { PageHeader } from "@/app/_components/page-header";
import { StatusBadge, type StatusLook } from "@/app/_components/status-badge";
import { Button } from "@/app/_components/ui/button";
import { ZoneNote } from "@/app/_components/zone-note";
import { BookingFacts } from "@/app/(dashboard)/bookings/_components/booking-facts";
import { CalendarsCard } from "@/app/(dashboard)/bookings/_components/calendars-card";
import { CancelBooking } from "@/app/(dashboard)/bookings/_components/cancel-booking";
import { ReceiptCard } from "@/app/(dashboard)/bookings/_components/receipt-card";
import { useBookingWords } from "@/app/(dashboard)/bookings/_components/use-booking-words";
import type { Booking } from "@/app/(dashboard)/bookings/booking";

export function BookingView({ booking }: { booking: Booking }) {
  const t = useTranslations("bookings");
  const { day, hours } = useBookingWords(booking);
  const cancelled = booking.status === "cancelled";
  return (
    <div className="max-w-3xl">
      <PageHeader
        actions={!cancelled && <BookingActions booking={booking} />}
        back={{ href: "/bookings", label: t("title") }}
        description={booking.serviceName}
        title={t("one.heading", { client: booking.client.name })}
      />
      <div className="space-y-6">
        <section aria-label={t("one.when")} className="rounded-card border bg-surface p-4 shadow-card sm:p-6">
          <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
            <div className="text-lg font-semibold">
              <time className={cancelled ? "line-through decoration-1" : ""} dateTime={booking.start}>
                <span className="block first-letter:uppercase">{day}</span>
                <span className="block text-2xl tabular-nums">{hours}</span>
              </time>
              <ZoneNote className="mt-1 font-normal" />
            </div>
            <BookingStatus booking={booking} />
          </div>
          <BookingFacts booking={booking} />
        </section>
        <CalendarsCard booking={booking} />
        <ReceiptCard booking={booking} />
      </div>
    </div>
  );
}

const phases = {
  ahead: { look: "ok", key: "confirmed" },
  now: { look: "working", key: "now" },
  over: { look: "off", key: "over" },
} as const satisfies Record<Booking["phase"], { look: StatusLook; key: string }>;

function BookingStatus({ booking }: { booking: Booking }) {
  const t = useTranslations("bookings");
  if (booking.status === "cancelled") {
    return <StatusBadge look="off">{t(`cancelledBy.${booking.cancelledBy ?? "provider"}`)}</StatusBadge>;
  }
  const { look, key } = phases[booking.phase];
  return <StatusBadge look={look}>{t(`status.${key}`)}</StatusBadge>;
}

/** One that has begun can no longer be moved, one that is over no longer be cancelled. */
function BookingActions({ booking }: { booking: Booking }) {
  const t = useTranslations("bookings.one");
  return (
    <div className="flex flex-wrap gap-2">
      {booking.phase === "ahead" && (
        <Button asChild>
          <Link href={`/bookings/${booking.id}/move`}>
            <CalendarClock aria-hidden />
            {t("move")}
          </Link>
        </Button>
      )}
      <Button asChild>
        <Link href={`/bookings/${booking.id}/edit`}>
          <Pencil aria-hidden />
          {t("edit")}
        </Link>
      </Button>
      {booking.phase !== "over" && <CancelBooking booking={booking} />}
    </div>
  );
}
