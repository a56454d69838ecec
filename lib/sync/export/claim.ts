import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { isLeased, LEASE_FROM_NOW } from "@/db/lease";
import type { calendarExportedBookings } from "@/db/schema/exports";
import { LONGEST_EXPORT_WAIT_MS } from "@/lib/calendar/export-schedule";
import type { TimeRange } from "@/lib/calendar/time-range";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import { isAdmitted } from "@/lib/connections/admitted";
import type { Vendor } from "@/lib/providers/calendar-provider";
import type { BookingFacts } from "@/lib/sync/export/draft";

type ExportRow = typeof calendarExportedBookings.$inferSelect;

/** The events of one connection in one calendar: written one after the other, because vendors want it so. */
export interface ExportPlace {
  connectionId: string;
  calendarExternalId: string;
}

/** One exported event taken for one go, with what is wanted of it as of the claim. */
export interface ExportClaim
  extends Pick<
    ExportRow,
    | "id"
    | "userId"
    | "desired"
    | "wantedSeq"
    | "idGeneration"
    | "externalId"
    | "etag"
    | "contentHash"
    | "remoteState"
    | "verify"
    | "attempts"
    | "leaseEpoch"
    | "calendarExternalId"
  > {
  connectionId: string;
  connectionGeneration: number;
  /** Where its owner had moved it to, when it is to be removed with its booking; null: it is where we wrote it. */
  movedTo: string | null;
  vendor: Vendor;
  written: TimeRange | null;
  timeZone: TimeZoneId;
  booking: BookingFacts;
  cancelled: boolean;
  details: "full" | "minimal";
  locale: string;
}

/** The row no longer belongs to this worker. Whoever has it now finds what was done at the vendor. */
export class LostClaimError extends Error {
  constructor(id: string) {
    super(`exported event ${id} was taken from this worker`);
    this.name = "LostClaimError";
  }
}

/** Over `calendar_connections k`: its calendars may be written to at all. */
export function isWritable() {
  return sql`k.disconnecting_at is null and k.reconnect_reason is null and ${isAdmitted(sql.raw("k"))}`;
}

/**
 * Over `calendar_exported_bookings x` and `bookings b`: there is something to do now. An event that only lost its
 * place goes when its successor is written, so that a booking is never without one; a successor in another account is
 * waited for while no other event of the booking stands.
 */
export function isDueExport(now: Date) {
  const at = sql`${now.toISOString()}::timestamptz`;
  return sql`(x.wanted_seq > x.done_seq or x.verify) and (x.desired <> 'left' or x.verify)
    and (x.desired <> 'present' or b.ends_at > ${at} or x.verify)
    and not ${isAhead("x", now)}
    and not (x.desired = 'absent' and b.status = 'confirmed' and b.ends_at > ${at} and exists (
      select from calendar_exported_bookings y
      where y.booking_id = x.booking_id and y.id <> x.id and y.desired = 'present' and y.written_start is null
        and (y.connection_id = x.connection_id or not exists (
          select from calendar_exported_bookings z
          where z.booking_id = x.booking_id and z.id <> x.id and z.desired = 'present' and z.written_start is not null
        ))
    ))`;
}

function isAhead(alias: string, now: Date) {
  const next = sql.raw(`${alias}.next_attempt_at`);
  const at = sql`${now.toISOString()}::timestamptz`;
  return sql`(${next} > ${at} and ${next} <= ${at} + ${LONGEST_EXPORT_WAIT_MS} * interval '1 millisecond')`;
}

/**
 * Whether a connection may be written to now: it is alive, nobody forbids it, and no wait its vendor asked for still
 * runs. That binds every event of it. Of constants alone, so that it is looked at once, not for each event.
 */
export function isOpen(connectionId: string, now: Date) {
  return sql`exists (select from calendar_connections k where k.id = ${connectionId}::uuid and ${isWritable()})
    and not exists (
      select from calendar_exported_bookings w
      where w.connection_id = ${connectionId}::uuid and (w.wanted_seq > w.done_seq or w.verify)
        and w.error_code in ('rate_limited', 'quota_exhausted') and ${isAhead("w", now)}
    )`;
}

/**
 * Takes the next event of a place, the earliest booking first, unless another worker is writing there. The lease runs
 * on the database's clock and bumps the epoch. Null: nothing to do here now.
 */
export async function claimNext(db: Db, place: ExportPlace, now: Date): Promise<ExportClaim | null> {
  const { connectionId, calendarExternalId } = place;
  const [taken] = await db.execute<{ id: string; lease_epoch: number }>(sql`
    update calendar_exported_bookings o
    set lease_epoch = o.lease_epoch + 1, lease_until = ${LEASE_FROM_NOW}
    where o.id = (
      select x.id
      from calendar_exported_bookings x join bookings b on b.id = x.booking_id
      where x.connection_id = ${connectionId} and x.calendar_external_id = ${calendarExternalId}
        and ${isDueExport(now)}
      order by b.starts_at, (x.desired = 'present') desc, x.id
      limit 1
    ) and not ${isLeased("o")} and ${isOpen(connectionId, now)}
      and not exists (
        select from calendar_exported_bookings l
        where l.connection_id = ${connectionId} and l.calendar_external_id = ${calendarExternalId}
          and ${isLeased("l")}
      )
    returning o.id, o.lease_epoch
  `);
  return taken === undefined ? null : readClaim(db, taken.id, taken.lease_epoch);
}

