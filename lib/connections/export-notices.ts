import { eq, type SQL, sql } from "drizzle-orm";
import type { Db, Tx } from "@/db/client";
import { calendarConnections } from "@/db/schema/connections";
import { noticed } from "@/lib/connections/connection-notices";
import { notify, resolveNotices } from "@/lib/organizations/notify";

/** The vendor refuses this one event; anything else that lasts is its connection's fault. */
const OF_ONE_EVENT = "invalid_request";

/** Where a whole week of events is refused one by one, the account's card counts them; these are told. */
const MOST_EVENTS_TOLD = 5;

interface FailedExport {
  exportId: string;
  bookingId: string;
  connectionId: string;
  service: string;
  startsAt: Date;
  code: string;
}

/**
 * An event of a booking cannot be written, and not for a moment only: told once per connection, or per event where it
 * is the event's own fault. The caller's transaction has fenced the export, which holds its connection's row.
 */
export async function tellExportFailed(tx: Tx, failed: FailedExport, now: Date): Promise<void> {
  const { connectionId, exportId, bookingId, code, service, startsAt } = failed;
  const [row] = await tx.select().from(calendarConnections).where(eq(calendarConnections.id, connectionId));
  if (row === undefined || row.reconnectReason !== null) return;
  // A look at an event that stands is no write that failed: told, it would be over at once, at every try.
  const fails = await tx.execute(sql`${failing(now)} and x.id = ${exportId}`);
  if (fails.length === 0) return;
  const { userId, provider, account } = noticed(row);
  const kind = "export_failed";
  if (code !== OF_ONE_EVENT) {
    const subject = { type: "integration", id: connectionId } as const;
    const params = { provider, account, code };
    await notify(tx, { userId, kind, subject, params, dedupeKey: `exports:${connectionId}` }, now);
  } else if ((await countTold(tx, userId)) < MOST_EVENTS_TOLD) {
    const subject = { type: "booking", id: bookingId } as const;
    const params = { provider, account, code, service, start: startsAt.toISOString() };
    await notify(tx, { userId, kind, subject, params, dedupeKey: `export:${exportId}` }, now);
  }
}

async function countTold(tx: Tx, userId: string): Promise<number> {
  const [row] = await tx.execute<{ told: number }>(sql`
    select count(*)::int as told from notifications n
    where n.user_id = ${userId} and n.resolved_at is null and n.kind = 'export_failed' and n.subject_type = 'booking'
  `);
  return row?.told ?? 0;
}

/** Ends what was told of a person's exports and is no longer so: written, not wanted any more, or over. */
export async function resolveExported(db: Db, userId: string, now: Date): Promise<void> {
  await resolveNotices(db, sql`n.user_id = ${userId}::uuid and ${isWritten(now)}`, now);
}

/** Over `notifications n`: it tells of exports of which none fails any more. */
export function isWritten(now: Date): SQL {
  return sql`n.kind = 'export_failed' and not exists (
      ${failing(now)} and x.connection_id = n.subject_id::uuid and x.error_code <> ${OF_ONE_EVENT}
    ) and not exists (
      ${failing(now)} and x.booking_id = n.subject_id::uuid and n.dedupe_key = 'export:' || x.id
    )`;
}

/** Selects those `calendar_exported_bookings x` that are still to be written or removed, and failed at it. */
function failing(now: Date): SQL {
  return sql`select from calendar_exported_bookings x join bookings b on b.id = x.booking_id
    where x.error_code is not null and x.desired <> 'left' and x.wanted_seq > x.done_seq
      and (x.desired = 'absent' or b.ends_at > ${now.toISOString()}::timestamptz)`;
}
