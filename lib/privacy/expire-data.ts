import { type SQL, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { firstIdAt } from "@/lib/platform/ids";
import { describeError, log } from "@/lib/platform/log";

/** How long things are kept that nobody needs for ever, in days. Documented in docs/admin/retention.md. */
const RETENTION_DAYS = {
  runs: 90,
  attempts: 7,
  cronClaims: 2,
  idempotencyKeys: 1,
  sessions: 0,
  audit: 400,
  vendorRequests: 35,
  notifications: 90,
  probes: 1,
  /** Of tests whose event the vendor does not let us remove: it lies in the past, takes no time and is read no more. */
  stuckProbes: 30,
  removals: 1,
  /** Of a wholesale change that its owner has not accepted. */
  openRemovals: 30,
  bulkChanges: 90,
};

/** Rows at once, so that a statement ends in its time however much has piled up. */
const BATCH = 10_000;

/**
 * Deletes what has outlived its use. Nothing here is a fact another table rests on. What cannot be deleted keeps nothing
 * else from going; the first such failure is thrown at the end.
 */
export async function expireData(db: Database, now: Date): Promise<Record<string, number>> {
  const at = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const before = (days: number) => sql`${at(days).toISOString()}::timestamptz`;
  // Ids grow with time: what is old lies at one end of the key, and nobody reads the rest.
  const made = (days: number) => sql`id < ${firstIdAt(at(days))}::uuid`;
  const expired = {
    runs: [
      "calendar_sync_logs",
      sql`${made(RETENTION_DAYS.runs)} and last_run_at < ${before(RETENTION_DAYS.runs)} and status <> 'running'`,
    ],
    attempts: ["oauth_attempts", sql`created_at < ${before(RETENTION_DAYS.attempts)}`],
    cronClaims: ["cron_claims", sql`scheduled_at < ${before(RETENTION_DAYS.cronClaims)}`],
    idempotencyKeys: ["idempotency_keys", sql`created_at < ${before(RETENTION_DAYS.idempotencyKeys)}`],
    sessions: ["sessions", sql`expires_at < ${before(RETENTION_DAYS.sessions)}`],
    rateCounters: ["rate_counters", sql`window_start < ${before(1)}`],
    vendorRequests: [
      "vendor_requests",
      sql`day < (${before(RETENTION_DAYS.vendorRequests)} at time zone 'UTC')::date`,
    ],
    notifications: ["notifications", sql`resolved_at < ${before(RETENTION_DAYS.notifications)}`],
    probes: [
      "calendar_probes",
      sql`requested_at < ${before(RETENTION_DAYS.probes)} and (removed_at is not null or requested_at < ${before(RETENTION_DAYS.stuckProbes)})`,
    ],
    removals: [
      "calendar_removals r",
      sql`r.removed_at < ${before(RETENTION_DAYS.openRemovals)}
      or (r.removed_at < ${before(RETENTION_DAYS.removals)} and not exists (
        select from bulk_changes b where b.id = r.bulk_change_id and b.decision is distinct from 'accepted'
      ))`,
    ],
    bulkChanges: [
      "bulk_changes",
      sql`decision = 'accepted' and decided_at < ${before(RETENTION_DAYS.bulkChanges)}`,
    ],
    audit: ["audit_log", sql`${made(RETENTION_DAYS.audit)} and at < ${before(RETENTION_DAYS.audit)}`],
  } satisfies Record<string, [table: string, isOver: SQL]>;
  const deleted: Record<string, number> = {};
  const failures: unknown[] = [];
  for (const [name, [table, isOver]] of Object.entries(expired)) {
    try {
      deleted[name] = await deleteAll(db, table, isOver);
    } catch (error) {
      log.error({ job: "expire-data", of: name, err: describeError(error) });
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return deleted;
}

async function deleteAll(db: Database, table: string, isOver: SQL): Promise<number> {
  const [name] = table.split(" ");
  for (let deleted = 0; ; ) {
    const { count } = await db.execute(sql`
      delete from ${sql.raw(name ?? table)} where ctid = any(array(
        select ctid from ${sql.raw(table)} where ${isOver} limit ${BATCH}
      ))
    `);
    deleted += count;
    if (count < BATCH) return deleted;
  }
}
