import { useFormatter } from "next-intl";
import type { Booking } from "@/app/(dashboard)/bookings/booking";

const HOURS = { hour: "2-digit", minute: "2-digit" } as const;
const DAY = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;
const SHORT_DAY = { weekday: "short", day: "numeric", month: "short" } as const;

interface BookingWords {
  hours: string;
  day: string;
  /** What the client's clock shows, when it shows something else. */
  clientTime: { time: string; place: string } | null;
}

/** When a booking is, in the reader's zone and, where it differs, in its client's. */
export function useBookingWords({
  start,
  end,
  timeZone,
}: Pick<Booking, "start" | "end" | "timeZone">): BookingWords {
  const format = useFormatter();
  const [from, to] = [new Date(start), new Date(end)];
  const local = { ...HOURS, ...SHORT_DAY };
  const there = format.dateTime(from, { ...local, timeZone });
  return {
    hours: format.dateTimeRange(from, to, HOURS),
    day: format.dateTime(from, DAY),
    clientTime: there === format.dateTime(from, local) ? null : { time: there, place: placeOf(timeZone) },
  };
}

/** `America/New_York` is New York. */
function placeOf(timeZone: string): string {
  return timeZone.slice(timeZone.lastIndexOf("/") + 1).replaceAll("_", " ");
}
