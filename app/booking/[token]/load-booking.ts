import { cache } from "react";
import { orNotFound } from "@/app/_components/public/or-not-found";
import { runtime } from "@/inngest/runtime";
import { findBookingByLink } from "@/lib/bookings/public-pages";

/** The booking behind a link, asked of the database once per request; else the page for what is not there. */
export const loadBooking = cache(async (token: string) => {
  const { services } = runtime();
  const now = services.clock.now();
  const booking = await orNotFound(findBookingByLink(services, token, now));
  const isPast = new Date(booking.start) <= now;
  return { ...booking, isPast, canChange: booking.status === "confirmed" && !isPast };
});

export type LinkedBooking = Awaited<ReturnType<typeof loadBooking>>;
