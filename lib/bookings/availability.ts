import type { Db } from "@/db/client";
import { type CalendarFreshness, loadTrustedSchedule, type ScheduleWish } from "@/lib/bookings/schedule";
import { loadOwnService } from "@/lib/bookings/services";
import { freeSlots, horizonEnd, type SlotRules } from "@/lib/calendar/slots";
import type { TimeRange } from "@/lib/calendar/time-range";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { AppError } from "@/lib/platform/errors";
import { instantWriter } from "@/lib/platform/instant-text";

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 7;
const LONGEST_DAYS = 400;

export interface Availability {
  slots: { start: string; end: string }[];
  freshness: CalendarFreshness[];
}

interface Asked {
  from?: Date | undefined;
  to?: Date | undefined;
}

/** When one of the caller's services can be booked: two statements. Throws `not_found`, and as `slotRange` does. */
export async function getAvailability(ctx: Ctx, wish: { serviceId: string } & Asked): Promise<Availability> {
  requireScope(ctx, "read");
  const service = await loadOwnService(ctx.db, ctx.userId, wish.serviceId);
  const range = slotRange(service, wish, ctx.now);
  return availableSlots(ctx.db, { userId: ctx.userId, service, range }, ctx.now);
}

/** Free slots with their evidence, of one moment. A calendar that was never read to its end could hold anything: none. */
export async function availableSlots(db: Db, wish: ScheduleWish, now: Date): Promise<Availability> {
  const { schedule, freshness } = await loadTrustedSchedule(db, wish, now);
  const isUnread = freshness.some(({ state }) => state === "unknown");
  const write = instantWriter();
  const slots = isUnread ? [] : freeSlots(schedule, wish.range, now);
  return {
    slots: slots.map(({ start, end }) => ({ start: write(start), end: write(end) })),
    freshness,
  };
}

/**
 * The range that is asked for: by default a week from now, as far as the horizon goes. `to` may lie a day behind the
 * horizon, so that its last day can be asked for whole. Throws `range_too_far` and `invalid_input`.
 */
export function slotRange(rules: Pick<SlotRules, "horizonDays">, { from, to }: Asked, now: Date): TimeRange {
  const horizon = horizonEnd(rules, now);
  const start = from ?? now;
  if (start >= horizon || (to !== undefined && to.getTime() > horizon.getTime() + DAY_MS)) {
    throw new AppError("range_too_far", `Bookings are offered until ${horizon.toISOString()}.`);
  }
  const week = start.getTime() + DEFAULT_DAYS * DAY_MS;
  const end = to ?? new Date(Math.min(week, horizon.getTime()));
  if (end <= start) throw invalidEnd("must lie after `from`");
  if (end.getTime() - start.getTime() > LONGEST_DAYS * DAY_MS)
    throw invalidEnd(`may lie at most ${LONGEST_DAYS} days after \`from\``);
  return { start, end };
}

function invalidEnd(message: string): AppError {
  return new AppError("invalid_input", `The end of the range ${message}.`, {
    fields: [{ path: "to", message }],
  });
}
