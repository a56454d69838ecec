import type { Database } from "@/db/client";
import { sqlState, withTransaction } from "@/db/transaction";
import { projectedShare, utcDay } from "@/lib/calendar/request-pressure";
import { addDays, type DayStanding, type DayTally, NOBODY, readDay } from "@/lib/connections/request-days";
import { addMinutes, type MinuteTally, minuteOf } from "@/lib/connections/request-minutes";
import { createRequestPacer, type RequestPacer } from "@/lib/connections/request-pacer";
import type { MinuteQuota, MinuteQuotas } from "@/lib/connections/request-quotas";
import { createSharedMinutes } from "@/lib/connections/request-sharing";
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

/** What vendors are asked: counted by person, minute and day, and weighed against quotas and budgets. One per process. */
export interface RequestLedger extends Pick<RequestPacer, "admit" | "hasRoom" | "awaitRoom" | "spacing"> {
  readonly budgets: RequestBudgets;
  readonly quotas: MinuteQuotas;
  /** The door's observer. */
  count(record: OutboundRecord): void;
  /** How short requests are for this person at this vendor: the share of a budget the day will use up. */
  pressure(vendor: Vendor, userId: string): number;
  /** Writes what was counted before and reads where all processes together stand. Never throws. */
  flush(): Promise<void>;
}

/**
 * Others hear at once of a process that asked for this share of a quota since it last told. That bounds what processes
 * do not know of each other, beside what is under way.
 */
const TELL_AFTER = { project: 0.02, person: 0.05 };

interface Pending {
  days: Map<string, DayTally>;
  minutes: Map<string, MinuteTally>;
  requests: number;
}

export function createRequestLedger(options: {
  db: Database;
  clock: Clock;
  budgets: RequestBudgets;
  quotas: MinuteQuotas;
  sleep?: (ms: number) => Promise<unknown>;
}): RequestLedger {
  const { db, clock, budgets, quotas } = options;
  const pacer = createRequestPacer(options);
  const shared = createSharedMinutes(quotas, pacer);
  let pending = nothing();
  let standing: DayStanding = { day: "", vendors: new Map(), persons: new Map() };
  let flushing: Promise<void> | null = null;

  const flush = (): Promise<void> => {
    flushing ??= write().finally(() => {
      flushing = null;
    });
    return flushing;
  };
  const write = async () => {
    const taken = pending;
    pending = nothing();
    try {
      await store(db, taken);
      shared.told(taken.minutes.values());
    } catch (error) {
      // An answer with a code says that nothing was written. Without one it may have been: lost, but never double.
      if (sqlState(error) !== null) merge(pending, taken);
      log.warn({ event: "requests.uncounted", err: describeError(error) });
      return;
    }
    const now = clock.now();
    try {
      standing = await readDay(db, utcDay(now), budgets.person);
      await shared.listen(db, now);
    } catch (error) {
      log.warn({ event: "requests.unread", err: describeError(error) });
    }
  };

  return {
    budgets,
    quotas,
    admit: pacer.admit,
    hasRoom: pacer.hasRoom,
    awaitRoom: pacer.awaitRoom,
    spacing: pacer.spacing,
    count: (record) => {
      const outcome = outcomeOf(record);
      metrics().count("entente_vendor_requests_total", { vendor: record.vendor, outcome });
      const seconds = record.durationMs / 1000;
      metrics().observe("entente_vendor_request_duration_seconds", { vendor: record.vendor }, seconds);
      const ofPerson = note(pending, record, outcome, { quotas, now: clock.now() });
      if (flushing === null && isMuch(quotas[record.vendor], pending.requests, ofPerson)) void flush();
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
      if (flushing !== null) await flushing;
      await flush();
    },
  };
}

function isMuch(quota: MinuteQuota | null, requests: number, ofPerson: number): boolean {
  if (quota === null) return false;
  return requests >= quota.project * TELL_AFTER.project || ofPerson >= quota.person * TELL_AFTER.person;
}

/** A short list, so that it can be a label. */
function outcomeOf({ status, limited, fault }: OutboundRecord): string {
  if (fault !== null) return fault;
  if (status === null) return "network";
  if (limited) return "limited";
  if (status < 400 || status === 404 || status === 410 || status === 412) return "ok";
  return status >= 500 ? "server_error" : "refused";
}

const nothing = (): Pending => ({ days: new Map(), minutes: new Map(), requests: 0 });

/** Answers how often this person was asked for in this minute and nobody was told. */
function note(
  pending: Pending,
  { vendor: provider, person, origin }: OutboundRecord,
  outcome: string,
  { quotas, now }: { quotas: MinuteQuotas; now: Date },
): number {
  const userId = person ?? NOBODY;
  const limited = outcome === "limited" ? 1 : 0;
  const failures = outcome === "ok" ? 0 : 1;
  const day = { provider, userId, day: utcDay(now), requests: 1, failures, limited };
  const ofQuota = person !== null && origin === quotas[provider]?.origin;
  const minute = { provider, userId, minute: minuteOf(now), requests: 1, limited };
  merge(pending, {
    days: new Map([[`${provider} ${userId} ${day.day}`, day]]),
    minutes: new Map(ofQuota ? [[`${provider} ${userId} ${minute.minute}`, minute]] : []),
    requests: 1,
  });
  return pending.minutes.get(`${provider} ${userId} ${minute.minute}`)?.requests ?? 0;
}

function merge(into: Pending, from: Pending): void {
  for (const [key, tally] of from.days) {
    const known = into.days.get(key);
    if (known === undefined) into.days.set(key, { ...tally });
    else {
      known.requests += tally.requests;
      known.failures += tally.failures;
      known.limited += tally.limited;
    }
  }
  for (const [key, tally] of from.minutes) {
    const known = into.minutes.get(key);
    if (known === undefined) into.minutes.set(key, { ...tally });
    else {
      known.requests += tally.requests;
      known.limited += tally.limited;
    }
  }
  into.requests += from.requests;
}

async function store(db: Database, { days, minutes }: Pending): Promise<void> {
  if (days.size === 0) return;
  await withTransaction(db, async (tx) => {
    await addDays(tx, [...days.values()]);
    await addMinutes(tx, [...minutes.values()]);
  });
}
