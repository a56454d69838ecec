import { sql } from "drizzle-orm";

/**
 * Over `calendar_exported_bookings x`: its event went or moved within a wholesale change that its owner has not
 * called their own. Nothing may follow from its remote state but what its owner asks for.
 */
export const isHeldExport = sql`exists (
    select from bulk_changes h where h.id = x.bulk_change_id and h.decision is distinct from 'accepted'
  )`;
