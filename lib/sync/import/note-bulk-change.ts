import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { announce } from "@/db/live";
import type { BulkCounts } from "@/lib/calendar/bulk-change";
import { bulkNoticeKey } from "@/lib/connections/bulk-notices";
import { type AuditAction, recordAudit } from "@/lib/organizations/audit";
import { notify } from "@/lib/organizations/notify";
import { newId } from "@/lib/platform/ids";
import { log } from "@/lib/platform/log";
import type { Claim } from "@/lib/sync/import/claim";

export interface StandingChange {
  id: string;
  /** When the last of what was counted was read. */
  through: Date;
  decided: boolean;
}

interface Measured extends BulkCounts {
  since: Date;
  /** Evidence later than this belongs to it. */
  from: Date;
  readAt: Date;
  now: Date;
}

export interface Detected extends Record<string, unknown> {
  id: string;
  organizationId: string;
  /** The calendar's. */
  name: string;
}

/**
 * What goes on changing wholesale while nobody decides adds nothing from here on but our own events: what was there when
 * it began is in the first rows.
 */
const MOST_EVIDENCE = 20_000;

/** Opens a wholesale change or adds to the standing one; marks its evidence and our own events in it; tells its owner. */
export async function noteBulkChange(
  tx: Tx,
  claim: Claim,
  standing: StandingChange | null,
  measured: Measured,
): Promise<void> {
  const { now, from } = measured;
  const change = await storeChange(tx, claim, standing, measured);
  if (change === undefined) return;
  await tx.execute(sql`
    update calendar_removals set bulk_change_id = ${change.id}
    where calendar_id = ${claim.calendarId} and bulk_change_id is null
      and removed_at > ${from.toISOString()}::timestamptz
      and (own or (select count(*) from calendar_removals where bulk_change_id = ${change.id}) < ${MOST_EVIDENCE})
  `);
  await holdExports(tx, claim, change.id, measured.since);
  const { before, gone, moved } = measured;
  const counts = { before, gone, moved };
  if (standing === null) {
    await auditAs(tx, claim, change, "bulk_change.detected", now, counts);
    log.warn({ event: "bulk_change.detected", calendarId: claim.calendarId, ...counts });
  }
  if (standing?.decided !== true) await tell(tx, claim, change, measured);
  await announce(tx, claim.userId, ["integrations", "calendar", "bookings"]);
}

async function storeChange(
  tx: Tx,
  claim: Claim,
  standing: StandingChange | null,
  { before, gone, moved, since, readAt, now }: Measured,
): Promise<Detected | undefined> {
  const through = sql`${readAt.toISOString()}::timestamptz`;
  const [change] = await tx.execute<Detected>(sql`
    with stored as (
      insert into bulk_changes as b (
        id, user_id, connection_id, calendar_id, since, through, detected_at, before, gone, moved
      )
      select ${standing?.id ?? newId(now)}::uuid, ${claim.userId}::uuid, ${claim.connectionId}::uuid,
        ${claim.calendarId}::uuid, ${since.toISOString()}::timestamptz, ${through}, ${now.toISOString()}::timestamptz,
        ${before}::int, ${gone}::int, ${moved}::int
      on conflict (id) do update set through = greatest(b.through, excluded.through),
        before = excluded.before, gone = excluded.gone, moved = excluded.moved
      returning b.id
    )
    select s.id, k.organization_id as "organizationId", c.name
    from stored s, calendars c join calendar_connections k on k.id = c.connection_id
    where c.id = ${claim.calendarId}
  `);
  return change;
}

/** Our events in it that went or moved; those too that the exporter had already looked for and not found. */
async function holdExports(tx: Tx, claim: Claim, changeId: string, since: Date): Promise<void> {
  await tx.execute(sql`
    update calendar_exported_bookings set bulk_change_id = ${changeId}
    where id in (
      select x.id from calendar_exported_bookings x
      where x.user_id = ${claim.userId} and x.desired = 'present' and x.bulk_change_id is distinct from ${changeId}
        and (
          x.external_id in (select r.external_id from calendar_removals r where r.bulk_change_id = ${changeId} and r.own)
            and (x.calendar_id = ${claim.calendarId} or x.remote_state = 'relocated')
          or x.calendar_id = ${claim.calendarId} and x.remote_state = 'deleted'
            and x.remote_seen_at >= ${since.toISOString()}::timestamptz
        )
      order by x.id
      for update
    )
  `);
}

/** Told once; while it goes on, the numbers told grow with it. */
async function tell(tx: Tx, claim: Claim, { id, name }: Detected, counts: Measured): Promise<void> {
  const { before, gone, moved, now } = counts;
  const params = { calendar: name, before, gone, moved };
  const { userId } = claim;
  const dedupeKey = bulkNoticeKey(id);
  const subject = { type: "bulk_change", id } as const;
  if (await notify(tx, { userId, kind: "bulk_change_held", subject, params, dedupeKey }, now)) return;
  await tx.execute(sql`
    update notifications set params = ${JSON.stringify(params)}::jsonb
    where user_id = ${userId} and dedupe_key = ${dedupeKey} and resolved_at is null
  `);
}

export async function auditAs(
  tx: Tx,
  { userId, calendarId }: Claim,
  { id, organizationId }: Detected,
  action: AuditAction,
  now: Date,
  details: Record<string, number>,
): Promise<void> {
  await recordAudit(
    tx,
    { userId, organizationId, now, actor: { type: "system", job: "sync" } },
    { action, subject: { type: "bulk_change", id }, details: { calendarId, ...details } },
  );
}
