import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { enqueue } from "@/db/outbox";

interface ExportScope {
  userId: string;
  /** Absent: all of the person's bookings that are not over. */
  bookingIds?: readonly string[];
  /** Their content changed (a booking moved, details or titles set otherwise): written again where it is there. */
  touch: boolean;
}

/**
 * Brings what is wanted in the outside calendars in line with bookings and settings: each confirmed booking that is
 * not over has one event in the target calendar of each exporting connection (its service's own target calendar
 * comes first), and none elsewhere in it. The caller holds the person's lock; the exporter does the rest.
 */
export async function planExports(tx: Tx, scope: ExportScope, now: Date): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const chosen =
    scope.bookingIds === undefined
      ? sql`true`
      : sql`b.id in (select jsonb_array_elements_text(${JSON.stringify(scope.bookingIds)}::jsonb)::uuid)`;
  const touched = await tx.execute<{ connection_id: string }>(sql`
    with ${targets(scope.userId, chosen, at)}, placed as (
      insert into calendar_exported_bookings as x (
        id, booking_id, user_id, connection_id, provider, calendar_id, calendar_external_id, desired, next_attempt_at,
        created_at
      )
      select gen_random_uuid(), t.booking_id, ${scope.userId}::uuid, t.connection_id, t.provider, t.calendar_id,
        t.calendar_external_id, 'present', ${at}, ${at}
      from targets t
      on conflict (booking_id, provider, calendar_external_id) do update set
        desired = 'present', connection_id = excluded.connection_id, calendar_id = excluded.calendar_id,
        wanted_seq = x.wanted_seq + 1, ${afresh(at)},
        -- Nobody judged what its owner did to it while export was off.
        verify = x.verify or (x.desired = 'left' and x.connection_id = excluded.connection_id
          and x.written_start is not null)
      where ${scope.touch} or x.desired <> 'present' or x.connection_id is distinct from excluded.connection_id
        or x.calendar_id is distinct from excluded.calendar_id
      returning x.connection_id
    ), taken_back as (
      update calendar_exported_bookings x
      set desired = w.desired, wanted_seq = x.wanted_seq + 1, ${afresh(at)},
        done_seq = case when w.desired = 'left' then x.wanted_seq + 1 else x.done_seq end
      from (
        select o.id, ${desiredElsewhere} as desired
        from calendar_exported_bookings o
        join bookings b on b.id = o.booking_id
        left join calendar_connections k on k.id = o.connection_id
        where o.user_id = ${scope.userId} and ${chosen} and (b.status = 'cancelled' or b.ends_at > ${at})
          and not exists (
            select from targets t
            where t.booking_id = o.booking_id and t.provider = o.provider
              and t.calendar_external_id = o.calendar_external_id
          )
      ) w
      where w.id = x.id and x.desired <> w.desired
      returning x.connection_id
    )
    select connection_id from placed union select connection_id from taken_back where connection_id is not null
  `);
  for (const row of touched) {
    await enqueue(tx, { name: "connection/exports.due", data: { connectionId: row.connection_id } }, now);
  }
}

/** Where each booking's events belong. Two accounts that share a calendar need one event in it, not two. */
function targets(userId: string, chosen: SQL, at: SQL): SQL {
  return sql`targets as (
      select distinct on (b.id, k.provider, c.external_id)
        b.id as booking_id, k.id as connection_id, k.provider, c.id as calendar_id,
        c.external_id as calendar_external_id
      from bookings b
      join services s on s.id = b.service_id
      join calendar_connections k
        on k.user_id = b.user_id and k.export_enabled and k.disconnecting_at is null
      left join calendars own on own.id = s.target_calendar_id and own.connection_id = k.id
      join calendars c on c.id = coalesce(own.id, k.target_calendar_id) and c.connection_id = k.id
      where b.user_id = ${userId} and ${chosen} and b.status = 'confirmed' and b.ends_at > ${at}
      order by b.id, k.provider, c.external_id, c.can_write desc, k.connected_at, k.id
    )`;
}

/**
 * Over an exported row that no target wants: removed while its connection exports, else left as it is. What was to be
 * removed before export was switched off still is, such as events that moved to another account.
 */
const desiredElsewhere = sql`case
          when k.id is null or k.disconnecting_at is not null then 'left'
          when not k.export_enabled then case when o.desired = 'absent' then 'absent' else 'left' end
          when b.status = 'cancelled' or k.target_calendar_id is not null then 'absent'
          else 'left'
        end`;

/** Over `x`: an error of before is forgiven and keeps nothing waiting. A wait the vendor asked for is not. */
export function afresh(at: SQL): SQL {
  const waits = sql`coalesce(x.error_code in ('rate_limited', 'quota_exhausted') and x.next_attempt_at > ${at}, false)`;
  return sql`attempts = case when ${waits} then x.attempts else 0 end,
    next_attempt_at = case when ${waits} then x.next_attempt_at else ${at} end,
    error_code = case when ${waits} then x.error_code end, error_at = case when ${waits} then x.error_at end`;
}
