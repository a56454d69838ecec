import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { isLeased, LEASE_FROM_NOW } from "@/db/lease";
import { prepared } from "@/db/prepared";
import {
  AHEAD_OF_CLOCK_MS,
  LONGEST_BACKOFF_MS,
  LONGEST_SYNC_WAIT_MS,
  LOOK_AHEAD_MS,
} from "@/lib/calendar/schedule";
import type { TimeRange } from "@/lib/calendar/time-range";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import { isChecked, isReadable } from "@/lib/connections/read-calendars";
import type { Vendor } from "@/lib/providers/calendar-provider";

/** A calendar taken for one round, with everything the round compares again before it writes. */
export interface Claim {
  calendarId: string;
  connectionId: string;
  userId: string;
  vendor: Vendor;
  externalId: string;
  timeZone: TimeZoneId;
  canWrite: boolean;
  /** False: only our own events in it matter, and its evidence says nothing about anybody's time. */
  checked: boolean;
  /** When its turn was. */
  dueAt: Date;
  cursor: string | null;
  cursorVersion: string | null;
  window: TimeRange | null;
  nextReconcileAt: Date;
  failures: number;
  lastErrorKind: string | null;
  /** Requests up to this number are answered by this round. */
  changeSeq: number;
  /** When its last complete round ended; what changed before was seen then. */
  lastSyncedAt: Date | null;
  /** When its vendor last told of a change. */
  changeNotifiedAt: Date | null;
  /** It changed wholesale, and its owner has not decided about that. */
  bulkChangeOpen: boolean;
  settings: {
    allDayEvents: "as_provider" | "always_block";
    tentative: "block" | "ignore";
    titles: "full" | "busy_only";
  };
  fence: Fence;
}

/** Compared in every write of a round: a disconnect, deselection, reconnect or takeover makes it stale. */
export interface Fence {
  connectionGeneration: number;
  calendarGeneration: number;
  leaseEpoch: number;
}

/** The round no longer owns its calendar. Nothing was written; whoever owns it now goes on. */
export class FencedError extends Error {
  constructor(calendarId: string) {
    super(`calendar ${calendarId} was taken from this worker`);
    this.name = "FencedError";
  }
}

interface ClaimRow extends Record<string, unknown> {
  connection_id: string;
  user_id: string;
  provider: Vendor;
  external_id: string;
  time_zone: TimeZoneId;
  can_write: boolean;
  checked: boolean;
  due_ms: string;
  cursor: string | null;
  cursor_version: string | null;
  window_start_ms: string | null;
  window_end_ms: string | null;
  next_reconcile_ms: string;
  failures: number;
  last_error_kind: string | null;
  change_seq: number;
  last_synced_ms: string | null;
  change_notified_ms: string | null;
  bulk_change_open: boolean;
  generation: number;
  lease_epoch: number;
  connection_generation: number;
  all_day_events: "as_provider" | "always_block";
  tentative: "block" | "ignore";
  titles: "full" | "busy_only";
}

/**
 * Takes a calendar that may be read: checked or receiving bookings, connection alive, allowed, leased by nobody. The
 * lease runs on the database's clock and bumps the epoch. Null: nothing to do here, or somebody else is at it.
 */
export async function claimCalendar(
  db: Db,
  calendarId: string,
  options: { now: Date; onlyIfDue: boolean; onlyIfAsked?: boolean },
): Promise<Claim | null> {
  const [row] = await prepared(db).execute<ClaimRow>(sql`
    update calendars c
    set lease_epoch = c.lease_epoch + 1, lease_until = ${LEASE_FROM_NOW}
    from calendar_connections k
    where c.id = ${calendarId}
      and k.id = c.connection_id
      and not ${isLeased("c")}
      and not ${vendorAskedToWait(options.now)}
      and (not ${options.onlyIfDue} or ${isDueSql(options.now)})
      and (not ${options.onlyIfAsked ?? false} or c.change_seq > c.synced_seq)
      and ${isReadable()}
    returning
      c.connection_id, c.user_id, k.provider, c.external_id, c.time_zone, c.can_write, ${isChecked} as checked,
      (extract(epoch from c.next_sync_at) * 1000)::bigint::text as due_ms,
      c.cursor, c.cursor_version,
      (extract(epoch from c.window_start) * 1000)::bigint::text as window_start_ms,
      (extract(epoch from c.window_end) * 1000)::bigint::text as window_end_ms,
      (extract(epoch from c.next_reconcile_at) * 1000)::bigint::text as next_reconcile_ms,
      (extract(epoch from c.last_synced_at) * 1000)::bigint::text as last_synced_ms,
      (extract(epoch from c.change_notified_at) * 1000)::bigint::text as change_notified_ms,
      exists (select from bulk_changes b where b.calendar_id = c.id and b.decision is null) as bulk_change_open,
      c.failures, c.last_error_kind, c.change_seq, c.generation, c.lease_epoch,
      k.generation as connection_generation, k.all_day_events, k.tentative, k.titles
  `);
  return row === undefined ? null : toClaim(calendarId, row);
}

