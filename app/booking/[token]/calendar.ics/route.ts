import { problem, unexpected } from "@/app/_session/problem";
import { runtime } from "@/inngest/runtime";
import { bookingLinkPath } from "@/lib/bookings/booking-link";
import { findBookingByLink } from "@/lib/bookings/by-link";
import { calendarDownload } from "@/lib/mail/calendar-file";
import { asRefusal } from "@/lib/organizations/refusals";
import { notFound } from "@/lib/platform/errors";

interface FileContext {
  params: Promise<{ token: string }>;
}

/** A confirmed booking as a file for the client's own calendar. */
export async function GET(_: Request, { params }: FileContext): Promise<Response> {
  try {
    const { token } = await params;
    const { services } = runtime();
    const now = services.clock.now();
    const booking = await findBookingByLink(services, token, now);
    if (booking.status !== "confirmed") throw notFound("booking");
    const { appOrigin } = services;
    const content = calendarDownload(
      {
        ...booking,
        start: new Date(booking.start),
        end: new Date(booking.end),
        providerName: booking.provider.name,
        address: booking.address ?? booking.location,
        link: appOrigin + bookingLinkPath(token),
      },
      { id: booking.id, version: booking.version, appOrigin, now },
    );
    return new Response(content, {
      headers: {
        "Content-Type": "text/calendar; charset=utf-8; method=PUBLISH",
        "Content-Disposition": 'attachment; filename="booking.ics"',
      },
    });
  } catch (error) {
    const refusal = asRefusal(error);
    // The address itself would open the booking to whoever reads the log.
    return refusal === null ? unexpected(error, "/booking/[token]/calendar.ics") : problem(refusal);
  }
}
