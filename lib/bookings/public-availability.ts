import { availableSlots, slotRange } from "@/lib/bookings/availability";
import { loadForChange, rulesOf } from "@/lib/bookings/change-booking";
import { visitByLink, visitProvider } from "@/lib/bookings/public-gate";
import { loadOffered } from "@/lib/bookings/public-provider";
import type { Services } from "@/lib/connections/services";

/** Free slots and nothing else: not why others are taken, nor how that is known. */
export interface PublicSlots {
  slots: { start: string; end: string }[];
}

interface Asked {
  from?: Date | undefined;
  to?: Date | undefined;
}

/** When a service of a public page can be booked. Throws `not_found`, `range_too_far`, `invalid_input`. */
export async function publicAvailability(
  services: Services,
  { handle, slug, ...asked }: { handle: string; slug: string } & Asked,
  now: Date,
): Promise<PublicSlots> {
  const visit = await visitProvider(services, handle, now);
  const service = await loadOffered(visit, slug);
  const range = slotRange(service, asked, now);
  const { slots } = await availableSlots(services.db, { userId: visit.ctx.userId, service, range }, now);
  return { slots };
}

/** Where the booking behind a link could be moved to; its own time counts as free. Throws as `moveByLink`. */
export async function availabilityByLink(
  services: Services,
  token: string,
  asked: Asked,
  now: Date,
): Promise<PublicSlots> {
  const { ctx, bookingId } = await visitByLink(services, token, now);
  const rules = rulesOf(await loadForChange(ctx.db, ctx, bookingId, { moves: true }));
  const range = slotRange(rules, asked, now);
  const wish = { userId: ctx.userId, service: rules, range, exceptBookingId: bookingId };
  return { slots: (await availableSlots(services.db, wish, now)).slots };
}
