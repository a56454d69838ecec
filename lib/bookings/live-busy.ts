import { and, eq, inArray, isNotNull } from "drizzle-orm";
import { calendarSyncEvents } from "@/db/schema/calendars";
import { calendarExportedBookings } from "@/db/schema/exports";
import type { BlockingCalendar } from "@/lib/bookings/blocking-calendars";
import { blocks } from "@/lib/calendar/blocking";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { type Echo, recognizeEcho } from "@/lib/calendar/echo";
import { spanRange } from "@/lib/calendar/event-time";
import { isEmpty, overlaps, sameRange, type TimeRange } from "@/lib/calendar/time-range";
import { echoContext, loadExportIndex } from "@/lib/connections/export-index";
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
  echo: Echo;
}

/** The time that events read live take: judged as an import would judge them, our own left out. */
export async function busyOf(
  services: Services,
  wish: Wish,
  calendars: readonly BlockingCalendar[],
  answers: ReadonlyMap<string, readonly CalendarEvent[]>,
): Promise<TimeRange[]> {
  const met = await recognize(services, wish, calendars, answers);
  if (met.length === 0) return [];
  const [overrides, written] = [await readOverrides(services, met), await readWritten(services, wish, met)];
  return met
    .filter(({ calendar, event, range, echo }) => {
      const facts = {
        ...event,
        allDay: event.start.kind === "day",
        own: echo.own && !isDisplaced(range, written.get(event.externalId), echo.bookingId, wish),
        override: overrides.get(placeOf(calendar.id, event.externalId)) ?? null,
        empty: isEmpty(range),
      };
      return blocks(facts, calendar, calendar).blocks && overlaps(range, wish.interval);
    })
    .map(({ range }) => range);
}

async function recognize(
  { db, appOrigin }: Services,
  { userId }: Wish,
  calendars: readonly BlockingCalendar[],
  answers: ReadonlyMap<string, readonly CalendarEvent[]>,
): Promise<Met[]> {
  const all = [...answers.values()].flat();
  if (all.length === 0) return [];
  const index = await loadExportIndex(db, userId, all);
  const met: Met[] = [];
  for (const calendar of calendars) {
    const events = answers.get(calendar.id) ?? [];
    const { provider, externalId: calendarExternalId, timeZone } = calendar;
    const place = { userId, installation: appOrigin, provider, calendarExternalId };
    const context = await echoContext(db, place, events);
    for (const event of events) {
      const echo = recognizeEcho(event, index, context);
      met.push({ calendar, event, range: spanRange(event, timeZone), echo });
    }
  }
  return met;
}

/** Our event is not where we wrote it: its owner moved it, and until somebody decides both times are taken. */
function isDisplaced(
  range: TimeRange,
  written: TimeRange | undefined,
  bookingId: string,
  wish: Wish,
): boolean {
  return bookingId !== wish.exceptBookingId && written !== undefined && !sameRange(range, written);
}

/** Where we wrote our events last, by their ids. */
async function readWritten({ db }: Services, { userId }: Wish, met: readonly Met[]) {
  const ids = met.filter(({ echo }) => echo.own).map(({ event }) => event.externalId);
  if (ids.length === 0) return new Map<string, TimeRange>();
  const row = calendarExportedBookings;
  const rows = await db
    .select({ externalId: row.externalId, start: row.writtenStart, end: row.writtenEnd })
    .from(row)
    .where(and(eq(row.userId, userId), inArray(row.externalId, ids), isNotNull(row.writtenStart)));
  return new Map(
    rows.flatMap(({ externalId, start, end }): [string, TimeRange][] =>
      externalId === null || start === null || end === null ? [] : [[externalId, { start, end }]],
    ),
  );
}

/** The person's own word on events we know already. */
async function readOverrides({ db }: Services, met: readonly Met[]): Promise<Map<string, boolean>> {
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
