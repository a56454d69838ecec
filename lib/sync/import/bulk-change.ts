import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { announce } from "@/db/live";
import { prepared } from "@/db/prepared";
import {
  BULK_SPAN_MS,
  type BulkCounts,
  countThings,
  FEWEST_TOUCHED,
  isHealed,
  judgeBulkChange,
  type TouchedThing,
} from "@/lib/calendar/bulk-change";
import { bulkNoticeKey } from "@/lib/connections/bulk-notices";
import { lostEvents } from "@/lib/connections/lost-events";
import { resolveNotice } from "@/lib/organizations/notify";
import { firstIdAt } from "@/lib/platform/ids";
import { log } from "@/lib/platform/log";
import type { Claim } from "@/lib/sync/import/claim";
import {
  auditAs,
  type Detected,
  noteBulkChange,
  type StandingChange,
} from "@/lib/sync/import/note-bulk-change";

/**
 * After a hold that took something away: did its calendar empty or change wholesale within the last minutes? Then its
 * owner is asked, and what we know of our own events in it is held until they decide. In the transaction that writes
 * the last of the evidence, so that it cannot be lost between the two; what a round took that died before that counts
 * with the next one's, however much later it comes. `readAt` is when this round began.
 */
export async function watchBulkChange(tx: Tx, claim: Claim, readAt: Date, now: Date): Promise<void> {
  const lately = new Date(readAt.getTime() - BULK_SPAN_MS);
  const { lastSyncedAt } = claim;
  const from = lastSyncedAt !== null && lastSyncedAt < lately ? lastSyncedAt : lately;
  await forgetUncounted(tx, claim, from);
  const standing = await standingChange(tx, claim, lately);
  // What follows closely belongs to it; later than that, it takes another wholesale change to add to it.
  const follows = standing !== null && (standing.decided || standing.through > lately);
  const fresh = await measure(tx, claim, { changeId: follows ? standing.id : null, from, now });
  if (fresh === null || (!follows && judgeBulkChange(fresh) === null)) return;
  const whole =
    standing === null || follows ? fresh : await measure(tx, claim, { changeId: standing.id, from, now });
  await noteBulkChange(tx, claim, standing, { ...(whole ?? fresh), from, readAt, now });
}

/**
 * Evidence that belongs to no change and is too old to count for one. A program that writes a whole calendar anew every
 * few minutes would leave hundreds of thousands of rows a day.
 */
async function forgetUncounted(tx: Tx, { calendarId }: Claim, from: Date): Promise<void> {
  await prepared(tx).execute(sql`
    delete from calendar_removals
    where calendar_id = ${calendarId} and bulk_change_id is null and removed_at <= ${from.toISOString()}::timestamptz
  `);
}

/** The change a calendar is in the middle of: undecided, or accepted just now while it goes on. */
async function standingChange(tx: Tx, claim: Claim, from: Date): Promise<StandingChange | null> {
  const [row] = await prepared(tx).execute<{ id: string; through: string; decided: boolean }>(sql`
    select id, (extract(epoch from through) * 1000)::bigint::text as through, decision is not null as decided
    from bulk_changes
    where calendar_id = ${claim.calendarId}
      and (decision is null or (decision = 'accepted' and decided_at > ${from.toISOString()}::timestamptz))
    order by decided, detected_at desc
    limit 1
  `);
  return row === undefined
    ? null
    : { id: row.id, through: new Date(Number(row.through)), decided: row.decided };
}

