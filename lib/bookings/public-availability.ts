import { type Availability, availableSlots, slotRange } from "@/lib/bookings/availability";
import { loadForChange, rulesOf } from "@/lib/bookings/change-booking";
import { visitByLink, visitProvider } from "@/lib/bookings/public-gate";
import { loadOffered } from "@/lib/bookings/public-provider";
import type { Services } from "@/lib/connections/services";

/** Free slots and nothing else: not why others are taken, nor how that is known. */
export interface PublicSlots {
  slots: { start: string; end: string }[];
  /** False while a calendar that counts has never been read to its end: then no time is offered. */
  ready: boolean;
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
  return toPublic(await availableSlots(services.db, { userId: visit.ctx.userId, service, range }, now));
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
  return toPublic(await availableSlots(services.db, wish, now));
}

function toPublic({ slots, freshness }: Availability): PublicSlots {
  return { slots, ready: freshness.every(({ state }) => state !== "unknown") };
}
