import { and, eq, isNull } from "drizzle-orm";
import { bookings } from "@/db/schema/bookings";
import { memberships, users } from "@/db/schema/users";
import { linkHashOf } from "@/lib/bookings/booking-link";
import type { Services } from "@/lib/connections/services";
import type { AuthorizedOrganizationId, AuthorizedUserId, Ctx } from "@/lib/organizations/context";
import { HANDLE } from "@/lib/organizations/handles";
import { notFound } from "@/lib/platform/errors";

/** Whose public page somebody looks at. */
export interface PublicProvider {
  userId: string;
  handle: string;
  name: string;
  timeZone: string;
  locale: string;
}

/** A provider, met without an account, and the context in which public verbs work for them. */
export interface PublicVisit {
  provider: PublicProvider;
  /** Good for public verbs alone: `requireScope` refuses its actor whatever is asked. */
  ctx: Ctx;
}

const PROVIDER = {
  userId: users.id,
  handle: users.handle,
  name: users.name,
  timeZone: users.timeZone,
  locale: users.locale,
  organizationId: memberships.organizationId,
};

/** The gate of `/book/{handle}`. Throws the same `not_found` for handles nobody has and for disabled users. */
export async function visitProvider(services: Services, handle: string, now: Date): Promise<PublicVisit> {
  const [row] = HANDLE.test(handle)
    ? await services.db
        .select(PROVIDER)
        .from(users)
        .innerJoin(memberships, eq(memberships.userId, users.id))
        .where(and(eq(users.handle, handle), isNull(users.disabledAt)))
    : [];
  if (row === undefined) throw notFound("booking page");
  return toVisit(services, row, null, now);
}

/** The gate of a client's link. Throws the same `not_found` for every token that leads nowhere. */
export async function visitByLink(
  services: Services,
  token: string,
  now: Date,
): Promise<PublicVisit & { bookingId: string }> {
  const linkHash = linkHashOf(token);
  const [row] =
    linkHash === null
      ? []
      : await services.db
          .select({ ...PROVIDER, bookingId: bookings.id })
          .from(bookings)
          .innerJoin(users, eq(users.id, bookings.userId))
          .innerJoin(memberships, eq(memberships.userId, users.id))
          .where(and(eq(bookings.linkHash, linkHash), isNull(users.disabledAt)));
  if (row === undefined) throw notFound("booking");
  return { ...toVisit(services, row, row.bookingId, now), bookingId: row.bookingId };
}

function toVisit(
  { db }: Services,
  row: PublicProvider & { organizationId: string },
  bookingId: string | null,
  now: Date,
): PublicVisit {
  const { userId, handle, name, timeZone, locale } = row;
  return {
    provider: { userId, handle, name, timeZone, locale },
    ctx: {
      db,
      now,
      actor: { type: "client", bookingId },
      userId: userId as AuthorizedUserId,
      organizationId: row.organizationId as AuthorizedOrganizationId,
      role: "provider",
    },
  };
}
