import { cache } from "react";
import { orNotFound } from "@/app/_components/public/or-not-found";
import { runtime } from "@/inngest/runtime";
import { findBookingByLink } from "@/lib/bookings/by-link";

/** The booking behind a link, asked of the database once per request; else the page for what is not there. */
export const loadBooking = cache((token: string) => {
  const { services } = runtime();
  return orNotFound(findBookingByLink(services, token, services.clock.now()));
});
