import { sql } from "drizzle-orm";
import { withTransaction } from "@/db/transaction";
import { exportBookingAgain } from "@/lib/bookings/export-again";
import type { Services } from "@/lib/connections/services";
import { recordAudit } from "@/lib/organizations/audit";
import type { Ctx } from "@/lib/organizations/context";

/**
 * Writes the bookings again whose events went or moved with a wholesale change, one after the other. What was asked
 * for before is not asked for twice, so a repetition finishes what a crash left. Answers how many it asked for.
 */
export async function restoreEvents(services: Services, ctx: Ctx, changeId: string): Promise<number> {
  const rows = await ctx.db.execute<{ id: string }>(sql`
    select distinct b.id, b.starts_at
    from calendar_exported_bookings x join bookings b on b.id = x.booking_id
    where b.user_id = ${ctx.userId} and x.bulk_change_id = ${changeId} and x.desired = 'present'
      and b.status = 'confirmed' and b.ends_at > ${ctx.now.toISOString()}::timestamptz
      and (x.verify or x.remote_state in ('deleted', 'moved', 'relocated'))
    order by b.starts_at, b.id
  `);
  for (const { id } of rows) await exportBookingAgain(services, ctx, id);
  if (rows.length === 0) return 0;
  await withTransaction(ctx.db, (tx) =>
    recordAudit(tx, ctx, {
      action: "bulk_change.events_restored",
      subject: { type: "bulk_change", id: changeId },
      details: { bookings: rows.length },
    }),
  );
  return rows.length;
}