interface ClaimRow extends Record<string, unknown> {
  claim: Omit<ExportClaim, "written" | "booking"> & {
    writtenStart: string | null;
    writtenEnd: string | null;
    booking: Omit<BookingFacts, "startsAt" | "endsAt"> & { startsAt: string; endsAt: string };
  };
}

/** What is wanted and its number are of one moment: a booking that moves later raises the number above this one. */
async function readClaim(db: Db, id: string, leaseEpoch: number): Promise<ExportClaim | null> {
  const [row] = await db.execute<ClaimRow>(sql`
    select jsonb_build_object(
      'id', x.id, 'userId', x.user_id, 'desired', x.desired, 'wantedSeq', x.wanted_seq,
      'idGeneration', x.id_generation, 'externalId', x.external_id, 'etag', x.etag, 'contentHash', x.content_hash,
      'remoteState', x.remote_state, 'verify', x.verify, 'attempts', x.attempts, 'leaseEpoch', x.lease_epoch,
      'calendarExternalId', x.calendar_external_id, 'connectionId', k.id, 'connectionGeneration', k.generation,
      'movedTo', case when x.remote_state = 'relocated' and x.desired = 'absent' and b.status = 'cancelled' then (
        select t.external_id from calendars t join calendar_sync_events e on e.calendar_id = t.id
        where t.connection_id = k.id and t.external_id <> x.calendar_external_id and e.external_id = x.external_id
        order by t.id limit 1
      ) end,
      'vendor', x.provider, 'writtenStart', x.written_start, 'writtenEnd', x.written_end,
      'timeZone', coalesce(c.time_zone, u.time_zone), 'cancelled', b.status = 'cancelled',
      'details', k.export_details, 'locale', u.locale,
      'booking', jsonb_build_object(
        'id', b.id, 'kind', b.kind, 'startsAt', b.starts_at, 'endsAt', b.ends_at, 'clientName', b.client_name,
        'clientEmail', b.client_email, 'clientPhone', b.client_phone, 'address', b.address,
        'instructions', b.instructions, 'serviceName', s.name, 'serviceLocation', s.location
      )
    ) as claim
    from calendar_exported_bookings x
    join bookings b on b.id = x.booking_id
    join services s on s.id = b.service_id
    join users u on u.id = x.user_id
    join calendar_connections k on k.id = x.connection_id
    left join calendars c on c.id = x.calendar_id
    where x.id = ${id} and x.lease_epoch = ${leaseEpoch}
  `);
  if (row === undefined) return null;
  const { writtenStart, writtenEnd, booking, ...rest } = row.claim;
  return {
    ...rest,
    written:
      writtenStart === null || writtenEnd === null
        ? null
        : { start: new Date(writtenStart), end: new Date(writtenEnd) },
    booking: { ...booking, startsAt: new Date(booking.startsAt), endsAt: new Date(booking.endsAt) },
  };
}

/** Over exported events: still this worker's, and the connection still the one it was claimed for. */
export function holds(claim: ExportClaim) {
  return sql`calendar_exported_bookings.id = ${claim.id}
    and calendar_exported_bookings.lease_epoch = ${claim.leaseEpoch}
    and exists (
      select from calendar_connections k
      where k.id = ${claim.connectionId} and k.generation = ${claim.connectionGeneration}
        and k.disconnecting_at is null
      for share
    )`;
}

/** Prolongs the lease before another request goes out. Throws `LostClaimError`. */
export async function prolong(db: Db, claim: ExportClaim): Promise<void> {
  const rows = await db.execute(sql`
    update calendar_exported_bookings set lease_until = ${LEASE_FROM_NOW}
    where ${holds(claim)} returning id
  `);
  if (rows.length === 0) throw new LostClaimError(claim.id);
}

/** Gives the row back as it is. */
export async function release(db: Db, claim: ExportClaim): Promise<void> {
  await db.execute(sql`
    update calendar_exported_bookings set lease_until = null
    where id = ${claim.id} and lease_epoch = ${claim.leaseEpoch}
  `);
}

/** After a lost claim: what this worker asked for may still appear, so a removal that went before it comes again. */
export async function abandon(db: Db, claim: ExportClaim, now: Date): Promise<void> {
  await release(db, claim);
  await db.execute(sql`
    update calendar_exported_bookings
    set wanted_seq = wanted_seq + 1, next_attempt_at = ${now.toISOString()}::timestamptz
    where id = ${claim.id} and desired = 'absent' and external_id is not null
  `);
}
