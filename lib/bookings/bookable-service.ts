import { and, eq, isNull } from "drizzle-orm";
import type { Db } from "@/db/client";
import { services } from "@/db/schema/bookings";
import { users } from "@/db/schema/users";
import { notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";

type ServiceRow = typeof services.$inferSelect;

/** A service that can be booked, with the zone and language of who offers it. */
export interface BookableService extends ServiceRow {
  provider: { timeZone: string; locale: string };
}

/** One of this person's services. Deleted, switched off, unknown and somebody else's throw the same `not_found`. */
export async function loadBookableService(db: Db, userId: string, id: string): Promise<BookableService> {
  if (!isId(id)) throw notFound("service");
  const [row] = await db
    .select({ service: services, provider: { timeZone: users.timeZone, locale: users.locale } })
    .from(services)
    .innerJoin(users, eq(users.id, services.userId))
    .where(
      and(
        eq(services.id, id),
        eq(services.userId, userId),
        services.active,
        isNull(services.deletedAt),
        isNull(users.disabledAt),
      ),
    );
  if (row === undefined) throw notFound("service");
  return { ...row.service, provider: row.provider };
}
