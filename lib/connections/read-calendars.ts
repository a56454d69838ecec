import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { isAdmitted } from "@/lib/connections/admitted";

/** Over `calendars c` and `calendar_connections k`: it is checked for conflicts, so every event in it matters. */
export const isChecked: SQL = sql`(c.selected and k.import_enabled)`;

/**
 * Over the same: bookings are added to it, by the connection's choice or a service's, so what its owner does to our
 * events in it matters. A service counts though it is deleted: bookings keep it.
 */
export const receivesBookings: SQL = sql`(k.export_enabled and (
      k.target_calendar_id = c.id
      or exists (select from services s where s.user_id = c.user_id and s.target_calendar_id = c.id)
    ))`;

/** Over the same: somebody needs it read, and nothing forbids it. */
export function isReadable(): SQL {
  return sql`(${isChecked} or ${receivesBookings}) and k.disconnecting_at is null and k.reconnect_reason is null
    and ${isAdmitted(sql.raw("k"))}`;
}

/** The calendars of a connection that are read at all. The caller holds the connection. */
export async function calendarsToRead(tx: Tx, connectionId: string): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select c.id from calendars c join calendar_connections k on k.id = c.connection_id
    where k.id = ${connectionId} and (${isChecked} or ${receivesBookings})
    order by c.id
  `);
  return rows.map((row) => row.id);
}
