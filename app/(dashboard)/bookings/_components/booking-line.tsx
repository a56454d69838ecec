import { Globe, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { cn } from "@/app/_components/cn";
import { Link } from "@/app/_components/link";
import { useCalendarProducts } from "@/app/_components/provider-name";
import { StatusBadge } from "@/app/_components/status-badge";
import { useBookingWords } from "@/app/(dashboard)/bookings/_components/use-booking-words";
import { useEventLabels } from "@/app/(dashboard)/bookings/_components/use-event-labels";
import type { Booking, BookingEvent } from "@/app/(dashboard)/bookings/booking";
import { EXPORT_LOOKS } from "@/app/(dashboard)/bookings/export-state";

/** One booking: when, what, for whom, and what became of it in the calendars. The whole line leads to it. */
export function BookingLine({ booking }: { booking: Booking }) {
  const t = useTranslations("bookings");
  const { hours, clientTime } = useBookingWords(booking);
  const cancelled = booking.status === "cancelled";
  const troubled = booking.events.filter(({ problem }) => problem !== null);
  return (
    <li className="relative px-4 py-4 hover:bg-sunken/50 sm:px-6">
      <div className="gap-x-6 gap-y-2 md:grid md:grid-cols-[10.5rem_minmax(0,1fr)_auto] md:items-start">
        <time
          className={cn(
            "block font-semibold whitespace-nowrap tabular-nums",
            cancelled && "line-through decoration-1",
          )}
          dateTime={booking.start}
        >
          {hours}
        </time>
        <div className="min-w-0">
          <h3 className="font-medium wrap-anywhere">
            <Link className="after:absolute after:inset-0" href={`/bookings/${booking.id}`}>
              {booking.client.name}
            </Link>
          </h3>
          <p className="text-sm wrap-anywhere text-ink-muted">
            {[booking.serviceName, booking.address].filter(Boolean).join(" · ")}
          </p>
          {clientTime !== null && (
            <p className="mt-0.5 flex items-center gap-1.5 text-xs text-ink-muted">
              <Globe aria-hidden className="size-3.5 shrink-0" />
              {t("clientTime", clientTime)}
            </p>
          )}
        </div>
        <BookingState booking={booking} />
      </div>
      {troubled.map((event) => (
        <Trouble event={event} key={event.key} />
      ))}
    </li>
  );
}

function BookingState({ booking }: { booking: Booking }) {
  const t = useTranslations("bookings");
  const { events, status, phase } = booking;
  const cancelled = status === "cancelled";
  const labels = useEventLabels(events);
  return (
    <p className="mt-2 flex flex-wrap gap-1.5 md:mt-0 md:max-w-72 md:justify-end">
      {cancelled && (
        <StatusBadge look="off">{t(`cancelledBy.${booking.cancelledBy ?? "provider"}`)}</StatusBadge>
      )}
      {events.map(({ key, state }, index) => (
        <StatusBadge key={key} look={EXPORT_LOOKS[state]}>
          {t(`export.state.${state}`, { calendar: labels[index] ?? "" })}
        </StatusBadge>
      ))}
      {events.length === 0 && !cancelled && phase !== "over" && (
        <StatusBadge look="off">{t("export.nowhere")}</StatusBadge>
      )}
    </p>
  );
}

function Trouble({ event }: { event: BookingEvent }) {
  const t = useTranslations("bookings.export.problem");
  const values = { product: useCalendarProducts()[event.provider] };
  const problem = event.problem ?? "other";
  return (
    <p className="mt-2.5 flex items-start gap-2 text-sm md:ml-48">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
      <span className="min-w-0">
        {t(`${problem}.message`, values)}{" "}
        <span className="text-ink-muted">{t(`${problem}.fix`, values)}</span>
      </span>
    </p>
  );
}
