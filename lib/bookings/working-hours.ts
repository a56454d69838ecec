import { eq } from "drizzle-orm";
import type { Db } from "@/db/client";
import { announce } from "@/db/live";
import { type StoredHours, WEEKDAYS, workingHours } from "@/db/schema/bookings";
import { users } from "@/db/schema/users";
import { withProviderTime } from "@/db/transaction";
import { USUAL_WEEK } from "@/lib/bookings/usual-week";
import { type WorkingHoursInput, workingHoursInput } from "@/lib/bookings/working-hours-input";
import { recordAudit } from "@/lib/organizations/audit";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { moveDaysOff } from "@/lib/organizations/me";
import { AppError, notFound } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/parse-input";

type Hours = Pick<typeof workingHours.$inferSelect, "weekly" | "exceptions">;

/** When a person works, by the wall clock of their zone. */
export interface WorkingHoursView extends Hours {
  timeZone: string;
}

/** The caller's hours; the usual week where they have not chosen any. */
export async function getWorkingHours(ctx: Ctx): Promise<WorkingHoursView> {
  requireScope(ctx, "read");
  return readHours(ctx.db, ctx.userId);
}

/**
 * Replaces what is given. A new zone is the person's everywhere: their hours and whole days off move with it, their
 * bookings are moments and stay. Throws `version_conflict` when they are no longer what the caller names as `seen`.
 */
export async function putWorkingHours(
  ctx: Ctx,
  input: WorkingHoursInput,
  seen: WorkingHoursInput | null = null,
): Promise<WorkingHoursView> {
  requireScope(ctx, "write");
  const given = parseInput(workingHoursInput, input, "These hours cannot be used.");
  return withProviderTime(ctx.db, ctx.userId, async (tx) => {
    const before = await readHours(tx, ctx.userId);
    if (
      seen !== null &&
      toText(before) !== toText(parseInput(workingHoursInput, seen, "These are no hours."))
    ) {
      throw new AppError("version_conflict", "These hours were changed since you read them.");
    }
    const { timeZone = before.timeZone, weekly = before.weekly, exceptions = before.exceptions } = given;
    if (given.timeZone !== undefined && timeZone !== before.timeZone) {
      await tx.update(users).set({ timeZone }).where(eq(users.id, ctx.userId));
      await moveDaysOff(tx, ctx.userId, given.timeZone);
    }
    if (given.weekly !== undefined || given.exceptions !== undefined) {
      const row = { weekly, exceptions, updatedAt: ctx.now };
      await tx
        .insert(workingHours)
        .values({ userId: ctx.userId, ...row })
        .onConflictDoUpdate({ target: workingHours.userId, set: row });
    }
    await recordAudit(tx, ctx, {
      action: "working_hours.changed",
      subject: { type: "user", id: ctx.userId },
      details: { fields: Object.keys(given), timeZone: [before.timeZone, timeZone] },
    });
    await announce(tx, ctx.userId, ["calendar", "bookings"]);
    return { timeZone, weekly, exceptions };
  });
}

async function readHours(db: Db, userId: string): Promise<WorkingHoursView> {
  const [row] = await db
    .select({ timeZone: users.timeZone, weekly: workingHours.weekly, exceptions: workingHours.exceptions })
    .from(users)
    .leftJoin(workingHours, eq(workingHours.userId, users.id))
    .where(eq(users.id, userId));
  if (row === undefined) throw notFound("user");
  return {
    timeZone: row.timeZone,
    weekly: row.weekly ?? USUAL_WEEK,
    exceptions: row.exceptions ?? [],
  };
}

/** The same for the same hours, however they are written. */
function toText({ timeZone, weekly, exceptions = [] }: Partial<WorkingHoursView>): string {
  const text = (ranges: readonly StoredHours[] = []) => ranges.map(({ from, to }) => `${from}-${to}`).sort();
  const week = WEEKDAYS.map((day) => text(weekly?.[day]));
  return JSON.stringify([timeZone, week, exceptions.map(({ date, ranges }) => [date, text(ranges)]).sort()]);
}
