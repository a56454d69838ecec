import { and, eq, sql } from "drizzle-orm";
import { calendarConnections } from "@/db/schema/connections";
import { users } from "@/db/schema/users";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";
import type { Services } from "@/lib/connections/services";
import { localeOf } from "@/lib/mail/booking-mail";
import type { ClaimedMail } from "@/lib/mail/claim";
import type { ConnectionMail } from "@/lib/mail/mail-content";
import type { DropReason } from "@/lib/mail/outcomes";
import { isMailAddress, type MailAddress } from "@/lib/platform/mail-address";

type Prepared = { drop: DropReason; all: boolean } | { to: MailAddress; content: ConnectionMail };

/** What a reminder of a dead connection says, read now. */
export async function prepareConnectionMail(
  { db, appOrigin }: Services,
  mail: ClaimedMail & { connectionId: string },
): Promise<Prepared> {
  const [found] = await db
    .select({ connection: calendarConnections, user: users })
    .from(calendarConnections)
    .innerJoin(users, eq(users.id, calendarConnections.userId))
    .where(and(eq(calendarConnections.id, mail.connectionId), eq(users.id, mail.userId)));
  if (found === undefined) return { drop: "gone", all: false };
  const { connection, user } = found;
  const { reconnectReason: reason, reconnectSince: since, provider: vendor } = connection;
  if (connection.disconnectingAt !== null) return { drop: "disconnected", all: false };
  if (reason === null || since === null) return { drop: "reconnected", all: false };
  if (user.disabledAt !== null) return { drop: "disabled", all: false };
  if (!isMailAddress(user.email)) return { drop: "no_address", all: false };
  return {
    to: { name: user.name, address: user.email },
    content: {
      template: "connection_dead",
      locale: localeOf(user.locale),
      timeZone: parseTimeZone(user.timeZone) ?? UTC,
      vendor,
      accountEmail: connection.accountEmail,
      since,
      reason,
      missingBookings: await countMissing(db, connection.id, since),
      link: `${appOrigin}/integrations#integration-${connection.id}`,
    },
  };
}

/** Bookings made since then that wait to be written into one of its calendars. */
async function countMissing(db: Services["db"], connectionId: string, since: Date): Promise<number> {
  const [row] = await db.execute<{ missing: number }>(sql`
    select count(distinct b.id)::int as missing
    from calendar_exported_bookings x join bookings b on b.id = x.booking_id
    where x.connection_id = ${connectionId} and x.desired = 'present' and x.wanted_seq > x.done_seq
      and b.status = 'confirmed' and b.created_at >= ${since.toISOString()}::timestamptz
  `);
  return row?.missing ?? 0;
}