/** Over `calendars c`: a `Retry-After` still runs. It binds requested rounds as well as scheduled ones. */
function vendorAskedToWait(now: Date) {
  return sql`(c.last_error_kind in ('rate_limited', 'quota_exhausted') and c.backoff_until is not null and ${backsOff(now)})`;
}

function backsOff(now: Date) {
  const at = now.toISOString();
  return sql`(c.backoff_until > ${at}::timestamptz
    and c.backoff_until <= ${at}::timestamptz + ${LONGEST_BACKOFF_MS} * interval '1 millisecond')`;
}

/** Over `calendars c`: the twin of `isSyncDue` in lib/calendar/schedule.ts. */
export function isDueSql(now: Date) {
  const at = now.toISOString();
  return sql`((c.backoff_until is null or not ${backsOff(now)})
    and (coalesce(c.last_synced_at > ${at}::timestamptz + ${AHEAD_OF_CLOCK_MS} * interval '1 millisecond', false)
      or c.next_sync_at <= ${at}::timestamptz + ${LOOK_AHEAD_MS} * interval '1 millisecond'
      or c.next_sync_at > ${at}::timestamptz + ${LONGEST_SYNC_WAIT_MS} * interval '1 millisecond'))`;
}

function toClaim(calendarId: string, row: ClaimRow): Claim {
  const window =
    row.window_start_ms === null || row.window_end_ms === null
      ? null
      : { start: new Date(Number(row.window_start_ms)), end: new Date(Number(row.window_end_ms)) };
  return {
    calendarId,
    connectionId: row.connection_id,
    userId: row.user_id,
    vendor: row.provider,
    externalId: row.external_id,
    timeZone: row.time_zone,
    canWrite: row.can_write,
    checked: row.checked,
    dueAt: new Date(Number(row.due_ms)),
    cursor: row.cursor,
    cursorVersion: row.cursor_version,
    window,
    nextReconcileAt: new Date(Number(row.next_reconcile_ms)),
    failures: row.failures,
    lastErrorKind: row.last_error_kind,
    changeSeq: row.change_seq,
    lastSyncedAt: instantOf(row.last_synced_ms),
    changeNotifiedAt: instantOf(row.change_notified_ms),
    bulkChangeOpen: row.bulk_change_open,
    settings: { allDayEvents: row.all_day_events, tentative: row.tentative, titles: row.titles },
    fence: {
      connectionGeneration: row.connection_generation,
      calendarGeneration: row.generation,
      leaseEpoch: row.lease_epoch,
    },
  };
}

function instantOf(ms: string | null): Date | null {
  return ms === null ? null : new Date(Number(ms));
}

/**
 * Still ours? Prolongs the lease. Inside a transaction that already holds the person's lock it also locks the
 * calendar's row, so that a takeover waits for this commit and then reads what it wrote; `changedAt` when that is
 * events: a round that ends after another one died finds nothing new. Throws `FencedError`.
 */
export async function assertFence(db: Db, claim: Claim, changedAt: Date | null = null): Promise<void> {
  const rows = await prepared(db).execute(sql`
    update calendars c
    set lease_until = ${LEASE_FROM_NOW},
      last_change_at = coalesce(${changedAt?.toISOString() ?? null}::timestamptz, c.last_change_at)
    from calendar_connections k
    where c.id = ${claim.calendarId} and k.id = c.connection_id and ${fenceHolds(claim.fence)}
    returning c.id
  `);
  if (rows.length === 0) throw new FencedError(claim.calendarId);
}

/** The fence as a condition over `calendars c` and `calendar_connections k`. */
export function fenceHolds(fence: Fence) {
  return sql`c.generation = ${fence.calendarGeneration} and c.lease_epoch = ${fence.leaseEpoch}
    and k.generation = ${fence.connectionGeneration} and k.disconnecting_at is null`;
}

/** Gives the calendar back without a word about its health, e.g. after a takeover was noticed. */
export async function releaseLease(db: Db, claim: Claim): Promise<void> {
  await db.execute(sql`
    update calendars set lease_until = null
    where id = ${claim.calendarId} and lease_epoch = ${claim.fence.leaseEpoch}
  `);
}
