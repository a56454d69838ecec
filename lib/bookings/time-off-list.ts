import { and, asc, eq, gt, lt } from "drizzle-orm";
import { timeOff } from "@/db/schema/time-off";
import type { Ctx } from "@/lib/organizations/context";

/** Time blocked by hand, as its owner manages it. */
export interface TimeOff {
  id: string;
  title: string | null;
  start: string;
  end: string;
  allDay: boolean;
  /** The wholesale change whose freed time it holds; null for what was entered by hand. */
  bulkChangeId: string | null;
}

/** What overlaps the range, in order of time, at most `limit`. */
export async function listTimeOff(
  ctx: Ctx,
  range: { from: Date; to: Date },
  limit: number,
): Promise<TimeOff[]> {
  const rows = await ctx.db
    .select()
    .from(timeOff)
    .where(
      and(eq(timeOff.userId, ctx.userId), gt(timeOff.endsAt, range.from), lt(timeOff.startsAt, range.to)),
    )
    .orderBy(asc(timeOff.startsAt), asc(timeOff.id))
    .limit(limit);
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    start: row.startsAt.toISOString(),
    end: row.endsAt.toISOString(),
    allDay: row.allDay,
    bulkChangeId: row.bulkChangeId,
  }));
}
