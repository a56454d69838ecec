import { sql } from "drizzle-orm";
import type { Database } from "@/db/client";

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
  removals: 1,
  /** Of a wholesale change that its owner has not accepted. */
  openRemovals: 30,
  bulkChanges: 90,
};

/** Deletes what has outlived its use. Nothing here is a fact another table rests on. */
export async function expireData(db: Database, now: Date): Promise<Record<string, number>> {
  const before = (days: number) =>
    sql`${new Date(now.getTime() - days * 86_400_000).toISOString()}::timestamptz`;
  const statements = {
    runs: sql`delete from calendar_sync_logs where last_run_at < ${before(RETENTION_DAYS.runs)} and status <> 'running'`,
    attempts: sql`delete from oauth_attempts where created_at < ${before(RETENTION_DAYS.attempts)}`,
    cronClaims: sql`delete from cron_claims where scheduled_at < ${before(RETENTION_DAYS.cronClaims)}`,
    idempotencyKeys: sql`delete from idempotency_keys where created_at < ${before(RETENTION_DAYS.idempotencyKeys)}`,
    sessions: sql`delete from sessions where expires_at < ${before(RETENTION_DAYS.sessions)}`,
    rateCounters: sql`delete from rate_counters where window_start < ${before(1)}`,
    vendorRequests: sql`delete from vendor_requests where day < (${before(RETENTION_DAYS.vendorRequests)} at time zone 'UTC')::date`,
    notifications: sql`delete from notifications where resolved_at < ${before(RETENTION_DAYS.notifications)}`,
    probes: sql`delete from calendar_probes where removed_at is not null and requested_at < ${before(RETENTION_DAYS.probes)}`,
    removals: sql`delete from calendar_removals r where r.removed_at < ${before(RETENTION_DAYS.openRemovals)}
      or (r.removed_at < ${before(RETENTION_DAYS.removals)} and not exists (
        select from bulk_changes b where b.id = r.bulk_change_id and b.decision is distinct from 'accepted'
      ))`,
    bulkChanges: sql`delete from bulk_changes where decision = 'accepted' and decided_at < ${before(RETENTION_DAYS.bulkChanges)}`,
    audit: sql`delete from audit_log where at < ${before(RETENTION_DAYS.audit)}`,
  };
  const deleted: Record<string, number> = {};
  for (const [name, statement] of Object.entries(statements))
    deleted[name] = (await db.execute(statement)).count;
  return deleted;
}
