import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { fallsShort, projectedShare, SHORT_FROM, utcDay } from "@/lib/calendar/request-pressure";
import { LONGEST_SYNC_INTERVAL_MS, SYNC_INTERVAL_MS } from "@/lib/calendar/schedule";
import { isReadable } from "@/lib/connections/read-calendars";
import type { RequestBudgets } from "@/lib/connections/request-ledger";
import { hasVerifiedWatch } from "@/lib/connections/verified-watch";
import type { Vendor } from "@/lib/providers/calendar-provider";

export interface BudgetState {
  vendor: Vendor;
  /** Of this UTC day. */
  requests: number;
  budget: number;
  /** What the whole day will use up, as a share of the budget. */
  share: number;
  /** Even with every pushed calendar asked as seldom as may be, the day needs more than there is. */
  short: boolean;
}

/** Where the installation stands with each vendor that has a budget. */
export async function readBudgets(db: Db, { vendors }: RequestBudgets, now: Date): Promise<BudgetState[]> {
  const rows = await db.execute<{ provider: string; requests: number }>(sql`
    select provider, sum(requests)::float8 as requests
    from vendor_requests where day = ${utcDay(now)}::date group by provider
  `);
  const states: BudgetState[] = [];
  for (const [vendor, budget] of Object.entries(vendors) as [Vendor, number | null][]) {
    if (budget === null) continue;
    const requests = rows.find(({ provider }) => provider === vendor)?.requests ?? 0;
    const share = projectedShare({ requests, budget, now });
    const short =
      share >= SHORT_FROM && fallsShort({ requests, budget, now }, await leastPerDay(db, vendor, now));
    states.push({ vendor, requests, budget, share, short });
  }
  return states;
}

const DAY_MS = 86_400_000;

/** Requests a day if each calendar took one request at each of its turns, as one without changes does. */
async function leastPerDay(db: Db, vendor: Vendor, now: Date): Promise<number> {
  const [row] = await db.execute<{ pushed: number; polled: number }>(sql`
    select count(*) filter (where pushed)::int as pushed, count(*) filter (where not pushed)::int as polled
    from (
      select ${hasVerifiedWatch(now)} as pushed
      from calendars c join calendar_connections k on k.id = c.connection_id
      where k.provider = ${vendor} and k.auto_sync_enabled and ${isReadable()}
    ) counted
  `);
  const { pushed = 0, polled = 0 } = row ?? {};
  return pushed * (DAY_MS / LONGEST_SYNC_INTERVAL_MS) + polled * (DAY_MS / SYNC_INTERVAL_MS);
}

/** People whose calendars are read less often today, because their own budget is used up. */
export async function countOverBudget(db: Db, { person }: RequestBudgets, now: Date): Promise<number> {
  const [row] = await db.execute<{ persons: number }>(sql`
    select count(distinct v.user_id)::int as persons
    from vendor_requests v join users u on u.id = v.user_id
    where v.day = ${utcDay(now)}::date and v.requests > ${person}
  `);
  return row?.persons ?? 0;
}
