import { eq } from "drizzle-orm";
import { bookings } from "@/db/schema/bookings";
import { bookSlot } from "@/lib/bookings/book-slot";
import { type ClientBookingInput, clientBookingInput } from "@/lib/bookings/booking-input";
import { openBookingLink } from "@/lib/bookings/booking-link";
import { type ClientBooking, readClientBooking } from "@/lib/bookings/public-booking";
import { visitProvider } from "@/lib/bookings/public-gate";
import { loadOffered } from "@/lib/bookings/public-provider";
import type { Services } from "@/lib/connections/services";
import { notFound } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/parse-input";

/**
 * Books a slot of a public page for a client, and answers the token of their link. The same form sent twice is one
 * booking and one link. Throws as `createBooking` does, without a word about whose time stands in the way.
 */
export async function bookAsClient(
  services: Services,
  input: ClientBookingInput,
  now: Date,
): Promise<{ token: string; booking: ClientBooking }> {
  const given = parseInput(clientBookingInput, input, "This booking cannot be made.");
  const { handle, slug, ...wish } = given;
  const visit = await visitProvider(services, handle, now);
  const service = await loadOffered(visit, slug);
  const id = await bookSlot(services, visit.ctx, { ...wish, serviceId: service.id }, service);
  const [row] = await services.db.select().from(bookings).where(eq(bookings.id, id));
  if (row === undefined) throw notFound("booking");
  const token = await openBookingLink(services.db, row, services.masterKeys);
  return { token, booking: await readClientBooking(visit, id) };
}
