import type { Booking, BookingEvent, NamedCalendar } from "@/app/(dashboard)/bookings/booking";
import { eventProblemOf, exportStateOf } from "@/app/(dashboard)/bookings/export-state";
import type { BookingView } from "@/lib/bookings/booking-view";
import type { ConnectionView } from "@/lib/connections/integration-view";

type Connections = readonly Pick<
  ConnectionView,
  "id" | "nickname" | "accountEmail" | "calendars" | "status"
>[];

/** A booking as the pages show it: calendars by their names, states and problems as codes that have words. */
export function toBooking(view: BookingView, connections: Connections, now: Date): Booking {
  const cancelled = view.status === "cancelled";
  const { exports: exported, receipt, serviceId: _, ...shown } = view;
  return {
    ...shown,
    phase: new Date(view.start) > now ? "ahead" : new Date(view.end) > now ? "now" : "over",
    events: exported
      .map((one, index) => toEvent(one, index, connections, cancelled))
      // What was taken out of a calendar because another one is the target now needs no line.
      .filter(({ state }, _index, all) => cancelled || state !== "gone" || all.length === 1),
    receipt: receipt.map((entry) => ({ ...entry, ...calendarNamed(entry.calendarId, connections) })),
  };
}

function toEvent(
  { integrationId, provider, calendarId, status, error, syncedAt }: BookingView["exports"][number],
  index: number,
  connections: Connections,
  cancelled: boolean,
): BookingEvent {
  const code = error?.code ?? null;
  const connection = connections.find(({ id }) => id === integrationId);
  const reachable = connection === undefined || isReachable(connection);
  return {
    ...calendarNamed(calendarId, connections),
    key: calendarId ?? `${provider}-${index}`,
    provider,
    integrationId,
    state: exportStateOf({ status, code }, { cancelled, reachable }),
    problem: eventProblemOf(error),
    syncedAt,
  };
}

/** Whether an account's vendor lets us in at all at the moment. */
export function isReachable({ status }: Pick<ConnectionView, "status">): boolean {
  return status !== "reconnect_required" && status !== "blocked_by_policy";
}

export function calendarNamed(calendarId: string | null, connections: Connections): NamedCalendar {
  for (const { nickname, accountEmail, calendars } of connections) {
    const found = calendars.find(({ id }) => id === calendarId);
    if (found !== undefined) return { name: found.name, account: nickname ?? accountEmail };
  }
  return { name: null, account: null };
}
