import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { cronClaims } from "@/db/schema/work";

/** Further ahead than another process's clock runs: claimed by a clock that has gone back since. */
const AHEAD = sql.raw("interval '2 minutes'");

const latestOfNow = (now: Date) => sql`${now.toISOString()}::timestamptz + ${AHEAD}`;

/**
 * Whether a cron firing is this process's: of all that ask, one is told so. After the clock went back, what was fired at
 * the same times before counts no more, or the schedule would stand still until the old time is reached again.
 */
export async function claimCron(
  db: Db,
  { functionId, scheduledAt, now }: { functionId: string; scheduledAt: Date; now: Date },
): Promise<boolean> {
  await db.execute(sql`
    delete from cron_claims
    where function_id = ${functionId} and scheduled_at >= ${scheduledAt.toISOString()}::timestamptz
      and exists (
        select from cron_claims c where c.function_id = ${functionId} and c.scheduled_at > ${latestOfNow(now)}
      )
  `);
  const claimed = await db
    .insert(cronClaims)
    .values({ functionId, scheduledAt })
    .onConflictDoNothing()
    .returning({ functionId: cronClaims.functionId });
  return claimed.length === 1;
}

/** The same for firings whose turn is far between: tomorrow's must not count as done because of yesterday's wrong clock. */
export async function forgetClaimsAhead(db: Db, now: Date): Promise<void> {
  await db.execute(sql`delete from cron_claims where scheduled_at > ${latestOfNow(now)}`);
}