/** Counts over the evidence that belongs to a change, and that of the span which belongs to none. */
async function measure(
  tx: Tx,
  claim: Claim,
  { changeId, from, now }: { changeId: string | null; from: Date; now: Date },
): Promise<(BulkCounts & { since: Date }) | null> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const chosen = sql`r.calendar_id = ${claim.calendarId} and (r.bulk_change_id = ${changeId}::uuid
    or (r.bulk_change_id is null and r.removed_at > ${from.toISOString()}::timestamptz))`;
  const [few] = await prepared(tx).execute<{ things: number; since: string | null }>(sql`
    select count(distinct coalesce(r.series_id, r.external_id))::int as things,
      (extract(epoch from min(r.removed_at)) * 1000)::bigint::text as since
    from calendar_removals r where ${chosen} and r.ends_at > ${at}
  `);
  if (few === undefined || few.since === null) return null;
  if (changeId === null && few.things < FEWEST_TOUCHED) return null;
  const since = new Date(Number(few.since));
  const rows = await prepared(tx).execute<TouchedRow>(sql`
    with lost as (
      select coalesce(series_id, external_id) as thing, count(*)::int as lost,
        (count(*) filter (where elsewhere))::int as elsewhere
      from ${lostEvents(chosen, { calendarId: claim.calendarId, since, now })} l group by 1
    ), present as (
      select coalesce(series_id, external_id) as thing, count(*)::int as present,
        (count(*) filter (where e.id < ${firstIdAt(since)}::uuid))::int as kept
      from calendar_sync_events e
      where e.calendar_id = ${claim.calendarId} and e.ends_at > ${at}
        and (${claim.checked}::boolean or e.own or e.displaced)
      group by 1
    )
    select l.lost, l.elsewhere, coalesce(p.kept, 0) as kept, coalesce(p.present, 0) as present, 0 as untouched
    from lost l left join present p using (thing)
    union all
    select null, null, null, null, count(*)::int
    from present p where p.kept > 0 and not exists (select from lost l where l.thing = p.thing)
  `);
  const untouched = rows.find(({ lost }) => lost === null)?.untouched ?? 0;
  return { ...countThings(rows.flatMap(toThing), untouched), since };
}

interface TouchedRow extends Record<string, unknown> {
  lost: number | null;
  elsewhere: number | null;
  kept: number | null;
  present: number | null;
  untouched: number;
}

function toThing({ lost, elsewhere, kept, present }: TouchedRow): TouchedThing[] {
  if (lost === null || elsewhere === null || kept === null || present === null) return [];
  return [{ lost, elsewhere, kept, now: present }];
}

/**
 * After a hold that brought something while a change is undecided: is nearly all of it back where it was? Then it was
 * the vendor's hiccup. The change goes, what it held is let go, and nobody is asked any more.
 */
export async function healBulkChange(tx: Tx, claim: Claim, now: Date): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const [open] = await prepared(tx).execute<Detected & { went: number; back: number }>(sql`
    select b.id, k.organization_id as "organizationId", c.name,
      count(distinct r.external_id)::int as went,
      (count(distinct r.external_id) filter (where exists (
        select from calendar_sync_events e
        where e.calendar_id = r.calendar_id and e.external_id = r.external_id
          and e.starts_at = r.starts_at and e.ends_at = r.ends_at
      )))::int as back
    from bulk_changes b
    join calendars c on c.id = b.calendar_id
    join calendar_connections k on k.id = b.connection_id
    join calendar_removals r on r.bulk_change_id = b.id and r.ends_at > ${at}
    where b.calendar_id = ${claim.calendarId} and b.decision is null
    group by b.id, k.organization_id, c.name
  `);
  if (open === undefined || !isHealed(open)) return;
  await tx.execute(sql`delete from calendar_removals where bulk_change_id = ${open.id}`);
  // Exported events lose their mark with the row.
  await tx.execute(sql`delete from bulk_changes where id = ${open.id}`);
  await resolveNotice(tx, claim.userId, bulkNoticeKey(open.id), now);
  await auditAs(tx, claim, open, "bulk_change.healed", now, { went: open.went, back: open.back });
  await announce(tx, claim.userId, ["integrations", "calendar", "bookings"]);
  log.info({ event: "bulk_change.healed", calendarId: claim.calendarId, went: open.went, back: open.back });
}
