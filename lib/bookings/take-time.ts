import { and, eq, gt, lt, ne } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { bookings, type ReceiptEntry } from "@/db/schema/bookings";
import { sqlState, withProviderTime } from "@/db/transaction";
import { calendarNotReady, gatherEvidence } from "@/lib/bookings/live-read";
import { type CalendarFreshness, loadTrustedSchedule, type ScheduleWish } from "@/lib/bookings/schedule";
import { impossibleStart, isTaken, slotUnavailable } from "@/lib/bookings/slot-refusal";
import { judgeSlot, padded, type Schedule, type SlotRules, type SlotVerdict } from "@/lib/calendar/slots";
import { merge, type TimeRange } from "@/lib/calendar/time-range";
import type { Services } from "@/lib/connections/services";
import type { Ctx } from "@/lib/organizations/context";

/** A slot somebody wants, and by what rules. */
export interface TimeWish {
  rules: SlotRules;
  start: Date;
  /** The booking that is being moved. */
  exceptBookingId: string | null;
}

/** What is asked again under the lock, and kept in the booking. */
export interface TakenTime {
  slot: TimeRange;
  receipt: ReceiptEntry[];
}

/** Somebody was faster. Known inside the transaction, told outside of it, where the lock is given back. */
class SlotLost extends Error {}

const DAY_MS = 86_400_000;
/** Free slots are looked for so far around a taken one. */
const DAYS_BEFORE = 7;
const DAYS_AFTER = 14;

/**
 * Takes a slot: looks before the lock (most refusals need none, and vendors are asked here), then judges again under
 * it, and lets `write` write; null from it means that the time was taken after all. Throws `invalid_input`,
 * `range_too_far`, `calendar_not_ready` or `slot_unavailable`.
 */
export async function takeTime<T, Found>(
  services: Services,
  ctx: Ctx,
  wish: TimeWish,
  steps: {
    /** What is written for, read again under the lock, and the rules it has by now. */
    prepare(tx: Tx): Promise<{ found: Found; rules: SlotRules }>;
    write(tx: Tx, found: Found, taken: TakenTime): Promise<T | null>;
  },
): Promise<T> {
  const outlook = await lookAhead(services, ctx, wish);
  try {
    return await withProviderTime(ctx.db, ctx.userId, async (tx) => {
      // Of a crowd after one slot all but one end here, after one small statement.
      if (await isBooked(tx, ctx, wish)) throw new SlotLost();
      const { found, rules } = await steps.prepare(tx);
      const ruled = { ...wish, rules };
      await judgeAgain(tx, ctx, ruled, outlook);
      const written = await steps.write(tx, found, {
        slot: slotOf(ruled),
        receipt: outlook.receipt,
      });
      if (written === null) throw new SlotLost();
      return written;
    });
  } catch (error) {
    // 23P01: the last net, `bookings_no_overlap`, caught what the lock should have.
    if (!(error instanceof SlotLost) && sqlState(error) !== "23P01") throw error;
    throw slotUnavailable(without(outlook.schedule, slotOf(wish)), wish.start, ctx.now);
  }
}

interface Outlook {
  /** Of the days around the slot, to find others in. */
  schedule: Schedule;
  receipt: ReceiptEntry[];
  liveBusy: readonly TimeRange[];
}

async function lookAhead(services: Services, ctx: Ctx, wish: TimeWish): Promise<Outlook> {
  const at = wish.start.getTime();
  const range = { start: new Date(at - DAYS_BEFORE * DAY_MS), end: new Date(at + DAYS_AFTER * DAY_MS) };
  const { schedule, freshness } = await loadTrustedSchedule(ctx.db, asked(ctx, wish, range), ctx.now);
  refuse(judgeSlot(schedule, wish.start, ctx.now), schedule, freshness, wish, ctx.now);
  const { bufferBeforeMinutes, bufferAfterMinutes } = wish.rules;
  const interval = padded(slotOf(wish), bufferBeforeMinutes, bufferAfterMinutes);
  const evidence = await gatherEvidence(services, ctx, { ...wish, interval }, freshness);
  if (evidence.busy.length === 0) return { schedule, receipt: evidence.receipt, liveBusy: [] };
  const known = { ...schedule, busy: merge([...schedule.busy, ...evidence.busy]) };
  refuse(judgeSlot(known, wish.start, ctx.now), known, freshness, wish, ctx.now);
  return { schedule: known, receipt: evidence.receipt, liveBusy: evidence.busy };
}

/** What no calendar could change is said first; while one was never read, nobody knows what is free. */
function refuse(
  verdict: SlotVerdict,
  schedule: Schedule,
  freshness: readonly CalendarFreshness[],
  wish: TimeWish,
  now: Date,
): void {
  if (!verdict.ok && !isTaken(verdict.reason)) throw impossibleStart(verdict.reason);
  if (freshness.some(({ state }) => state === "unknown")) throw calendarNotReady();
  if (!verdict.ok) throw slotUnavailable(schedule, wish.start, now);
}

async function isBooked(tx: Tx, { userId }: Ctx, wish: TimeWish): Promise<boolean> {
  const { start, end } = slotOf(wish);
  const rows = await tx
    .select({ id: bookings.id })
    .from(bookings)
    .where(
      and(
        eq(bookings.userId, userId),
        eq(bookings.status, "confirmed"),
        gt(bookings.endsAt, start),
        lt(bookings.startsAt, end),
        wish.exceptBookingId === null ? undefined : ne(bookings.id, wish.exceptBookingId),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

async function judgeAgain(tx: Tx, ctx: Ctx, wish: TimeWish, outlook: Outlook): Promise<void> {
  const range = { start: wish.start, end: new Date(wish.start.getTime() + 1) };
  const again = { ...asked(ctx, wish, range), alsoBusy: outlook.liveBusy };
  const { schedule, freshness } = await loadTrustedSchedule(tx, again, ctx.now);
  const verdict = judgeSlot(schedule, wish.start, ctx.now);
  if (!verdict.ok && isTaken(verdict.reason)) throw new SlotLost();
  refuse(verdict, schedule, freshness, wish, ctx.now);
}

function asked(ctx: Ctx, wish: TimeWish, range: TimeRange): ScheduleWish {
  const { rules, exceptBookingId } = wish;
  return {
    userId: ctx.userId,
    service: rules,
    range,
    ...(exceptBookingId === null ? {} : { exceptBookingId }),
  };
}

function slotOf({ start, rules }: TimeWish): TimeRange {
  return { start, end: new Date(start.getTime() + rules.durationMinutes * 60_000) };
}

/** A schedule in which somebody else now has a slot. */
function without(schedule: Schedule, slot: TimeRange): Schedule {
  const { bufferBeforeMinutes, bufferAfterMinutes } = schedule.rules;
  const booked = { range: slot, bufferBeforeMinutes, bufferAfterMinutes };
  return { ...schedule, booked: [...schedule.booked, booked] };
}
