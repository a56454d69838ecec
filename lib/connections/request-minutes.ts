import { sql } from "drizzle-orm";
import type { Db, Tx } from "@/db/client";
import { HOLD_BACK_FROM, type MinuteQuotas } from "@/lib/connections/request-quotas";
import type { Vendor } from "@/lib/providers/calendar-provider";

const MINUTE_MS = 60_000;
const KEPT_MS = 60 * MINUTE_MS;

/** Below this share of a person's quota nobody needs to know what other processes asked for them. */
const NOTABLE_FROM = 0.1;

export interface MinuteTally {
  provider: Vendor;
  userId: string;
  /** Its start. */
  minute: string;
  requests: number;
  limited: number;
}

export function minuteOf(now: Date): string {
  return new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS).toISOString();
}

/** In the order of the key, so that two processes never wait for each other crosswise. */
export async function addMinutes(tx: Tx, tallies: readonly MinuteTally[]): Promise<void> {
  if (tallies.length === 0) return;
  await tx.execute(sql`
    insert into vendor_request_minutes as v (provider, minute, user_id, requests, limited)
    select provider, minute, "userId", requests, limited
    from jsonb_to_recordset(${JSON.stringify(tallies)}::jsonb) as t(
      provider text, minute timestamptz, "userId" uuid, requests int, limited int
    )
    order by provider, minute, "userId"
    on conflict (provider, minute, user_id) do update
    set requests = v.requests + excluded.requests, limited = v.limited + excluded.limited
  `);
}

/** What is older than an hour, or was written by a clock that far ahead. Two processes do not wait for each other. */
export async function forgetMinutes(db: Db, now: Date): Promise<void> {
  const at = (ms: number) => sql`${new Date(now.getTime() + ms).toISOString()}::timestamptz`;
  await db.execute(sql`
    delete from vendor_request_minutes
    where ctid = any(array(
      select ctid from vendor_request_minutes
      where minute < ${at(-KEPT_MS)} or minute > ${at(KEPT_MS)}
      for update skip locked
    ))
  `);
}

export interface MinuteStanding extends Record<string, unknown> {
  provider: Vendor;
  /** Null: of all together. */
  userId: string | null;
  minute: string;
  requests: number;
}

/** This minute and the one before: all of a vendor together, and the people who are asked for often. */
export async function readMinutes(db: Db, quotas: MinuteQuotas, now: Date): Promise<MinuteStanding[]> {
  const since = sql`${minuteOf(new Date(now.getTime() - MINUTE_MS))}::timestamptz`;
  const until = sql`${minuteOf(now)}::timestamptz`;
  const notable = JSON.stringify(
    Object.entries(quotas).flatMap(([provider, quota]) =>
      quota === null ? [] : [{ provider, least: Math.ceil(quota.person * HOLD_BACK_FROM * NOTABLE_FROM) }],
    ),
  );
  return db.execute<MinuteStanding>(sql`
    with found as (
      select provider, user_id, minute, requests from vendor_request_minutes where minute between ${since} and ${until}
    )
    select provider, null::uuid as "userId", to_char(minute at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"') as minute,
      sum(requests)::float8 as requests
    from found group by provider, minute
    union all
    select f.provider, f.user_id, to_char(f.minute at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"'), f.requests::float8
    from found f join jsonb_to_recordset(${notable}::jsonb) as n(provider text, least int)
      on n.provider = f.provider and f.requests >= n.least
  `);
}
