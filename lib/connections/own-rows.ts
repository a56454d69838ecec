import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { isLeased } from "@/db/lease";
import type { ExportedEvent } from "@/lib/calendar/echo";
import type { OwnFacts } from "@/lib/calendar/own-event";
import type { TimeRange } from "@/lib/calendar/time-range";
import type { Vendor } from "@/lib/providers/calendar-provider";

/** A row of `calendar_exported_bookings` with its booking. */
export interface OwnRow extends ExportedEvent, OwnFacts {
  readonly id: string;
  readonly connectionId: string | null;
  readonly calendarId: string | null;
  readonly syncedAt: Date | null;
}

interface RawRow extends Record<string, unknown> {
  id: string;
  booking_id: string;
  connection_id: string | null;
  calendar_id: string | null;
  provider: Vendor;
  calendar_external_id: string;
  external_id: string;
  ical_uid: string | null;
  desired: OwnFacts["desired"];
  confirmed: boolean;
  booked_start: string;
  booked_end: string;
  written_start: string | null;
  written_end: string | null;
  shape_hash: string | null;
  etag: string | null;
  updated: string | null;
  remote_state: OwnFacts["remoteState"];
  remote_start: string | null;
  remote_end: string | null;
  verify: boolean;
  open: boolean;
  in_flight: boolean;
  stands: boolean;
  synced: string | null;
}

/** Milliseconds since 1970 as text, which no driver rounds or lays into a zone. */
export const ms = (column: string) => sql.raw(`(extract(epoch from ${column}) * 1000)::bigint::text`);

/** The rows `chosen` selects the ids of, as seen from a calendar. With `lock` nobody changes them until commit. */
export async function loadRows(
  db: Db,
  chosen: SQL,
  calendarId: string,
  options: { lock: boolean } = { lock: false },
): Promise<OwnRow[]> {
  const rows = await db.execute<RawRow>(sql`
    select x.id, x.booking_id, x.connection_id, x.calendar_id, x.provider, x.calendar_external_id, x.external_id,
      x.ical_uid, x.desired, b.status = 'confirmed' as confirmed,
      ${ms("b.starts_at")} as booked_start, ${ms("b.ends_at")} as booked_end,
      ${ms("x.written_start")} as written_start, ${ms("x.written_end")} as written_end, x.shape_hash, x.etag,
      ${ms("x.remote_updated_at")} as updated, x.remote_state, ${ms("x.remote_start")} as remote_start,
      ${ms("x.remote_end")} as remote_end, x.verify, x.wanted_seq > x.done_seq as open,
      ${isLeased("x")} as in_flight, ${ms("x.synced_at")} as synced,
      exists (
        select from calendar_sync_events e
        where e.calendar_id = x.calendar_id and e.external_id = x.external_id and e.calendar_id <> ${calendarId}
      ) as stands
    from calendar_exported_bookings x join bookings b on b.id = x.booking_id
    where x.id in (${chosen}) and x.external_id is not null
    ${options.lock ? sql`order by x.id for update of x` : sql``}
  `);
  return rows.map(toRow);
}

function toRow(row: RawRow): OwnRow {
  return {
    id: row.id,
    bookingId: row.booking_id,
    connectionId: row.connection_id,
    calendarId: row.calendar_id,
    provider: row.provider,
    calendarExternalId: row.calendar_external_id,
    externalId: row.external_id,
    iCalUid: row.ical_uid,
    desired: row.desired,
    confirmed: row.confirmed,
    booked: { start: new Date(Number(row.booked_start)), end: new Date(Number(row.booked_end)) },
    written: rangeOf(row.written_start, row.written_end),
    shapeHash: row.shape_hash,
    etag: row.etag,
    updatedAt: dateOf(row.updated),
    remoteState: row.remote_state,
    remote: rangeOf(row.remote_start, row.remote_end),
    verify: row.verify,
    open: row.open,
    inFlight: row.in_flight,
    stands: row.stands,
    syncedAt: dateOf(row.synced),
  };
}

function dateOf(milliseconds: string | null): Date | null {
  return milliseconds === null ? null : new Date(Number(milliseconds));
}

function rangeOf(start: string | null, end: string | null): TimeRange | null {
  return start === null || end === null
    ? null
    : { start: new Date(Number(start)), end: new Date(Number(end)) };
}

/** A list as one parameter: a list of parameters would be another statement each time. */
export function listed(values: readonly string[]): SQL {
  return sql`select jsonb_array_elements_text(${JSON.stringify(values)}::jsonb)`;
}

/** The rows of one vendor by their event's id; two bookings never share one in the same calendar. */
export function rowsById(rows: readonly OwnRow[], vendor: Vendor): ReadonlyMap<string, readonly OwnRow[]> {
  const byId = new Map<string, OwnRow[]>();
  for (const row of rows) {
    if (row.provider !== vendor) continue;
    const named = byId.get(row.externalId);
    if (named) named.push(row);
    else byId.set(row.externalId, [row]);
  }
  return byId;
}
