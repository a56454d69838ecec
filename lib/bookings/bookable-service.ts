import { and, eq, isNull } from "drizzle-orm";
import type { Db } from "@/db/client";
import { services } from "@/db/schema/bookings";
import { users } from "@/db/schema/users";
import type { ServiceRow } from "@/lib/bookings/services";
import type { Ctx } from "@/lib/organizations/context";
import { notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";

/** A service that can be booked, with the zone and language of who offers it. */
export interface BookableService extends ServiceRow {
  provider: { timeZone: string; locale: string };
}

/**
 * One of this person's services. One that is switched off is not offered, and can be booked by its provider alone.
 * Throws the same `not_found` for what is not there, not theirs, or not for this caller.
 */
export async function loadBookableService(
  db: Db,
  { userId, actor }: Pick<Ctx, "userId" | "actor">,
  id: string,
): Promise<BookableService> {
  if (!isId(id)) throw notFound("service");
  const [row] = await db
    .select({ service: services, provider: { timeZone: users.timeZone, locale: users.locale } })
    .from(services)
    .innerJoin(users, eq(users.id, services.userId))
    .where(
      and(
        eq(services.id, id),
        eq(services.userId, userId),
        actor.type === "client" ? services.active : undefined,
        isNull(services.deletedAt),
        isNull(users.disabledAt),
      ),
    );
  if (row === undefined) throw notFound("service");
  return { ...row.service, provider: row.provider };
}
