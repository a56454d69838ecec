import type { WhyWish } from "@/app/(dashboard)/calendar/why-address";
import { rangeOfWhy } from "@/app/(dashboard)/calendar/why-wish";
import { listServices } from "@/lib/bookings/services";
import type { TimeRange } from "@/lib/calendar/time-range";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import type { ConnectionView } from "@/lib/connections/integration-view";
import type { Ctx } from "@/lib/organizations/context";
import { MAX_LIMIT } from "@/lib/platform/page";
import { explainInterval } from "@/lib/reporting/explain";
import type { Reason } from "@/lib/reporting/explain-reason";

/** A reason with the name of the calendar it speaks of. */
export interface NamedReason extends Reason {
  calendarName: string | null;
}

export interface Why {
  wish: WhyWish;
  services: { id: string; name: string }[];
  /** Null when the stretch asked about ends before it begins. */
  answer: { time: TimeRange; free: boolean; reasons: NamedReason[] } | null;
}

/** Why the stretch asked about is free or not, by the rules of all services or of the one asked about. */
export async function readWhy(
  ctx: Ctx,
  wish: WhyWish,
  zone: TimeZoneId,
  connections: readonly ConnectionView[],
): Promise<Why> {
  const { data } = await listServices(ctx, { limit: MAX_LIMIT, cursor: null });
  const services = data.filter(({ active }) => active).map(({ id, name }) => ({ id, name }));
  const serviceId = services.find(({ id }) => id === wish.serviceId)?.id;
  const time = rangeOfWhy(wish, zone);
  if (time === null) return { wish, services, answer: null };
  const { free, reasons } = await explainInterval(ctx, { time, serviceId });
  const calendars = connections.flatMap((connection) => connection.calendars);
  const named = reasons.map((one) => ({
    ...one,
    calendarName: calendars.find(({ id }) => id === one.calendarId)?.name ?? null,
  }));
  return { wish, services, answer: { time, free, reasons: named } };
}
