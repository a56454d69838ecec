import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { isLeased } from "@/db/lease";
import { LATELY_MS, LONGEST_FLOOD_MS, STREAM_WAITING } from "@/lib/calendar/flood";
import { LONGEST_RECONCILE_WAIT_MS } from "@/lib/calendar/schedule";
import { isReadable } from "@/lib/connections/read-calendars";
import type { Services } from "@/lib/connections/services";
import { describeError, log } from "@/lib/platform/log";
import { isDueSql } from "@/lib/sync/import/claim";
import type { RunTrigger } from "@/lib/sync/import/run-log";
import { type SyncOptions, type SyncOutcome, syncCalendar } from "@/lib/sync/import/sync-calendar";

const SHARD_SIZE = 100;
const PARALLEL = 10;
const MOST_PER_TICK = 20_000;

/** Calendars the schedule should read now, longest waiting first. Those without automatic sync wait for a request. */
export async function findDueCalendars(db: Db, now: Date, connectionId?: string): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(sql`
    select c.id
    from calendars c join calendar_connections k on k.id = c.connection_id
    where ${isDueSql(now)}
      and (k.auto_sync_enabled or c.change_seq > c.synced_seq)
      and ${isReadable()}
      and not ${isLeased("c")}
      and not ${isFlooded(now)}
      and (${connectionId ?? null}::uuid is null or k.id = ${connectionId ?? null}::uuid)
    order by c.next_sync_at
    limit ${MOST_PER_TICK}
  `);
  return rows.map((row) => row.id);
}

/**
 * Over `calendars c`: messages pour in right now, and who read it lately waits for their end. A flood that lasts longer
 * than anybody waits has nobody any more.
 */
function isFlooded(now: Date) {
  const [at, ms] = [sql`${now.toISOString()}::timestamptz`, sql.raw("interval '1 millisecond'")];
  return sql`(c.change_seq - c.synced_seq > ${STREAM_WAITING}
    and coalesce(c.change_notified_at between ${at} - ${LATELY_MS} * ${ms} and ${at} + ${LATELY_MS} * ${ms}, false)
    and coalesce(c.last_synced_at > ${at} - ${LONGEST_FLOOD_MS + LATELY_MS} * ${ms}, false))`;
}

/** Calendars whose daily full round is due (or was planned by a wrong clock). */
export async function findCalendarsToReconcile(db: Db, now: Date, connectionId?: string): Promise<string[]> {
  const at = now.toISOString();
  const rows = await db.execute<{ id: string }>(sql`
    select c.id
    from calendars c join calendar_connections k on k.id = c.connection_id
    where k.auto_sync_enabled and ${isReadable()}
      and (c.next_reconcile_at <= ${at}::timestamptz
        or c.next_reconcile_at > ${at}::timestamptz + ${LONGEST_RECONCILE_WAIT_MS} * interval '1 millisecond')
      and (${connectionId ?? null}::uuid is null or k.id = ${connectionId ?? null}::uuid)
    order by c.next_reconcile_at
    limit ${MOST_PER_TICK}
  `);
  return rows.map((row) => row.id);
}

export interface SyncTotals {
  calendars: number;
  succeeded: number;
  failed: number;
  skipped: number;
  imported: number;
  updated: number;
  removed: number;
}

interface SyncManyOptions extends SyncOptions {
  onOutcome?: (calendarId: string, outcome: SyncOutcome) => void;
}

/** Reads calendars side by side, never letting one's failure touch another's. */
export async function syncCalendars(
  services: Services,
  calendarIds: readonly string[],
  trigger: RunTrigger,
  options: SyncManyOptions = { onlyIfDue: false },
): Promise<SyncTotals> {
  const totals = {
    calendars: calendarIds.length,
    succeeded: 0,
    failed: 0,
    skipped: 0,
    imported: 0,
    updated: 0,
    removed: 0,
  };
  const queue = calendarIds.values();
  const worker = async () => {
    for (const calendarId of queue) {
      const outcome = await syncOne(services, calendarId, trigger, options);
      addTo(totals, outcome);
      options.onOutcome?.(calendarId, outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, calendarIds.length) }, worker));
  return totals;
}

/** A pause up to this long is not left to the tick, which could make a minute of a second. */
const SOON_MS = 30_000;

export interface SoonAgain {
  calendarId: string;
  /** Milliseconds of the epoch. */
  at: number;
}

/**
 * For readings that somebody waits for, a vendor that told of a change or a person. Also answers what failed and may
 * be tried again within seconds; should that get lost, the tick comes by. `retryAt`: this is such a second try, which
 * leaves alone what was read meanwhile, and what failed again and waits longer.
 */
export async function syncAsked(
  services: Services,
  calendarIds: readonly string[],
  { trigger, retryAt }: { trigger: "push" | "manual"; retryAt?: number | undefined },
): Promise<SyncTotals & { again: SoonAgain[] }> {
  const again: SoonAgain[] = [];
  const onOutcome = (calendarId: string, outcome: SyncOutcome) => {
    const at = outcome.status === "failed" ? outcome.retryAt?.getTime() : undefined;
    if (at !== undefined && at - services.clock.now().getTime() <= SOON_MS) again.push({ calendarId, at });
  };
  const dueAt = retryAt === undefined ? undefined : new Date(retryAt);
  const onlyIfDue = dueAt !== undefined;
  const totals = await syncCalendars(services, calendarIds, trigger, { onlyIfDue, dueAt, onOutcome });
  return { ...totals, again };
}

/** A failure even the calendar's own row could not be told of, such as a database that is busy: for the log. */
async function syncOne(
  services: Services,
  calendarId: string,
  trigger: RunTrigger,
  options: SyncOptions,
): Promise<SyncOutcome> {
  try {
    return await syncCalendar(services, calendarId, trigger, options);
  } catch (error) {
    log.error({ calendarId, err: describeError(error) }, "calendar could not be synced");
    return { status: "failed", errorCode: "internal", retryAt: null };
  }
}

function addTo(totals: SyncTotals, outcome: SyncOutcome): void {
  if (outcome.status === "succeeded") {
    totals.succeeded += 1;
    totals.imported += outcome.counts.imported;
    totals.updated += outcome.counts.updated;
    totals.removed += outcome.counts.removed;
  } else if (outcome.status === "failed") totals.failed += 1;
  else totals.skipped += 1;
}

export function shards(calendarIds: readonly string[]): string[][] {
  const all: string[][] = [];
  for (let at = 0; at < calendarIds.length; at += SHARD_SIZE)
    all.push(calendarIds.slice(at, at + SHARD_SIZE));
  return all;
}
