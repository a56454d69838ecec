import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { isLeased, LEASE_FROM_NOW } from "@/db/lease";
import { LIVE_CHANNEL, liveMessage } from "@/db/live";
import { LONGEST_PROBE_WAIT_MS } from "@/lib/calendar/probe-plan";

/** A test of a calendar taken by one worker. */
export interface ProbeClaim {
  id: string;
  userId: string;
  leaseEpoch: number;
}

/** The row no longer belongs to this worker, or its connection is leaving. */
export class LostProbeError extends Error {
  constructor(id: string) {
    super(`probe ${id} was taken from this worker`);
    this.name = "LostProbeError";
  }
}

/** Over `calendar_probes p`: when its calendar was first told of after it was written. */
export const HEARD_AT = sql`(select min(w.last_notified_at) from calendar_watches w
    where w.calendar_id = p.calendar_id and w.last_notified_at >= p.asked_at)`;

/** Takes a probe. Null: it is over, somebody else is at it, or its connection leaves and takes it along. */
export async function claimProbe(db: Db, probeId: string): Promise<ProbeClaim | null> {
  const [row] = await db.execute<{ user_id: string; lease_epoch: number }>(sql`
    update calendar_probes p
    set lease_epoch = p.lease_epoch + 1, lease_until = ${LEASE_FROM_NOW}
    from calendar_connections k
    where p.id = ${probeId} and k.id = p.connection_id and k.disconnecting_at is null
      and p.removed_at is null and not ${isLeased("p")}
    returning p.user_id, p.lease_epoch
  `);
  return row === undefined ? null : { id: probeId, userId: row.user_id, leaseEpoch: row.lease_epoch };
}

/** Those that go on by themselves now. One that only waits for a dead account to come back is left alone. */
export async function findDueProbes(db: Db, now: Date, connectionId?: string): Promise<string[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const rows = await db.execute<{ id: string }>(sql`
    select p.id
    from calendar_probes p join calendar_connections k on k.id = p.connection_id
    where p.removed_at is null and k.disconnecting_at is null and not ${isLeased("p")}
      and (p.finished_at is null or k.reconnect_reason is null)
      and (p.next_attempt_at <= ${at}
        or p.next_attempt_at > ${at} + ${LONGEST_PROBE_WAIT_MS} * interval '1 millisecond')
      and (${connectionId ?? null}::uuid is null or k.id = ${connectionId ?? null}::uuid)
    order by p.next_attempt_at
    limit 1000
  `);
  return rows.map((row) => row.id);
}

/** Over `calendar_probes p`: still this worker's, in a connection that stays. */
function holds(claim: ProbeClaim): SQL {
  return sql`p.id = ${claim.id} and p.lease_epoch = ${claim.leaseEpoch} and exists (
      select from calendar_connections k where k.id = p.connection_id and k.disconnecting_at is null for share
    )`;
}

/** Writes to the row and tells open pages. Prolongs the lease. Throws `LostProbeError`. */
export async function change(db: Db, claim: ProbeClaim, set: SQL): Promise<void> {
  const rows = await db.execute(sql`
    with changed as (
      update calendar_probes p set lease_until = ${LEASE_FROM_NOW}, ${set} where ${holds(claim)} returning p.id
    )
    select pg_notify(${LIVE_CHANNEL}, ${liveMessage(claim.userId, ["integrations"])}) from changed
  `);
  if (rows.length === 0) throw new LostProbeError(claim.id);
}

/** Gives the row back until then. False: its event was met meanwhile, so there is more to do. */
export async function rest(db: Db, claim: ProbeClaim, until: Date, wasRead: boolean): Promise<boolean> {
  const [row] = await db.execute<{ read: boolean }>(sql`
    update calendar_probes p
    set lease_until = case when p.read_at is null or ${wasRead} then null else p.lease_until end,
      next_attempt_at = case when p.read_at is null or ${wasRead} then ${until.toISOString()}::timestamptz
        else p.next_attempt_at end
    where p.id = ${claim.id} and p.lease_epoch = ${claim.leaseEpoch}
    returning p.read_at is not null as read
  `);
  return row === undefined || wasRead || !row.read;
}

/** After a lost claim: what this worker asked for may still appear, so a removal that went before it comes again. */
export async function abandon(db: Db, claim: ProbeClaim, now: Date): Promise<void> {
  await db.execute(sql`
    update calendar_probes p
    set lease_until = case when p.lease_epoch = ${claim.leaseEpoch} then null else p.lease_until end,
      removed_at = case when p.asked_at is null then p.removed_at end,
      next_attempt_at = ${now.toISOString()}::timestamptz
    where p.id = ${claim.id}
  `);
}
