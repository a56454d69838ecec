import { loadOwnService, type ServiceRow } from "@/lib/bookings/services";
import { horizonEnd, padded } from "@/lib/calendar/slots";
import { overlaps, type TimeRange } from "@/lib/calendar/time-range";
import { OFFERED_DAYS } from "@/lib/calendar/window";
import { workingIntervals } from "@/lib/calendar/working-intervals";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { eventReasons } from "@/lib/reporting/explain-events";
import { type BookingFacts, type ExplainFacts, readFacts } from "@/lib/reporting/explain-facts";
import { hoursReasons } from "@/lib/reporting/explain-hours";
import { type Reason, reason, times } from "@/lib/reporting/explain-reason";

const MINUTE_MS = 60_000;

export interface Explanation {
  free: boolean;
  reasons: Reason[];
}

/**
 * Why a stretch of the caller's time is free or not; with a service, by its rules and buffers too. While something
 * blocks, what does not is left out. Throws `not_found` for a service that is not the caller's.
 */
export async function explainInterval(
  ctx: Ctx,
  wish: { time: TimeRange; serviceId?: string | undefined },
): Promise<Explanation> {
  requireScope(ctx, "read");
  const { time, serviceId } = wish;
  const service = serviceId === undefined ? null : await loadOwnService(ctx.db, ctx.userId, serviceId);
  const wide =
    service === null ? time : padded(time, service.bufferBeforeMinutes, service.bufferAfterMinutes);
  const facts = await readFacts(ctx.db, ctx.userId, wide, ctx.now);
  const all = [
    ...ruleReasons(facts, service, time, ctx.now),
    ...hoursReasons(facts, time),
    ...eventReasons(facts.events, time, wide),
    ...timeOffReasons(facts.timeOff, time),
    ...facts.bookings.flatMap((booking) => bookingReasons(booking, time, wide)),
    ...calendarReasons(facts.calendars),
  ];
  const blocking = all.filter(({ blocks }) => blocks);
  const free = blocking.length === 0;
  const others = all.filter(({ blocks, source }) => !blocks && (free || source === "calendar"));
  return { free, reasons: [...blocking, ...others] };
}

/** The rules of a service; without one those that hold for all. */
function ruleReasons(facts: ExplainFacts, service: ServiceRow | null, time: TimeRange, now: Date): Reason[] {
  const rule = (code: Reason["code"], title: string, found: boolean): Reason[] => {
    const fix =
      service === null || code === "past"
        ? null
        : ({ action: "change_service", serviceId: service.id } as const);
    return found
      ? [reason({ code, blocks: true, title, source: "rule", subject: service?.name ?? null, fix })]
      : [];
  };
  const horizon = horizonEnd(service ?? { horizonDays: OFFERED_DAYS }, now);
  const notice = new Date(now.getTime() + (service?.noticeMinutes ?? 0) * MINUTE_MS);
  const isPast = time.start < now;
  return [
    ...rule("past", "This time has begun or is over", isPast),
    ...rule(
      "notice",
      `Bookings need ${service?.noticeMinutes} minutes’ notice`,
      !isPast && time.start < notice,
    ),
    ...rule("too_far", `Bookings are offered until ${horizon.toISOString()}`, time.start >= horizon),
    ...rule(
      "off_grid",
      `Bookings begin every ${service?.slotStepMinutes} minutes from the start of working time`,
      service !== null && isOffGrid(facts, service, time),
    ),
  ];
}

function isOffGrid({ hours }: ExplainFacts, { slotStepMinutes }: ServiceRow, time: TimeRange): boolean {
  const [interval] = workingIntervals(hours, hours.zone, time);
  if (interval === undefined || time.start < interval.start) return false;
  return (time.start.getTime() - interval.start.getTime()) % (slotStepMinutes * MINUTE_MS) !== 0;
}

/** Time off in the buffers of a service takes them like an event. */
function timeOffReasons(rows: ExplainFacts["timeOff"], time: TimeRange): Reason[] {
  return rows.map((row) => {
    const inside = overlaps({ start: row.startsAt, end: row.endsAt }, time);
    const name = row.title === null ? "Time off" : `“${row.title}”`;
    const held = row.bulkChangeId;
    const says =
      held === null
        ? `${name} was blocked by hand`
        : `${name}: you chose to keep this time blocked when a calendar changed wholesale`;
    return reason({
      code: inside ? (held === null ? "time_off" : "time_held") : "service_buffer",
      blocks: true,
      title: inside ? says : `${name} lies in the time this service keeps free around it`,
      subject: row.title,
      source: "manual",
      ...times(row),
      learnedAt: row.createdAt.toISOString(),
      fix:
        held === null
          ? { action: "delete_time_off", id: row.id }
          : { action: "decide_bulk_change", id: held },
    });
  });
}

function bookingReasons(booking: BookingFacts, time: TimeRange, wide: TimeRange): Reason[] {
  const bare = { start: booking.startsAt, end: booking.endsAt };
  const guarded = padded(bare, booking.bufferBeforeMinutes, booking.bufferAfterMinutes);
  const told = (code: Reason["code"], title: string) => [
    reason({
      code,
      blocks: true,
      title,
      subject: booking.serviceName,
      source: "booking",
      ...times(booking),
      bookingId: booking.id,
      learnedAt: booking.createdAt.toISOString(),
      fix: { action: "move_booking", bookingId: booking.id },
    }),
  ];
  const name = `a booking of “${booking.serviceName}”`;
  if (overlaps(bare, time)) return told("booking", `There is ${name}`);
  if (overlaps(guarded, time)) return told("booking_buffer", `This is the time kept free around ${name}`);
  if (overlaps(bare, wide))
    return told("service_buffer", `There is ${name} in the time this service keeps free`);
  return [];
}

function calendarReasons(calendars: ExplainFacts["calendars"]): Reason[] {
  return calendars.flatMap(({ calendarId, state, syncedAt, connectionId, name }) => {
    if (state === "fresh") return [];
    const unknown = state === "unknown";
    return reason({
      code: unknown ? "calendar_unknown" : "calendar_stale",
      blocks: unknown,
      title: unknown
        ? `“${name}” has never been read to its end, so nothing is offered yet`
        : `“${name}” was last read more than ten minutes ago; it is read again before anybody books`,
      subject: name ?? null,
      source: "calendar",
      calendarId,
      learnedAt: syncedAt,
      fix: connectionId === undefined ? null : { action: "sync", integrationId: connectionId },
    });
  });
}
