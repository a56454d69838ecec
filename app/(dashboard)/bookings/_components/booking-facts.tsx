import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useBookingWords } from "@/app/(dashboard)/bookings/_components/use-booking-words";
import type { Booking } from "@/app/(dashboard)/bookings/booking";

const MOMENT = { dateStyle: "medium", timeStyle: "short" } as const;

/** Everything known of a booking, each fact with its name; what is not known has no line. */
export function BookingFacts({ booking }: { booking: Booking }) {
  const t = useTranslations("bookings.one");
  const tKinds = useTranslations("services.kind");
  const format = useFormatter();
  const { clientTime } = useBookingWords(booking);
  const { client, price, cancelledAt } = booking;
  return (
    <dl className="mt-5 grid gap-x-8 gap-y-4 border-t pt-5 text-sm sm:grid-cols-2">
      {cancelledAt !== null && (
        <Fact term={t("cancelled")}>
          {format.dateTime(new Date(cancelledAt), MOMENT)}
          <span className="block text-ink-muted whitespace-pre-line">
            {booking.cancelReason ?? t("noReason")}
          </span>
        </Fact>
      )}
      {clientTime !== null && (
        <Fact term={t("clientTime")}>
          {clientTime.time} <span className="text-ink-muted">({clientTime.place})</span>
        </Fact>
      )}
      <Fact term={t("email")}>
        {client.email === null ? (
          <span className="text-ink-muted">{t("noEmail")}</span>
        ) : (
          <a className="underline underline-offset-2" href={`mailto:${encodeURIComponent(client.email)}`}>
            {client.email}
          </a>
        )}
      </Fact>
      {client.phone !== null && (
        <Fact term={t("phone")}>
          <a className="underline underline-offset-2" href={`tel:${client.phone.replace(/[^\d+*#]/g, "")}`}>
            {client.phone}
          </a>
        </Fact>
      )}
      {booking.address !== null && <Fact term={t("address")}>{booking.address}</Fact>}
      <Fact term={t("kind")}>{tKinds(booking.kind)}</Fact>
      {price !== null && (
        <Fact term={t("price")}>
          {format.number(price.amount, { style: "currency", currency: price.currency })}
        </Fact>
      )}
      <Fact term={t("booked")}>
        {t(`source.${booking.source}`)}
        <span className="text-ink-muted">, {format.dateTime(new Date(booking.createdAt), MOMENT)}</span>
      </Fact>
      {booking.instructions !== null && (
        <Fact className="sm:col-span-2" term={t("instructions")}>
          <span className="whitespace-pre-line">{booking.instructions}</span>
        </Fact>
      )}
    </dl>
  );
}

interface FactProps {
  term: string;
  className?: string;
  children: ReactNode;
}

function Fact({ term, className, children }: FactProps) {
  return (
    <div className={className}>
      <dt className="text-xs text-ink-muted">{term}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </div>
  );
}
