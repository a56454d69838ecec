import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "@/app/_components/cn";
import { usePrice } from "@/app/_components/public/service-facts";
import { useTimeWords } from "@/app/_components/public/use-time-words";
import type { ClientBooking } from "@/lib/bookings/public-booking";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

/** What was booked: when, what, with whom, where, for how much. */
export function BookingFacts({ booking, zone }: { booking: ClientBooking; zone: TimeZoneId }) {
  const t = useTranslations("publicBooking.booking");
  const priceOf = usePrice();
  const words = useTimeWords(zone);
  const [start, end] = [new Date(booking.start), new Date(booking.end)];
  const cancelled = booking.status === "cancelled";
  const { price, location, address, instructions, client, provider } = booking;
  const place = address ?? location;
  return (
    <dl className="border-t px-5 py-2 sm:px-8">
      <Fact label={t("when")}>
        <span
          className={cn("block text-lg font-semibold first-letter:uppercase", cancelled && "line-through")}
        >
          {words.dayOfYear(start)}
        </span>
        <span className={cn("block tabular-nums", cancelled && "line-through")}>
          {words.hours(start, end)}
        </span>
        <span className="block text-sm text-ink-muted">{t("zone", { zone: words.zone(start) })}</span>
      </Fact>
      <Fact label={t("what")}>{booking.serviceName}</Fact>
      <Fact label={t("who")}>{provider.name}</Fact>
      {place !== null && (
        <Fact label={t("where")}>
          {address !== null && <span className="block text-sm text-ink-muted">{t("yourAddress")}</span>}
          {place}
        </Fact>
      )}
      {price !== null && <Fact label={t("price")}>{priceOf(price)}</Fact>}
      <Fact label={t("for")}>{client.name}</Fact>
      {instructions !== null && (
        <Fact label={t("instructions")}>
          <span className="whitespace-pre-line">{instructions}</span>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 py-3 not-first:border-t sm:grid-cols-[9rem_minmax(0,1fr)]">
      <dt className="text-sm text-ink-muted sm:pt-0.5">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
