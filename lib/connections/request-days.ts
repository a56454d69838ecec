import { sql } from "drizzle-orm";
import type { Db, Tx } from "@/db/client";
import type { Vendor } from "@/lib/providers/calendar-provider";

/** Stands for requests nobody's token made. */
export const NOBODY = "00000000-0000-0000-0000-000000000000";

export interface DayTally {
  provider: Vendor;
  userId: string;
  day: string;
  requests: number;
  failures: number;
  limited: number;
}

export interface DayStanding {
  day: string;
  vendors: Map<string, number>;
  /** Those beyond their budget alone, so that it stays small. */
  persons: Map<string, number>;
}

/** One statement, in the order of the key, so that two processes never wait for each other crosswise. */
export async function addDays(tx: Tx, tallies: readonly DayTally[]): Promise<void> {
  if (tallies.length === 0) return;
  await tx.execute(sql`
    insert into vendor_requests as v (provider, user_id, day, requests, failures, limited)
    select provider, "userId", day, requests, failures, limited
    from jsonb_to_recordset(${JSON.stringify(tallies)}::jsonb) as t(
      provider text, "userId" uuid, day date, requests int, failures int, limited int
    )
    order by provider, "userId", day
    on conflict (provider, user_id, day) do update
    set requests = v.requests + excluded.requests, failures = v.failures + excluded.failures,
      limited = v.limited + excluded.limited
  `);
}

export async function readDay(db: Db, day: string, personBudget: number): Promise<DayStanding> {
  const rows = await db.execute<{ provider: string; userId: string | null; requests: number }>(sql`
    select provider, null::uuid as "userId", sum(requests)::float8 as requests
    from vendor_requests where day = ${day}::date
    group by provider
    union all
    select provider, user_id, requests::float8
    from vendor_requests
    where day = ${day}::date and requests > ${personBudget} and user_id <> ${NOBODY}::uuid
  `);
  const standing: DayStanding = { day, vendors: new Map(), persons: new Map() };
  for (const { provider, userId, requests } of rows) {
    if (userId === null) standing.vendors.set(provider, requests);
    else standing.persons.set(`${provider} ${userId}`, requests);
  }
  return standing;
}
