import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { FULL_FROM, type MinuteQuotas } from "@/lib/connections/request-quotas";
import type { Vendor } from "@/lib/providers/calendar-provider";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How a vendor's quota of requests a minute is used, all processes together. */
export interface MinuteState {
  vendor: Vendor;
  /** Of the last whole UTC minute. */
  requests: number;
  /** In it, of the person who was asked for most. */
  busiestPerson: number;
  project: number;
  person: number;
  /** Requests the vendor refused because of a limit, within the hour. */
  limited: number;
  /** The last minute was as full as we let it become, or the vendor refused. */
  tight: boolean;
}

export async function readMinuteStates(db: Db, quotas: MinuteQuotas, now: Date): Promise<MinuteState[]> {
  const last = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS - MINUTE_MS).toISOString();
  const hourAgo = new Date(now.getTime() - HOUR_MS).toISOString();
  const rows = await db.execute<{ provider: string; requests: number; busiest: number; limited: number }>(sql`
    select provider,
      coalesce(sum(requests) filter (where minute = ${last}::timestamptz), 0)::float8 as requests,
      coalesce(max(requests) filter (where minute = ${last}::timestamptz), 0)::float8 as busiest,
      coalesce(sum(limited), 0)::float8 as limited
    from vendor_request_minutes where minute between ${hourAgo}::timestamptz and ${now.toISOString()}::timestamptz
    group by provider
  `);
  return (Object.keys(quotas) as Vendor[]).flatMap((vendor) => {
    const quota = quotas[vendor];
    if (quota === null) return [];
    const { requests = 0, busiest = 0, limited = 0 } = rows.find(({ provider }) => provider === vendor) ?? {};
    const { project, person } = quota;
    const tight = limited > 0 || requests >= project * FULL_FROM || busiest >= person * FULL_FROM;
    return [{ vendor, requests, busiestPerson: busiest, project, person, limited, tight }];
  });
}
