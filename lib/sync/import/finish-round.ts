import { type SQL, sql } from "drizzle-orm";
import type { Db, Tx } from "@/db/client";
import { announce, LIVE_CHANNEL, liveMessage } from "@/db/live";
import { enqueue } from "@/db/outbox";
import { prepared } from "@/db/prepared";
import { repeatAfterDeadlock, withTransaction } from "@/db/transaction";
import {
  backoffUntil,
  nextReconcileAt,
  nextSyncAt,
  SYNC_INTERVAL_MS,
  syncInterval,
} from "@/lib/calendar/schedule";
import type { TimeRange } from "@/lib/calendar/time-range";
import {
  FAILING_AFTER,
  holdForNotice,
  resolveHealed,
  tellFailing,
} from "@/lib/connections/connection-notices";
import type { Services } from "@/lib/connections/services";
import { hasVerifiedWatch } from "@/lib/connections/verified-watch";
import { ProviderError, type ProviderErrorKind } from "@/lib/providers/provider-error";
import { type Claim, FencedError, fenceHolds } from "@/lib/sync/import/claim";
import { logFailure, type RunKind, type RunResult, successParts } from "@/lib/sync/import/run-log";

export interface RoundEnd {
  cursor: string | null;
  cursorVersion: string;
  window: TimeRange;
  /** Something in it must be read afresh: the next round is full, and due at once. */
  doubtful: boolean;
}

/**
 * Ends a round: cursor, health and ledger move together, in one statement, after the last page's rows. Answers
 * whether another round is wanted, and how many requests came meanwhile. Throws `FencedError`.
 */
export async function finishRound(
  services: Services,
  claim: Claim,
  end: RoundEnd,
  result: RunResult,
): Promise<{ again: boolean; behind: number }> {
  const now = result.finishedAt;
  const pressure = services.requests.pressure(claim.vendor, claim.userId);
  const statement = sql`
    with fenced as (
      update calendars c
      set ${calendarAfter(claim, end, result, pressure)}
      from calendar_connections k
      where c.id = ${claim.calendarId} and k.id = c.connection_id and ${fenceHolds(claim.fence)}
      returning c.change_seq
    ), ${successParts(claim, result)}
    select change_seq, pg_notify(${LIVE_CHANNEL}, ${liveMessage(claim.userId, ["integrations", "history"])})
    from fenced
  `;
  const write = async (db: Db) => (await prepared(db).execute<{ change_seq: number }>(statement))[0];
  const row =
    claim.failures < FAILING_AFTER
      ? await repeatAfterDeadlock(() => write(services.db))
      : await writeHealed(services, claim, now, write);
  if (row === undefined) throw new FencedError(claim.calendarId);
  if (claim.failures > 0 && claim.lastErrorKind === "transient") await wakeOthers(services.db, claim, now);
  const behind = row.change_seq - claim.changeSeq;
  return { again: behind > 0 || end.doubtful, behind };
}

/** The first good round after several that failed: what was told of them ends with it. */
async function writeHealed<T>(
  { db }: Services,
  { connectionId, userId }: Claim,
  now: Date,
  write: (tx: Tx) => Promise<T>,
): Promise<T> {
  return withTransaction(db, async (tx) => {
    await holdForNotice(tx, connectionId);
    const written = await write(tx);
    await resolveHealed(tx, { id: connectionId, userId }, now);
    return written;
  });
}

function calendarAfter(claim: Claim, end: RoundEnd, result: RunResult, pressure: number): SQL {
  const now = result.finishedAt;
  const { imported, updated, removed } = result.counts;
  const full = result.kind === "full";
  const reconcileAt = full ? nextReconcileAt(claim.calendarId, now) : claim.nextReconcileAt;
  const cursor = end.doubtful ? null : end.cursor;
  return sql`cursor = ${cursor}, cursor_version = ${cursor === null ? null : end.cursorVersion},
    window_start = ${end.window.start.toISOString()}::timestamptz,
    window_end = ${end.window.end.toISOString()}::timestamptz,
    synced_seq = ${claim.changeSeq},
    synced_through = case when ${claim.checked} then ${result.startedAt.toISOString()}::timestamptz else c.synced_through end,
    last_synced_at = ${now.toISOString()}::timestamptz,
    last_change_at = case when ${imported + updated + removed > 0} then ${now.toISOString()}::timestamptz
      else c.last_change_at end,
    next_sync_at = case when ${end.doubtful} or c.change_seq > ${claim.changeSeq} then ${now.toISOString()}::timestamptz
      else ${nextTurn(claim.calendarId, now, pressure)} end,
    next_reconcile_at = ${reconcileAt.toISOString()}::timestamptz,
    failures = 0, backoff_until = null, last_error_kind = null, last_error_at = null, lease_until = null,
    cursor_losses = case when ${full} then c.cursor_losses else 0 end`;
}

