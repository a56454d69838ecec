import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { timeOff } from "@/db/schema/time-off";
import { memberships, organizations, users } from "@/db/schema/users";
import { lockProviderTime, sqlState, withTransaction } from "@/db/transaction";
import { dayRange } from "@/lib/calendar/event-time";
import { parseIsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import { recordAudit } from "@/lib/organizations/audit";
import type { Ctx, Role } from "@/lib/organizations/context";
import { requireScope } from "@/lib/organizations/context";
import { handleField, LOCALES, nameField, timeZoneField } from "@/lib/organizations/users";
import { AppError, notFound } from "@/lib/platform/errors";

export interface Me {
  id: string;
  handle: string;
  name: string;
  email: string;
  timeZone: string;
  locale: string;
  organization: { id: string; name: string; role: Role };
}

export const meChange = z
  .object({ handle: handleField, name: nameField, timeZone: timeZoneField, locale: z.enum(LOCALES) })
  .partial();

export type MeChange = z.infer<typeof meChange>;

export async function getMe(ctx: Ctx): Promise<Me> {
  requireScope(ctx, "read");
  const [row] = await ctx.db
    .select({
      id: users.id,
      handle: users.handle,
      name: users.name,
      email: users.email,
      timeZone: users.timeZone,
      locale: users.locale,
      organization: { id: organizations.id, name: organizations.name, role: memberships.role },
    })
    .from(users)
    .innerJoin(memberships, eq(memberships.userId, users.id))
    .innerJoin(organizations, eq(organizations.id, memberships.organizationId))
    .where(eq(users.id, ctx.userId));
  if (row === undefined) throw notFound("user");
  return row;
}

/** Changes what is given. A new zone moves the person's whole days off with it, in the same transaction. */
export async function updateMe(ctx: Ctx, change: MeChange): Promise<Me> {
  requireScope(ctx, "write");
  const fields = Object.keys(change);
  if (fields.length > 0) {
    await withTransaction(ctx.db, async (tx) => {
      if (change.timeZone !== undefined) await lockProviderTime(tx, ctx.userId);
      await tx.update(users).set(change).where(eq(users.id, ctx.userId));
      if (change.timeZone !== undefined) await moveDaysOff(tx, ctx.userId, change.timeZone);
      await recordAudit(tx, ctx, {
        action: "user.updated",
        subject: { type: "user", id: ctx.userId },
        details: { fields },
      });
    }).catch((error: unknown) => {
      if (sqlState(error) !== "23505") throw error;
      const fault = { path: "handle", message: "is already taken" };
      throw new AppError("conflict", "This handle is already taken.", { cause: error, fields: [fault] });
    });
  }
  return getMe({ ...ctx, actor: { type: "user", userId: ctx.userId } });
}

/** Whole days off begin where the new zone's days begin. The caller holds the person's lock. */
export async function moveDaysOff(tx: Tx, userId: string, zone: TimeZoneId): Promise<void> {
  const rows = await tx
    .select({ id: timeOff.id, from: timeOff.startDate, to: timeOff.endDate })
    .from(timeOff)
    .where(and(eq(timeOff.userId, userId), timeOff.allDay));
  const moved = rows.flatMap(({ id, from, to }) => {
    const [start, end] = [parseIsoDate(from), parseIsoDate(to)];
    if (start === null || end === null) return [];
    const range = dayRange(start, end, zone);
    return { id, start: range.start.toISOString(), end: range.end.toISOString() };
  });
  if (moved.length === 0) return;
  await tx.execute(sql`
    update time_off t set starts_at = r.start, ends_at = r."end"
    from jsonb_to_recordset(${JSON.stringify(moved)}::jsonb) as r (id uuid, start timestamptz, "end" timestamptz)
    where t.id = r.id
  `);
}
