import { and, inArray, isNotNull } from "drizzle-orm";
import { calendarSyncEvents } from "@/db/schema/calendars";
import type { BlockingCalendar } from "@/lib/bookings/blocking-calendars";
import { blocks } from "@/lib/calendar/blocking";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { spanRange } from "@/lib/calendar/event-time";
import { isEmpty, overlaps, type TimeRange } from "@/lib/calendar/time-range";
import { loadOwnEvents } from "@/lib/connections/own-events";
import type { Services } from "@/lib/connections/services";

interface Wish {
  userId: string;
  interval: TimeRange;
  exceptBookingId: string | null;
}

interface Met {
  calendar: BlockingCalendar;
  event: CalendarEvent;
  range: TimeRange;
  /** Its booking takes the time already, or is the one that is being moved. */
  own: boolean;
}

/** The time that events read live take: judged as an import would judge them, our own left out. */
export async function busyOf(
  services: Services,
  wish: Wish,
  calendars: readonly BlockingCalendar[],
  answers: ReadonlyMap<string, readonly CalendarEvent[]>,
): Promise<TimeRange[]> {
  const met: Met[] = [];
  for (const calendar of calendars) {
    met.push(...(await recognize(services, wish, calendar, answers.get(calendar.id) ?? [])));
  }
  const overrides = await readOverrides(services, met);
  return met
    .filter(({ calendar, event, range, own }) => {
      const facts = {
        ...event,
        allDay: event.start.kind === "day",
        own,
        override: overrides.get(placeOf(calendar.id, event.externalId)) ?? null,
        empty: isEmpty(range),
      };
      return blocks(facts, calendar, calendar).blocks && overlaps(range, wish.interval);
    })
    .map(({ range }) => range);
}

async function recognize(
  { db, appOrigin }: Services,
  { userId, interval, exceptBookingId }: Wish,
  calendar: BlockingCalendar,
  events: readonly CalendarEvent[],
): Promise<Met[]> {
  if (events.length === 0) return [];
  const { id: calendarId, provider, externalId: calendarExternalId } = calendar;
  const place = { userId, installation: appOrigin, provider, calendarId, calendarExternalId };
  const ours = await loadOwnEvents(db, place, { events, since: interval.start });
  return events.map((event) => {
    const range = spanRange(event, calendar.timeZone);
    const bookingId = ours.recognize(event)?.row?.bookingId;
    const isMoving = bookingId !== undefined && bookingId === exceptBookingId;
    return { calendar, event, range, own: isMoving || ours.standing(event, range) === "own" };
  });
}

/** The person's own word on events we know already. */
async function readOverrides({ db }: Services, met: readonly Met[]): Promise<Map<string, boolean>> {
  if (met.length === 0) return new Map();
  const row = calendarSyncEvents;
  const calendarIds = [...new Set(met.map(({ calendar }) => calendar.id))];
  const externalIds = met.map(({ event }) => event.externalId);
  const rows = await db
    .select({ calendarId: row.calendarId, externalId: row.externalId, override: row.override })
    .from(row)
    .where(
      and(
        inArray(row.calendarId, calendarIds),
        inArray(row.externalId, externalIds),
        isNotNull(row.override),
      ),
    );
  return new Map(
    rows.map(({ calendarId, externalId, override }) => [placeOf(calendarId, externalId), override === true]),
  );
}

function placeOf(calendarId: string, externalId: string): string {
  return `${calendarId} ${externalId}`;
}
