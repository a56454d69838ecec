import { offerOf, type SlotOffer } from "@/app/(dashboard)/bookings/slot-offer";
import { calendarNamed, isReachable } from "@/app/(dashboard)/bookings/to-view";
import type { Availability } from "@/lib/bookings/availability";
import { dayOf } from "@/lib/calendar/event-time";
import { horizonEnd } from "@/lib/calendar/slots";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import type { ConnectionView } from "@/lib/connections/integration-view";

interface OfferContext {
  /** As the address has it; anything but a day is none. */
  day: string;
  horizonDays: number;
  zone: TimeZoneId;
  now: Date;
  connections: readonly ConnectionView[];
}

/** Free times as a page offers them, and the calendars that may hold more than is known. */
export function toOffer({ slots, freshness }: Availability, context: OfferContext): SlotOffer {
  const { day, horizonDays, zone, now, connections } = context;
  const [first, last] = [dayOf(now, zone), dayOf(horizonEnd({ horizonDays }, now), zone)];
  return {
    ...offerOf(slots, { day, first, last, zone }),
    unsure: freshness.flatMap(({ calendarId, state, syncedAt }) =>
      state === "fresh"
        ? []
        : [
            {
              calendarId,
              state,
              syncedAt,
              booked: bookedUnsure(calendarId, connections),
              ...calendarNamed(calendarId, connections),
            },
          ],
    ),
  };
}

function bookedUnsure(calendarId: string, connections: readonly ConnectionView[]) {
  const connection = connections.find(({ calendars }) => calendars.some(({ id }) => id === calendarId));
  if (connection === undefined || isReachable(connection)) return "asked";
  return connection.settings.whenUnsure === "refuse" ? "refused" : "unasked";
}
