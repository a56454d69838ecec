import { useCalendarProducts } from "@/app/_components/provider-name";
import type { BookingEvent } from "@/app/(dashboard)/bookings/booking";
import { eventLabels } from "@/app/(dashboard)/bookings/event-labels";

/** Short names of the calendars a booking is in, in the reader's language. */
export function useEventLabels(
  events: readonly Pick<BookingEvent, "name" | "account" | "provider">[],
): string[] {
  return eventLabels(events, useCalendarProducts());
}
