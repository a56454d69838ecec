import { sql } from "drizzle-orm";
import type { Db, Tx } from "@/db/client";
import { isLeased, LEASE_FROM_NOW } from "@/db/lease";
import type { REMOTE_STATES } from "@/db/schema/exports";
import { exportKey } from "@/lib/calendar/export-key";
import { UTC } from "@/lib/calendar/time-zone";
import type { Services } from "@/lib/connections/services";
import type { Access } from "@/lib/providers/access";
import type { CalendarProvider } from "@/lib/providers/calendar-provider";
import { ProviderError } from "@/lib/providers/provider-error";
import { classOf } from "@/lib/sync/export/failure";

interface Doomed extends Record<string, unknown> {
  id: string;
  booking_id: string;
  id_generation: number;
  external_id: string | null;
  calendar_external_id: string;
  remote_state: (typeof REMOTE_STATES)[number];
  lease_epoch: number;
  wanted_seq: number;
}

/** Whether a leaving connection still has events its owner wants gone. */
export async function hasDoomedExports(db: Db, connectionId: string): Promise<boolean> {
  const rows = await db.execute(
    sql`select from calendar_exported_bookings x where ${isDoomed(connectionId)} limit 1`,
  );
  return rows.length > 0;
}

function isDoomed(connectionId: string) {
  return sql`x.connection_id = ${connectionId} and x.desired = 'absent' and x.wanted_seq > x.done_seq`;
}

/**
 * Removes the events of a leaving connection, whatever their owner did to them: they asked for it. Repeatable at any
 * point; `onProgress` runs between them. Throws what keeps the rest from being removed now.
 */
export async function removeExports(
  services: Services,
  provider: CalendarProvider,
  access: Access,
  connectionId: string,
  onProgress: () => Promise<void>,
): Promise<void> {
  for (
    let row = await take(services.db, connectionId);
    row !== null;
    row = await take(services.db, connectionId)
  ) {
    await removeOne(services, provider, access, row);
    await onProgress();
  }
  if (await hasDoomedExports(services.db, connectionId)) {
    throw new ProviderError("transient", { detail: "export_in_flight" });
  }
}

async function take(db: Db, connectionId: string): Promise<Doomed | null> {
  const [row] = await db.execute<Doomed>(sql`
    update calendar_exported_bookings
    set lease_epoch = lease_epoch + 1, lease_until = ${LEASE_FROM_NOW}
    where id = (
      select x.id from calendar_exported_bookings x join bookings b on b.id = x.booking_id
      where ${isDoomed(connectionId)} and not ${isLeased("x")}
      order by b.starts_at, x.id
      limit 1
      for update of x skip locked
    )
    returning id, booking_id, id_generation, external_id, calendar_external_id, remote_state, lease_epoch, wanted_seq
  `);
  return row ?? null;
}

async function removeOne(
  services: Services,
  provider: CalendarProvider,
  access: Access,
  row: Doomed,
): Promise<void> {
  try {
    const externalId = row.external_id ?? (await nameOf(services, provider, access, row));
    if (externalId !== null && !(await removeFrom(provider, access, row.calendar_external_id, externalId))) {
      // Its owner moved it to another of their calendars: it kept its id, and is wherever it is found.
      if (row.remote_state === "relocated") await removeElsewhere(provider, access, row, externalId);
    }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    // What may not be removed stays; what cannot be now is tried again.
    if (classOf(error.kind) === "lasting") return leaveBehind(services.db, row, error.kind);
    await services.db.execute(sql`
      update calendar_exported_bookings set lease_until = null where ${isHeld(row)}
    `);
    throw error;
  }
  const at = sql`${services.clock.now().toISOString()}::timestamptz`;
  await services.db.execute(sql`
    update calendar_exported_bookings
    set done_seq = greatest(done_seq, ${row.wanted_seq}), lease_until = null, content_hash = null, shape_hash = null,
      etag = null, remote_updated_at = null, written_start = null, written_end = null, remote_state = 'in_place',
      remote_start = null, remote_end = null, remote_seen_at = ${at}, synced_at = ${at}, error_code = null,
      error_at = null, attempts = 0
    where ${isHeld(row)}
  `);
}

/** Whether it was there. */
async function removeFrom(
  provider: CalendarProvider,
  access: Access,
  calendarExternalId: string,
  externalId: string,
): Promise<boolean> {
  try {
    const calendar = { externalId: calendarExternalId, timeZone: UTC };
    await provider.events.remove(access, calendar, externalId, { etag: null });
    return true;
  } catch (error) {
    if (!(error instanceof ProviderError) || (error.kind !== "gone" && error.kind !== "not_found"))
      throw error;
    return false;
  }
}

/** Our rows of the account's calendars went with the disconnect, so the vendor is asked which there are. */
async function removeElsewhere(
  provider: CalendarProvider,
  access: Access,
  row: Doomed,
  externalId: string,
): Promise<void> {
  for (const { externalId: calendarId, canWrite } of await provider.listCalendars(access)) {
    if (!canWrite || calendarId === row.calendar_external_id) continue;
    if (await removeFrom(provider, access, calendarId, externalId)) return;
  }
}

/** The id a vendor gave in an answer that was lost; null: there is no such event. */
async function nameOf(
  { appOrigin }: Services,
  { vendor, events }: CalendarProvider,
  access: Access,
  row: Doomed,
): Promise<string | null> {
  const calendarExternalId = row.calendar_external_id;
  const place = { installation: appOrigin, bookingId: row.booking_id, provider: vendor, calendarExternalId };
  const key = exportKey({ ...place, generation: row.id_generation });
  const calendar = { externalId: calendarExternalId, timeZone: UTC };
  const found = await events.find(access, calendar, { externalId: null, key });
  return found?.status === "live" ? found.event.externalId : null;
}

async function leaveBehind(db: Db, row: Doomed, code: string): Promise<void> {
  await db.execute(sql`
    update calendar_exported_bookings
    set desired = 'left', done_seq = wanted_seq, lease_until = null, error_code = ${code}
    where ${isHeld(row)}
  `);
}

function isHeld({ id, lease_epoch: epoch }: Doomed) {
  return sql`id = ${id} and lease_epoch = ${epoch}`;
}

/** How many events a disconnect removed and how many it had to leave. What is not removed by now stays. */
export async function settleExports(
  tx: Tx,
  connectionId: string,
  since: Date,
): Promise<{ removedEvents: number; leftEvents: number }> {
  await tx.execute(sql`
    update calendar_exported_bookings x set desired = 'left', done_seq = x.wanted_seq, lease_until = null
    where ${isDoomed(connectionId)}
  `);
  const [row] = await tx.execute<{ removed: number; left: number }>(sql`
    select (count(*) filter (where x.desired = 'absent' and x.remote_seen_at >= ${since.toISOString()}::timestamptz))::int
        as removed,
      (count(*) filter (where x.desired = 'left' and x.written_start is not null))::int as left
    from calendar_exported_bookings x
    where x.connection_id = ${connectionId}
  `);
  return { removedEvents: row?.removed ?? 0, leftEvents: row?.left ?? 0 };
}
