import { sql } from "drizzle-orm";
import {
  type BulkChange,
  findBulkChange,
  ISO,
  listBulkChanges as selectBulkChanges,
} from "@/lib/bookings/bulk-change-view";
import { type ExportFacts, type ExportStatus, exportStatus } from "@/lib/calendar/export-status";
import { isHeldExport } from "@/lib/connections/held-exports";
import { lostEvents } from "@/lib/connections/lost-events";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import type { Page, PageRequest } from "@/lib/platform/page";

/** An event that is upcoming and not where it was, a series told once by the first of its occurrences concerned. */
interface ChangedEvent {
  title: string | null;
  how: "removed" | "moved";
  start: string;
  end: string;
  allDay: boolean;
  startDate: string | null;
  endDate: string | null;
  occurrences: number;
  /** It was written here for a booking. */
  own: boolean;
}

/** A booking whose event went or moved with it. The booking itself stands. */
interface AffectedBooking {
  id: string;
  serviceName: string;
  clientName: string;
  start: string;
  end: string;
  status: "confirmed" | "cancelled";
  event: { status: ExportStatus; code: string | null };
  /** Until the change is accepted: nothing follows for the booking from what became of its event. */
  held: boolean;
}

export interface BulkChangeDetail extends BulkChange {
  events: ChangedEvent[];
  /** Events beyond those that are listed. */
  moreEvents: number;
  bookings: AffectedBooking[];
  /** Pieces of time that are blocked because of it. */
  heldTimes: number;
}

/** More than anybody reads. */
const MOST_EVENTS = 100;
const MOST_BOOKINGS = 200;

/** The caller's wholesale changes, the latest first. */
export async function listBulkChanges(
  ctx: Ctx,
  filter: { status?: "open" | "decided" | undefined },
  page: PageRequest,
): Promise<Page<BulkChange>> {
  requireScope(ctx, "read");
  return selectBulkChanges(ctx, filter, page);
}

export async function getBulkChange(ctx: Ctx, id: string): Promise<BulkChangeDetail> {
  requireScope(ctx, "read");
  return readBulkChange(ctx, id);
}

/** As `getBulkChange`, for verbs that have asked for their own scope. Throws `not_found`. */
export async function readBulkChange(ctx: Ctx, id: string): Promise<BulkChangeDetail> {
  const change = isId(id) ? await findBulkChange(ctx, id) : null;
  if (change === null) throw notFound("bulk change");
  const [events, bookings, [held]] = await Promise.all([
    readEvents(ctx, change),
    readBookings(ctx, id),
    ctx.db.execute<{ times: number }>(sql`
      select count(*)::int as times from time_off where user_id = ${ctx.userId} and bulk_change_id = ${id}
    `),
  ]);
  const things = events[0]?.things ?? 0;
  return {
    ...change,
    events: events.map(({ things: _all, ...event }) => event),
    moreEvents: things - events.length,
    bookings,
    heldTimes: held?.times ?? 0,
  };
}

interface EventRow extends Record<string, unknown>, ChangedEvent {
  things: number;
}

async function readEvents({ db, now }: Ctx, { id, calendarId, since }: BulkChange): Promise<EventRow[]> {
  const lost = lostEvents(sql`r.bulk_change_id = ${id}`, { calendarId, since: new Date(since), now });
  return db.execute<EventRow>(sql`
    select t.title, t.how, to_char(t.starts_at at time zone 'UTC', ${ISO}) as start,
      to_char(t.ends_at at time zone 'UTC', ${ISO}) as end, t.start_date is not null as "allDay",
      t.start_date::text as "startDate", t.end_date::text as "endDate", t.occurrences, t.own,
      (count(*) over ())::int as things
    from (
      select distinct on (coalesce(l.series_id, l.external_id)) l.title, l.starts_at, l.ends_at, l.start_date,
        l.end_date, l.own, case when l.elsewhere then 'moved' else 'removed' end as how,
        (count(*) over (partition by coalesce(l.series_id, l.external_id)))::int as occurrences
      from ${lost} l
      order by coalesce(l.series_id, l.external_id), l.starts_at, l.external_id
    ) t
    order by t.starts_at, t.title
    limit ${MOST_EVENTS}
  `);
}

interface BookingRow extends Record<string, unknown>, Omit<AffectedBooking, "event"> {
  facts: Omit<ExportFacts, "over">;
}

async function readBookings({ db, userId, now }: Ctx, id: string): Promise<AffectedBooking[]> {
  const rows = await db.execute<BookingRow>(sql`
    select b.id, s.name as "serviceName", b.client_name as "clientName", b.status,
      to_char(b.starts_at at time zone 'UTC', ${ISO}) as start, to_char(b.ends_at at time zone 'UTC', ${ISO}) as end,
      jsonb_build_object('desired', x.desired, 'wantedSeq', x.wanted_seq, 'doneSeq', x.done_seq, 'verify', x.verify,
        'written', x.written_start is not null, 'remoteState', x.remote_state, 'errorCode', x.error_code) as facts,
      ${isHeldExport} as held
    from calendar_exported_bookings x
    join bookings b on b.id = x.booking_id
    join services s on s.id = b.service_id
    where x.user_id = ${userId} and x.bulk_change_id = ${id}
    order by b.starts_at, b.id, x.id
    limit ${MOST_BOOKINGS}
  `);
  return rows.map(({ facts, ...booking }) => ({
    ...booking,
    event: exportStatus({ ...facts, over: new Date(booking.end) <= now }),
  }));
}
