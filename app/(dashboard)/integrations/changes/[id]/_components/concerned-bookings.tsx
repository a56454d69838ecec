import { useFormatter, useTranslations } from "next-intl";
import { Link } from "@/app/_components/link";
import { StatusBadge } from "@/app/_components/status-badge";
import { Card, CardHeader } from "@/app/_components/ui/card";
import { EXPORT_LOOKS, exportStateOf } from "@/app/(dashboard)/bookings/export-state";
import type { BulkChangeDetail } from "@/lib/bookings/bulk-changes";

const MOMENT = {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "numeric",
  minute: "2-digit",
} as const;

interface ConcernedBookingsProps {
  bookings: BulkChangeDetail["bookings"];
  calendar: string;
}

/** Bookings whose events went or moved, and what is known of those now. */
export function ConcernedBookings({ bookings, calendar }: ConcernedBookingsProps) {
  const t = useTranslations("bulkChange.bookings");
  return (
    <Card aria-labelledby="bookings">
      <CardHeader className="flex-col pb-4 sm:pb-4">
        <h2 className="text-lg font-semibold" id="bookings">
          {t("title")}
        </h2>
        <p className="-mt-2 text-sm text-ink-muted">{t(bookings.length === 0 ? "none" : "note")}</p>
      </CardHeader>
      {bookings.length > 0 && (
        <ul className="divide-y border-t">
          {bookings.map((booking) => (
            <BookingLine booking={booking} calendar={calendar} key={booking.id} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function BookingLine({
  booking,
  calendar,
}: {
  booking: BulkChangeDetail["bookings"][number];
  calendar: string;
}) {
  const t = useTranslations("bookings.export");
  const format = useFormatter();
  const state = exportStateOf(booking.event, { cancelled: booking.status === "cancelled", reachable: true });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 text-sm sm:px-6">
      <div className="min-w-0 flex-1 basis-56 wrap-anywhere">
        <Link className="font-medium underline-offset-2 hover:underline" href={`/bookings/${booking.id}`}>
          {booking.clientName}
        </Link>
        <p className="text-xs text-ink-muted">
          <time dateTime={booking.start}>{format.dateTime(new Date(booking.start), MOMENT)}</time>
          {` · ${booking.serviceName}`}
        </p>
      </div>
      <StatusBadge look={EXPORT_LOOKS[state]}>{t(`state.${state}`, { calendar })}</StatusBadge>
    </li>
  );
}