/** Its own turn; a later one where requests are short and pushes are known to come. One text for both. */
function nextTurn(calendarId: string, now: Date, pressure: number): SQL {
  const [usual, verified] = [false, true].map((verified) => syncInterval({ pressure, verified }));
  const at = (interval: number | undefined) =>
    sql`${nextSyncAt(calendarId, now, interval).toISOString()}::timestamptz`;
  return sql`case when ${verified !== usual}::boolean and ${hasVerifiedWatch(now)} then ${at(verified)}
      else ${at(usual)} end`;
}

/** After an outage the first success makes the vendor's other calendars due, spread over half a minute. */
async function wakeOthers(db: Db, claim: Claim, now: Date): Promise<void> {
  await db.execute(sql`
    update calendars c
    set backoff_until = null,
      next_sync_at = ${now.toISOString()}::timestamptz + (abs(hashtext(c.id::text)) % 30) * interval '1 second'
    where c.id in (
      select o.id from calendars o join calendar_connections k on k.id = o.connection_id
      where k.provider = ${claim.vendor} and o.id <> ${claim.calendarId} and o.last_error_kind = 'transient'
        and o.backoff_until > ${now.toISOString()}::timestamptz
      order by o.id
      limit 1000
      for update of o skip locked
    )
  `);
}

/** These will not pass by themselves: somebody must act, so the next try is the ordinary schedule's. */
const LASTING: ReadonlySet<ProviderErrorKind> = new Set([
  "permission_denied",
  "not_found",
  "scope_missing",
  "admin_policy",
  "no_calendar_account",
  "not_supported",
  "reauthorization_required",
]);
const WAITING: ReadonlySet<ProviderErrorKind> = new Set(["rate_limited", "quota_exhausted"]);

export interface FailedRound {
  trigger: RunResult["trigger"];
  kind: RunKind;
  startedAt: Date;
  error: unknown;
}

/**
 * Notes a failed round: error kind, backoff, ledger. What was written stays, the cursor does not move, so the
 * next round repeats and loses nothing. Answers when to try again; null when the calendar was taken meanwhile.
 */
export async function failRound(services: Services, claim: Claim, failed: FailedRound): Promise<Date | null> {
  const now = services.clock.now();
  const kind = failed.error instanceof ProviderError ? failed.error.kind : "internal";
  const retryAfterMs = failed.error instanceof ProviderError ? failed.error.retryAfterMs : null;
  const lasting = failed.error instanceof ProviderError && LASTING.has(failed.error.kind);
  const failures = claim.failures + 1;
  const retryAt = lasting
    ? new Date(now.getTime() + SYNC_INTERVAL_MS)
    : backoffUntil({ failures, retryAfterMs, random: services.random(), now });
  return withTransaction(services.db, async (tx) => {
    const told = failures >= FAILING_AFTER && kind !== "reauthorization_required";
    const connection = told ? await holdForNotice(tx, claim.connectionId) : null;
    const [row] = await tx.execute<{ name: string }>(sql`
      update calendars c
      set failures = ${failures}, last_error_kind = ${kind}, last_error_at = ${now.toISOString()}::timestamptz,
        backoff_until = ${retryAt.toISOString()}::timestamptz, next_sync_at = ${retryAt.toISOString()}::timestamptz,
        lease_until = null
      from calendar_connections k
      where c.id = ${claim.calendarId} and k.id = c.connection_id and ${fenceHolds(claim.fence)}
      returning c.name
    `);
    if (row === undefined) return null;
    if (connection !== null) await tellFailing(tx, connection, { calendar: row.name, code: kind }, now);
    await logFailure(tx, claim, {
      trigger: failed.trigger,
      kind: failed.kind,
      errorCode: kind,
      retryAt: lasting ? null : retryAt,
      waits: failed.error instanceof ProviderError && WAITING.has(failed.error.kind),
      startedAt: failed.startedAt,
      finishedAt: now,
    });
    const data = { connectionId: claim.connectionId };
    if (lasting) await enqueue(tx, { name: "connection/calendars.stale", data }, now);
    await announce(tx, claim.userId, ["integrations", "history"]);
    return retryAt;
  });
}

/** Our own door kept the round back. The vendor said nothing, so nothing is noted: the calendar is due a little later. */
export async function putOff(services: Services, claim: Claim, waitMs: number): Promise<void> {
  const again = new Date(services.clock.now().getTime() + waitMs + services.random() * SPREAD_MS);
  await services.db.execute(sql`
    update calendars set lease_until = null, next_sync_at = ${again.toISOString()}::timestamptz
    where id = ${claim.calendarId} and lease_epoch = ${claim.fence.leaseEpoch}
  `);
}

const SPREAD_MS = 5_000;

/** The vendor no longer knows our cursor: forgotten, counted, and the same run goes on with a full round. */
export async function forgetCursor(services: Services, claim: Claim): Promise<void> {
  await services.db.execute(sql`
    update calendars c
    set cursor = null, cursor_version = null, cursor_losses = c.cursor_losses + 1
    from calendar_connections k
    where c.id = ${claim.calendarId} and k.id = c.connection_id and ${fenceHolds(claim.fence)}
  `);
}
