import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { isLeased } from "@/db/lease";
import type { calendarConnections } from "@/db/schema/connections";
import { databaseNow } from "@/db/transaction";
import { SHORT_FROM } from "@/lib/calendar/request-pressure";
import type { Services } from "@/lib/connections/services";
import type { Ctx } from "@/lib/organizations/context";
import type { Clock } from "@/lib/platform/clock";
import { type Check, failed, ok, warning } from "@/lib/reporting/diagnosis";

const TOLERATED_SKEW_MS = 5_000;
const LATE_MS = 10 * 60_000;
const RECENT_TICK_MS = 5 * 60_000;

/** Leases run on the database's clock and everything else on ours: they must agree. */
export async function checkClock(db: Db, clock: Clock): Promise<Check> {
  const title = "Clocks";
  const skew = Math.abs((await databaseNow(db)).getTime() - clock.now().getTime());
  if (skew <= TOLERATED_SKEW_MS) return ok("clock", title, "This server and its database agree on the time.");
  const detail = `This server and its database differ by ${Math.round(skew / 1000)} seconds.`;
  return warning("clock", title, detail, "An administrator should synchronize both machines' clocks (NTP).");
}

/** A connection that dies is told by mail, days later too; without a server only the pages say it. */
export function checkMail({ mail }: Pick<Services, "mail">): Check {
  const title = "Mail";
  if (mail !== null) return ok("mail", title, "If this account ever has to be reconnected, you get a mail.");
  const detail =
    "This installation sends no mail, so nobody is told of bookings or of accounts to reconnect.";
  return warning("mail", title, detail, "An administrator should set SMTP_URL and MAIL_FROM.");
}

/** Whether anything of this connection has been due for longer than the schedule ever takes. */
export async function checkSchedule(
  ctx: Ctx,
  connection: Pick<
    typeof calendarConnections.$inferSelect,
    "id" | "autoSyncEnabled" | "importEnabled" | "reconnectReason"
  >,
  policyAllowed: boolean,
): Promise<Check> {
  const title = "Automatic sync";
  if (!connection.autoSyncEnabled) {
    return ok("schedule", title, "Switched off: this account is read when you press “Sync now”.");
  }
  const limit = new Date(ctx.now.getTime() - LATE_MS).toISOString();
  const [row] = await ctx.db.execute<{ late: boolean; tick: string | null }>(sql`
    select
      exists (
        select from calendars c
        where c.connection_id = ${connection.id} and c.user_id = ${ctx.userId} and c.selected
          and c.next_sync_at < ${limit}::timestamptz
          and (c.backoff_until is null or c.backoff_until < ${limit}::timestamptz)
          and not ${isLeased("c")}
      ) as late,
      (
        select (extract(epoch from max(scheduled_at)) * 1000)::bigint::text
        from cron_claims where function_id like '%sync-tick'
      ) as tick
  `);
  const read = connection.importEnabled && connection.reconnectReason === null && policyAllowed;
  if (row?.late && read) {
    const detail = "A calendar has been waiting for its turn for more than ten minutes.";
    return failed("schedule", title, detail, "An administrator should check that background jobs run.");
  }
  const sinceTick = ctx.now.getTime() - Number(row?.tick ?? 0);
  const ticking = sinceTick >= 0 && sinceTick <= RECENT_TICK_MS;
  return ok(
    "schedule",
    title,
    ticking ? `The schedule last ran ${Math.round(sinceTick / 1000)} seconds ago.` : "Nothing is overdue.",
  );
}

/** Short requests are no fault: what is pushed is read at once, and the rest a little less often. */
export function checkRequests(
  { requests }: Pick<Services, "requests">,
  { provider, userId }: Pick<typeof calendarConnections.$inferSelect, "provider" | "userId">,
): Check {
  const title = "Requests";
  if (!requests.hasRoom(provider, userId)) {
    const detail =
      "So much was asked of the provider within the last minute that scheduled reading waits for the next one.";
    return warning("requests", title, detail, "An administrator can ask the provider for a larger quota.");
  }
  const pressure = requests.pressure(provider, userId);
  if (pressure < SHORT_FROM) return ok("requests", title, "There are enough requests left for today.");
  const detail =
    "Today's requests are running short. Calendars with instant notifications are asked less often, at least every half hour.";
  return warning("requests", title, detail, "An administrator can ask the provider for a larger quota.");
}
