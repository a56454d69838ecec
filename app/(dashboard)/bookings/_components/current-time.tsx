import { useBookingWords } from "@/app/(dashboard)/bookings/_components/use-booking-words";
import type { Booking } from "@/app/(dashboard)/bookings/booking";

export function CurrentTime({ booking }: { booking: Booking }) {
  const { day, hours } = useBookingWords(booking);
  return (
    <time dateTime={booking.start}>
      {day}, {hours}
    </time>
  );
}
