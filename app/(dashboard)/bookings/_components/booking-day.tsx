import { useFormatter, useTranslations } from "next-intl";
import { BookingLine } from "@/app/(dashboard)/bookings/_components/booking-line";
import type { Booking } from "@/app/(dashboard)/bookings/booking";
import { startOfDay } from "@/lib/calendar/event-time";
import { daysBetween, type IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

interface BookingDayProps {
  day: IsoDate;
  today: IsoDate;
  bookings: Booking[];
  timeZone: TimeZoneId;
}

/** The bookings of one day, below its name. */
export function BookingDay({ day, today, bookings, timeZone }: BookingDayProps) {
  const t = useTranslations("bookings.day");
  const format = useFormatter();
  const distance = daysBetween(today, day);
  const sameYear = day.slice(0, 4) === today.slice(0, 4);
  const date = format.dateTime(startOfDay(day, timeZone), {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(sameYear ? {} : { year: "numeric" }),
  });
  const near = { "-1": "yesterday", 0: "today", 1: "tomorrow" } as const;
  const name = near[String(distance) as keyof typeof near];
  return (
    <section aria-labelledby={`day-${day}`}>
      <h2 className="mb-2 px-1 text-sm font-semibold first-letter:uppercase" id={`day-${day}`}>
        {name === undefined ? date : `${t(name)}, ${date}`}
      </h2>
      <ul className="divide-y overflow-hidden rounded-card border bg-surface shadow-card">
        {bookings.map((booking) => (
          <BookingLine booking={booking} key={booking.id} />
        ))}
      </ul>
    </section>
  );
}
