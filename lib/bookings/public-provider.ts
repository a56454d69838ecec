import { and, asc, eq, isNull } from "drizzle-orm";
import { services as offers } from "@/db/schema/bookings";
import { type Price, priceOf } from "@/lib/bookings/booking-view";
import { type PublicProvider, type PublicVisit, visitProvider } from "@/lib/bookings/public-gate";
import type { ServiceRow } from "@/lib/bookings/services";
import type { Services } from "@/lib/connections/services";
import { notFound } from "@/lib/platform/errors";

/** A provider as anybody may see them. Their address is not for everybody. */
export type ProviderCard = Omit<PublicProvider, "userId">;

/** A service as anybody may see it: what it is, not how it is planned. */
export interface ServiceCard {
  slug: string;
  kind: ServiceRow["kind"];
  name: string;
  durationMinutes: number;
  location: string | null;
  price: Price | null;
  horizonDays: number;
}

const SLUG = /^[a-z0-9-]{1,64}$/;

/** What `/book/{handle}` shows. Throws `not_found`. */
export async function findPublicProvider(
  services: Services,
  handle: string,
  now: Date,
): Promise<ProviderCard & { services: ServiceCard[] }> {
  const visit = await visitProvider(services, handle, now);
  const rows = await services.db
    .select()
    .from(offers)
    .where(offered(visit))
    .orderBy(asc(offers.createdAt), asc(offers.id));
  return { ...cardOf(visit.provider), services: rows.map(serviceCard) };
}

/** What `/book/{handle}/{service}` shows. Unknown, deleted and switched off throw the same `not_found`. */
export async function findPublicService(
  services: Services,
  handle: string,
  slug: string,
  now: Date,
): Promise<{ provider: ProviderCard; service: ServiceCard }> {
  const visit = await visitProvider(services, handle, now);
  const service = await loadOffered(visit, slug);
  return { provider: cardOf(visit.provider), service: serviceCard(service) };
}

/** For public verbs: the row behind a slug of a provider's page. */
export async function loadOffered(visit: PublicVisit, slug: string): Promise<ServiceRow> {
  const [row] = SLUG.test(slug)
    ? await visit.ctx.db
        .select()
        .from(offers)
        .where(and(offered(visit), eq(offers.slug, slug)))
    : [];
  if (row === undefined) throw notFound("booking page");
  return row;
}

function offered({ ctx }: PublicVisit) {
  return and(eq(offers.userId, ctx.userId), offers.active, isNull(offers.deletedAt));
}

export function cardOf({ userId: _, ...card }: PublicProvider): ProviderCard {
  return card;
}

function serviceCard(row: ServiceRow): ServiceCard {
  const { slug, kind, name, durationMinutes, location, horizonDays } = row;
  return { slug, kind, name, durationMinutes, location, price: priceOf(row), horizonDays };
}
