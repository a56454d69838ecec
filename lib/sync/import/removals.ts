import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { prepared } from "@/db/prepared";
import type { PagePlan } from "@/lib/calendar/import-plan";
import { contains, type TimeRange } from "@/lib/calendar/time-range";
import type { Claim } from "@/lib/sync/import/claim";
import type { StoredRow } from "@/lib/sync/import/stored-events";

/** What a round reads, and since when. */
export interface Reading {
  window: TimeRange;
  startedAt: Date;
}

/** Columns of `calendar_sync_events` that evidence keeps. */
const KEPT = sql.raw("external_id, series_id, title, starts_at, ends_at, start_date, end_date");

/**
 * Events of a plan that leave (part of) the time they had for other times. Ours count when their owner moved them: a
 * booking that moved takes its event along.
 */
export function movedEvents(plan: PagePlan, stored: ReadonlyMap<string, StoredRow>): ReadonlySet<string> {
  const moved = plan.updates.filter(({ event, range, displaced }) => {
    const row = stored.get(event.externalId);
    if (row === undefined || contains(range, row.range)) return false;
    return displaced || !(row.own || row.displaced);
  });
  return new Set(moved.map(({ event }) => event.externalId));
}

/** Deletes events and keeps, in the same statement, what that took of the time ahead. */
export async function deleteEvents(
  tx: Tx,
  claim: Claim,
  externalIds: readonly string[],
  reading: Reading,
): Promise<void> {
  await prepared(tx).execute(sql`
    with gone as (
      delete from calendar_sync_events e where ${named(claim, externalIds)}
      returning ${evidence(claim)}
    )
    ${keep(claim, "removed", reading)}
    where ${wasAhead(reading)} and (not g.own or exists (
      select from calendar_exported_bookings x
      where x.user_id = ${claim.userId} and x.external_id = g.external_id and x.desired = 'present'
    ))
  `);
}

/** Keeps where events were that are about to be written with other times. */
export async function keepMoved(
  tx: Tx,
  claim: Claim,
  externalIds: readonly string[],
  reading: Reading,
): Promise<void> {
  await prepared(tx).execute(sql`
    with gone as (select ${evidence(claim)} from calendar_sync_events e where ${named(claim, externalIds)})
    ${keep(claim, "moved", reading)}
    where ${wasAhead(reading)}
  `);
}

function named({ calendarId }: Claim, externalIds: readonly string[]): SQL {
  return sql`e.calendar_id = ${calendarId}
    and e.external_id in (select jsonb_array_elements_text(${JSON.stringify(externalIds)}::jsonb))`;
}

function evidence({ checked, canWrite, settings }: Claim): SQL {
  return sql`${KEPT}, e.own or e.displaced as own, (${checked}::boolean or e.displaced) and event_blocks(
      e.kind, e.status, e.show_as, e.response, e.start_date is not null, e.starts_at >= e.ends_at,
      e.own, e.override, ${canWrite}, ${settings.allDayEvents}, ${settings.tentative}) as blocked`;
}

function keep({ calendarId, userId }: Claim, how: "removed" | "moved", { startedAt }: Reading): SQL {
  return sql`insert into calendar_removals (
      id, calendar_id, user_id, how, ${KEPT}, own, blocked, removed_at
    )
    select gen_random_uuid(), ${calendarId}::uuid, ${userId}::uuid, ${how}, ${KEPT}, own, blocked,
      ${startedAt.toISOString()}::timestamptz
    from gone g`;
}

/** Ahead, and where this reading would have met it: a window that slides has not taken anything away. */
function wasAhead({ window, startedAt }: Reading): SQL {
  return sql`g.ends_at > ${startedAt.toISOString()}::timestamptz
    and g.starts_at < ${window.end.toISOString()}::timestamptz`;
}
