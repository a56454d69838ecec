import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { announce } from "@/db/live";
import { timeOff } from "@/db/schema/time-off";
import { users } from "@/db/schema/users";
import { withProviderTime } from "@/db/transaction";
import type { Unavailability } from "@/lib/bookings/unavailabilities";
import { dayRange } from "@/lib/calendar/event-time";
import { type IsoDate, parseIsoDate } from "@/lib/calendar/iso-date";
import type { TimeRange } from "@/lib/calendar/time-range";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";
import { recordAudit } from "@/lib/organizations/audit";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { type KeepAnswer, keepNothing } from "@/lib/organizations/idempotency";
import { AppError, notFound } from "@/lib/platform/errors";
import { isId, newId } from "@/lib/platform/ids";
import { instantField, isNearEnough } from "@/lib/platform/instant-field";

const day = z
  .string()
  .refine((value) => parseIsoDate(value) !== null, "must be a day, YYYY-MM-DD")
  .refine(isNearEnough, "lies too far away")
  .meta({ format: "date" });
const instant = instantField;
const title = z.string().trim().max(200).nullish();

/** Either two instants or two days (the end day not included), never both. */
export const TimeOffInput = z.union([
  z.strictObject({ title, start: instant, end: instant, allDay: z.literal(false).optional() }),
  z.strictObject({ title, allDay: z.literal(true), startDate: day, endDate: day }),
]);

const LONGEST_MS = 366 * 86_400_000;

/** Blocks time by hand. Days are days of the person's own zone. */
export async function createTimeOff(
  ctx: Ctx,
  input: z.infer<typeof TimeOffInput>,
  keep: KeepAnswer = keepNothing,
): Promise<Unavailability> {
  requireScope(ctx, "write");
  const given = TimeOffInput.parse(input);
  const id = newId(ctx.now);
  const days = "startDate" in given ? given : null;
  return withProviderTime(ctx.db, ctx.userId, async (tx) => {
    const [user] = await tx.select({ zone: users.timeZone }).from(users).where(eq(users.id, ctx.userId));
    const { start, end } = rangeOf(given, user?.zone ?? UTC);
    const facts = { title: given.title || null, allDay: days !== null };
    await tx.insert(timeOff).values({
      id,
      userId: ctx.userId,
      ...facts,
      startsAt: start,
      endsAt: end,
      startDate: days?.startDate ?? null,
      endDate: days?.endDate ?? null,
      createdAt: ctx.now,
    });
    await recordAudit(tx, ctx, { action: "time_off.created", subject: { type: "time_off", id } });
    await announce(tx, ctx.userId, ["calendar"]);
    const view: Unavailability = {
      id,
      start: start.toISOString(),
      end: end.toISOString(),
      ...facts,
      source: "manual",
      integrationId: null,
      calendarId: null,
      externalEventId: null,
    };
    await keep(tx, view);
    return view;
  });
}

function rangeOf(given: z.infer<typeof TimeOffInput>, zone: string): TimeRange {
  const range =
    "startDate" in given
      ? dayRange(given.startDate as IsoDate, given.endDate as IsoDate, parseTimeZone(zone) ?? UTC)
      : { start: new Date(given.start), end: new Date(given.end) };
  const length = range.end.getTime() - range.start.getTime();
  const fault =
    length <= 0 ? "must lie after the start" : length > LONGEST_MS ? "must lie within a year" : null;
  if (fault !== null) {
    const path = "startDate" in given ? "endDate" : "end";
    throw new AppError("invalid_input", `The end ${fault}.`, { fields: [{ path, message: fault }] });
  }
  return range;
}

export async function deleteTimeOff(ctx: Ctx, id: string): Promise<void> {
  requireScope(ctx, "write");
  if (!isId(id)) throw notFound("time off");
  await withProviderTime(ctx.db, ctx.userId, async (tx) => {
    const gone = await tx
      .delete(timeOff)
      .where(and(eq(timeOff.id, id), eq(timeOff.userId, ctx.userId)))
      .returning({ id: timeOff.id });
    if (gone.length === 0) throw notFound("time off");
    await recordAudit(tx, ctx, { action: "time_off.deleted", subject: { type: "time_off", id } });
    await announce(tx, ctx.userId, ["calendar"]);
  });
}
