import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { LONGEST_WATCH_BACKOFF_MS, watchRetryAt } from "@/lib/calendar/watch-schedule";
import { withAccess } from "@/lib/connections/access";
import { isAdmitted } from "@/lib/connections/admitted";
import type { Services } from "@/lib/connections/services";
import { AppError } from "@/lib/platform/errors";
import { describeError, log } from "@/lib/platform/log";
import type { Access, CalendarProvider, Vendor } from "@/lib/providers/calendar-provider";
import { isHeldBack, ProviderError } from "@/lib/providers/provider-error";
import type { WatchSubject } from "@/lib/sync/watches/find-watches";

const TAKEN_MS = 60_000;
const MOST_AT_ONCE = 2_000;

interface Stop extends Record<string, unknown> {
  id: string;
  connection_id: string;
  provider: Vendor;
  external_id: string;
  resource_id: string;
  attempts: number;
}

/** Over `calendar_watches w`: wanted gone, and the vendor can be told which. What is not known ends by itself. */
function isDueStop(now: Date) {
  const at = sql`${now.toISOString()}::timestamptz`;
  return sql`w.stop_wanted_at is not null and w.resource_id is not null and (
    w.next_attempt_at <= ${at}
    or w.next_attempt_at > ${at} + ${2 * LONGEST_WATCH_BACKOFF_MS} * interval '1 millisecond'
  )`;
}

const COLUMNS = sql`w.id, w.connection_id, w.provider, coalesce(w.external_id, w.id::text) as external_id,
  w.resource_id, w.attempts`;

interface DueStop extends Record<string, unknown> {
  id: string;
  kind: WatchSubject["kind"];
}

/** Those of living connections; a leaving one's are stopped by the job that revokes it. */
export async function findStops(db: Db, now: Date, connectionId?: string): Promise<DueStop[]> {
  return db.execute<DueStop>(sql`
    select w.id, w.subject as kind
    from calendar_watches w join calendar_connections k on k.id = w.connection_id
    where ${isDueStop(now)} and k.disconnecting_at is null and k.reconnect_reason is null
      and ${isAdmitted(sql.raw("k"))}
      and (${connectionId ?? null}::uuid is null or k.id = ${connectionId ?? null}::uuid)
    order by w.next_attempt_at
    limit ${MOST_AT_ONCE}
  `);
}

/** Ends a watch at its vendor and forgets it. Tried again until it would have ended by itself. */
export async function stopWatch(services: Services, id: string): Promise<"stopped" | "failed" | "skipped"> {
  const now = services.clock.now();
  const [stop] = await services.db.execute<Stop>(sql`
    update calendar_watches w
    set attempts = w.attempts + 1, next_attempt_at = ${new Date(now.getTime() + TAKEN_MS).toISOString()}::timestamptz
    where w.id = ${id} and ${isDueStop(now)}
    returning ${COLUMNS}
  `);
  if (stop === undefined) return "skipped";
  try {
    const provider = services.providers.find(stop.provider);
    if (provider === null) throw new ProviderError("misconfigured", { detail: "not_configured" });
    const patient = { patient: true };
    await withAccess(services, stop.connection_id, (access) => end(provider, access, stop), patient);
  } catch (error) {
    if (isHeldBack(error)) return heldBack(services.db, stop, now);
    if (!isRefused(error)) return postpone(services, stop, error, now);
  }
  await services.db.execute(sql`delete from calendar_watches where id = ${id}`);
  log.info({ watch: "stopped", watchId: id });
  return "stopped";
}

async function postpone(services: Services, stop: Stop, error: unknown, now: Date): Promise<"failed"> {
  const retryAt = watchRetryAt({
    failures: stop.attempts,
    retryAfterMs: error instanceof ProviderError ? error.retryAfterMs : null,
    random: services.random(),
    now,
  });
  const kind =
    error instanceof ProviderError ? error.kind : error instanceof AppError ? error.code : "internal";
  await services.db.execute(sql`
    update calendar_watches set next_attempt_at = ${retryAt.toISOString()}::timestamptz, error_code = ${kind}
    where id = ${stop.id}
  `);
  log.warn({ watch: "not stopped", watchId: stop.id, err: describeError(error) });
  return "failed";
}

/** The minute had no room, and the vendor was not asked: the next turn will do, and nothing has failed. */
async function heldBack(db: Db, { id, attempts }: Stop, now: Date): Promise<"skipped"> {
  await db.execute(sql`
    update calendar_watches set next_attempt_at = ${now.toISOString()}::timestamptz, attempts = ${attempts - 1}
    where id = ${id} and attempts = ${attempts}
  `);
  return "skipped";
}

/** A fresh token that is refused belongs to a grant that ended, and its watches with it. */
function isRefused(error: unknown): boolean {
  return error instanceof ProviderError && error.kind === "access_token_rejected";
}

function end(provider: CalendarProvider, access: Access, stop: Stop): Promise<void> {
  return provider.watches.stop(access, { externalId: stop.external_id, resourceId: stop.resource_id });
}

const PASSING = new Set(["transient", "rate_limited", "quota_exhausted"]);

export async function hasWatches(db: Db, connectionId: string): Promise<boolean> {
  const rows = await db.execute(sql`
    select id from calendar_watches where connection_id = ${connectionId} and resource_id is not null limit 1
  `);
  return rows.length > 0;
}

/**
 * All of a leaving connection's, with the token sealed for that, each once. Throws for what passes by itself;
 * what does not, ends with the grant or with its own time.
 */
export async function stopWatchesOf(
  db: Db,
  provider: CalendarProvider,
  access: Access,
  connectionId: string,
): Promise<void> {
  const rows = await db.execute<Stop>(sql`
    select ${COLUMNS} from calendar_watches w where w.connection_id = ${connectionId} and w.resource_id is not null
  `);
  for (const stop of rows) {
    try {
      await end(provider, access, stop);
    } catch (error) {
      if (!(error instanceof ProviderError) || PASSING.has(error.kind)) throw error;
      log.warn({ watch: "not stopped", watchId: stop.id, err: describeError(error) });
    }
    await db.execute(sql`delete from calendar_watches where id = ${stop.id}`);
  }
}
