import { sql } from "drizzle-orm";
import type { Ctx } from "@/lib/organizations/context";

/** The booking an event was written for, before its owner put the event elsewhere. Instants are RFC 3339. */
export interface DisplacedFrom {
  bookingId: string;
  clientName: string;
  start: string;
  end: string;
}

interface Row extends Record<string, unknown> {
  id: string;
  booking_id: string;
  client_name: string;
  start: string;
  end: string;
}

const ISO = sql.raw(`'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`);

/** Which of these events are ours and moved by their owner, with what they were written for. */
export async function displacedEvents(ctx: Ctx, ids: readonly string[]): Promise<Map<string, DisplacedFrom>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db.execute<Row>(sql`
    select distinct on (e.id) e.id, b.id as booking_id, b.client_name,
      to_char(b.starts_at at time zone 'UTC', ${ISO}) as start, to_char(b.ends_at at time zone 'UTC', ${ISO}) as end
    from calendar_sync_events e
    join calendar_exported_bookings x
      on x.user_id = e.user_id and x.provider = e.provider and x.external_id = e.external_id
    join bookings b on b.id = x.booking_id
    where e.user_id = ${ctx.userId} and e.displaced
      and e.id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid)
    order by e.id, (x.calendar_id = e.calendar_id) desc
  `);
  return new Map(
    rows.map(({ id, booking_id, client_name, start, end }) => [
      id,
      { bookingId: booking_id, clientName: client_name, start, end },
    ]),
  );
}
