import { sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { sqlState } from "@/db/transaction";
import { projectedShare, utcDay } from "@/lib/calendar/request-pressure";
import type { Clock } from "@/lib/platform/clock";
import type { OutboundRecord } from "@/lib/platform/http";
import { describeError, log } from "@/lib/platform/log";
import { metrics } from "@/lib/platform/metrics";
import type { Vendor } from "@/lib/providers/calendar-provider";

/** How many requests a UTC day allows. Null: nobody set a limit. */
export interface RequestBudgets {
  vendors: Readonly<Record<Vendor, number | null>>;
  person: number;
}

/** What vendors are asked: counted by person and day, and weighed against the budgets. One per process. */
export interface RequestLedger {
  readonly budgets: RequestBudgets;
  /** The door's observer. */
  count(record: OutboundRecord): void;
  /** How short requests are for this person at this vendor: the share of a budget the day will use up. */
  pressure(vendor: Vendor, userId: string): number;
  /** Writes what was counted and reads where all processes together stand. Never throws. */
  flush(): Promise<void>;
}

/** Stands for requests nobody's token made. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

interface Tally {
  provider: Vendor;
  userId: string;
  day: string;
  requests: number;
  failures: number;
  limited: number;
}

interface Standing {
  day: string;
  vendors: Map<string, number>;
  /** Those beyond their budget alone, so that it stays small. */
  persons: Map<string, number>;
}

export function createRequestLedger(options: {
  db: Database;
  clock: Clock;
  budgets: RequestBudgets;
}): RequestLedger {
  const { db, clock, budgets } = options;
  let pending = new Map<string, Tally>();
  let standing: Standing = { day: "", vendors: new Map(), persons: new Map() };
  let flushing: Promise<void> | null = null;

  const write = async () => {
    const taken = pending;
    pending = new Map();
    try {
      await add(db, [...taken.values()]);
    } catch (error) {
      // An answer with a code says that nothing was written. Without one it may have been: lost, but never double.
      if (sqlState(error) !== null) for (const tally of taken.values()) merge(pending, tally);
      log.warn({ event: "requests.uncounted", err: describeError(error) });
      return;
    }
    standing = await read(db, utcDay(clock.now()), budgets.person).catch(() => standing);
  };

  return {
    budgets,
    count: (record) => {
      const outcome = outcomeOf(record);
      metrics().count("entente_vendor_requests_total", { vendor: record.vendor, outcome });
      const seconds = record.durationMs / 1000;
      metrics().observe("entente_vendor_request_duration_seconds", { vendor: record.vendor }, seconds);
      merge(pending, {
        provider: record.vendor,
        userId: record.person ?? NOBODY,
        day: utcDay(clock.now()),
        requests: 1,
        failures: outcome === "ok" ? 0 : 1,
        limited: outcome === "limited" ? 1 : 0,
      });
    },
    pressure: (vendor, userId) => {
      const now = clock.now();
      if (standing.day !== utcDay(now)) return 0;
      const budget = budgets.vendors[vendor];
      const requests = standing.vendors.get(vendor) ?? 0;
      const installation = budget === null ? 0 : projectedShare({ requests, budget, now });
      return Math.max(installation, (standing.persons.get(`${vendor} ${userId}`) ?? 0) / budgets.person);
    },
    flush: async () => {
      flushing ??= write().finally(() => {
        flushing = null;
      });
      await flushing;
    },
  };
}

/** A short list, so that it can be a label. 403 is a limit at Google only with a reason the door does not read. */
function outcomeOf({ status, fault }: OutboundRecord): string {
  if (fault !== null) return fault;
  if (status === null) return "network";
  if (status === 429) return "limited";
  if (status < 400 || status === 404 || status === 410 || status === 412) return "ok";
  return status >= 500 ? "server_error" : "refused";
}

function merge(into: Map<string, Tally>, { requests, failures, limited, ...key }: Tally): void {
  const id = `${key.provider} ${key.userId} ${key.day}`;
  const known = into.get(id) ?? { ...key, requests: 0, failures: 0, limited: 0 };
  known.requests += requests;
  known.failures += failures;
  known.limited += limited;
  into.set(id, known);
}

/** One statement, in the order of the key, so that two processes never wait for each other crosswise. */
async function add(db: Database, tallies: readonly Tally[]): Promise<void> {
  if (tallies.length === 0) return;
  await db.execute(sql`
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

async function read(db: Database, day: string, personBudget: number): Promise<Standing> {
  const rows = await db.execute<{ provider: string; userId: string | null; requests: number }>(sql`
    select provider, null::uuid as "userId", sum(requests)::float8 as requests
    from vendor_requests where day = ${day}::date
    group by provider
    union all
    select provider, user_id, requests::float8
    from vendor_requests
    where day = ${day}::date and requests > ${personBudget} and user_id <> ${NOBODY}::uuid
  `);
  const standing: Standing = { day, vendors: new Map(), persons: new Map() };
  for (const { provider, userId, requests } of rows) {
    if (userId === null) standing.vendors.set(provider, requests);
    else standing.persons.set(`${provider} ${userId}`, requests);
  }
  return standing;
}
