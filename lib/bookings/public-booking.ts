import { eq } from "drizzle-orm";
import { bookings, services as offers } from "@/db/schema/bookings";
import { type BookingRow, type Client, clientOf, type Price, priceOf } from "@/lib/bookings/booking-view";
import type { PublicVisit } from "@/lib/bookings/public-gate";
import { cardOf, type ProviderCard } from "@/lib/bookings/public-provider";
import type { ServiceRow } from "@/lib/bookings/services";
import { notFound } from "@/lib/platform/errors";

/** A booking as its client sees it: theirs, without what its provider's calendars have to do with it. */
export interface ClientBooking {
  id: string;
  provider: ProviderCard;
  serviceName: string;
  /** To book another time; null where the service is no longer offered. */
  serviceSlug: string | null;
  horizonDays: number;
  kind: BookingRow["kind"];
  status: BookingRow["status"];
  start: string;
  end: string;
  timeZone: string;
  locale: string;
  client: Client;
  location: string | null;
  address: string | null;
  instructions: string | null;
  price: Price | null;
  version: number;
  /** Whether its client may still move or cancel it. */
  changeable: boolean;
  cancelledBy: BookingRow["cancelledBy"];
  cancelReason: string | null;
}

/** The booking a visit by link is about. */
export async function readClientBooking(
  { provider, ctx }: PublicVisit,
  bookingId: string,
): Promise<ClientBooking> {
  const [row] = await ctx.db
    .select({ booking: bookings, offer: offers })
    .from(bookings)
    .innerJoin(offers, eq(offers.id, bookings.serviceId))
    .where(eq(bookings.id, bookingId));
  if (row === undefined || row.booking.userId !== ctx.userId) throw notFound("booking");
  return { provider: cardOf(provider), ...viewForClient(row.booking, row.offer, ctx.now) };
}

function viewForClient(booking: BookingRow, offer: ServiceRow, now: Date): Omit<ClientBooking, "provider"> {
  const { kind, status, timeZone, locale, address, instructions, version } = booking;
  return {
    id: booking.id,
    serviceName: offer.name,
    serviceSlug: offer.active && offer.deletedAt === null ? offer.slug : null,
    horizonDays: offer.horizonDays,
    kind,
    status,
    start: booking.startsAt.toISOString(),
    end: booking.endsAt.toISOString(),
    timeZone,
    locale,
    client: clientOf(booking),
    location: offer.location,
    address,
    instructions,
    price: priceOf(booking),
    version,
    changeable: status === "confirmed" && booking.startsAt > now,
    cancelledBy: booking.cancelledBy,
    cancelReason: booking.cancelReason,
  };
}
