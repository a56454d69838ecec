import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { ANNOUNCED_WITHIN_MS } from "@/lib/calendar/watch-schedule";
import type { Claim } from "@/lib/sync/import/claim";

/** A vendor's clock and ours, and the time its last round took. */
const SLACK_MS = 60_000;

/** The oldest of the changes a round found, those left out that the round before must have seen. */
export function oldestChange(claim: Claim, changedAt: readonly Date[]): Date | null {
  if (claim.lastSyncedAt === null) return null;
  const since = claim.lastSyncedAt.getTime() - SLACK_MS;
  const times = changedAt.map((at) => at.getTime()).filter((at) => at >= since);
  const oldest = times.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  return Number.isFinite(oldest) ? new Date(oldest) : null;
}

/** Never negative, whatever the vendor's clock says, and no more than its column holds: about 25 days. */
export function delayOf(changedAt: Date | null, now: Date): number | null {
  if (changedAt === null) return null;
  return Math.min(Math.max(0, now.getTime() - changedAt.getTime()), 2 ** 31 - 1);
}

/**
 * Evidence against a watch: the schedule found a change that was there for a while, after the round before, and
 * nobody had told of it. A statement of its own: calendars are locked before their watches.
 */
export async function noteUnannounced(db: Db, claim: Claim, changedAt: Date, startedAt: Date): Promise<void> {
  const { lastSyncedAt, changeNotifiedAt } = claim;
  if (lastSyncedAt === null || changedAt <= lastSyncedAt) return;
  if (startedAt.getTime() - changedAt.getTime() < ANNOUNCED_WITHIN_MS) return;
  if (changeNotifiedAt !== null && changeNotifiedAt >= changedAt) return;
  const at = sql`${changedAt.toISOString()}::timestamptz`;
  await db.execute(sql`
    update calendar_watches
    set missed = missed + 1
    where calendar_id = ${claim.calendarId} and stop_wanted_at is null and requested_at < ${at}
      and expires_at > ${at} and (last_notified_at is null or last_notified_at < ${at})
  `);
}
