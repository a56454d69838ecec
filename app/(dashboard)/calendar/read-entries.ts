import type { CalendarEntry, EntryAttendee, EntryCalendar } from "@/app/(dashboard)/calendar/calendar-entry";
import { listTimeOff, type TimeOff } from "@/lib/bookings/time-off-list";
import type { BlockVerdict } from "@/lib/calendar/blocking";
import type { ConnectionView } from "@/lib/connections/integration-view";
import type { Ctx } from "@/lib/organizations/context";
import { MAX_LIMIT } from "@/lib/platform/page";
import { blockReasons } from "@/lib/reporting/block-reasons";
import { type ExternalEvent, listEvents } from "@/lib/reporting/events";

/** A page that shows more than this helps nobody. */
const MOST_ENTRIES = 500;

export interface Entries {
  entries: CalendarEntry[];
  /** There are more than `MOST_ENTRIES`; the latest are left out. */
  more: boolean;
}

/** Everything that lies in a range, in order of time. */
export async function readEntries(
  ctx: Ctx,
  range: { from: Date; to: Date },
  connections: readonly ConnectionView[],
): Promise<Entries> {
  const [events, off] = await Promise.all([
    readEvents(ctx, range),
    listTimeOff(ctx, range, MOST_ENTRIES + 1),
  ]);
  const verdicts = await blockReasons(
    ctx,
    events.map(({ id }) => id),
  );
  const all = [
    ...events.map((event) => toEntry(event, verdicts.get(event.id), connections)),
    ...off.map(timeOffEntry),
  ];
  all.sort((a, b) => a.start.getTime() - b.start.getTime());
  return { entries: all.slice(0, MOST_ENTRIES), more: all.length > MOST_ENTRIES };
}

async function readEvents(ctx: Ctx, range: { from: Date; to: Date }): Promise<ExternalEvent[]> {
  const events: ExternalEvent[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listEvents>> = await listEvents(ctx, range, {
      limit: MAX_LIMIT,
      cursor,
    });
    events.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null && events.length <= MOST_ENTRIES);
  return events;
}

/** The next events from now on, whether they block or not. */
export async function readUpcoming(
  ctx: Ctx,
  limit: number,
  connections: readonly ConnectionView[],
): Promise<CalendarEntry[]> {
  const { data } = await listEvents(ctx, { from: ctx.now, to: null }, { limit, cursor: null });
  const verdicts = await blockReasons(
    ctx,
    data.map(({ id }) => id),
  );
  return data.map((event) => toEntry(event, verdicts.get(event.id), connections));
}

function toEntry(
  event: ExternalEvent,
  verdict: BlockVerdict | undefined,
  connections: readonly ConnectionView[],
): CalendarEntry {
  return {
    id: event.id,
    source: "external",
    title: event.title,
    start: new Date(event.start),
    end: new Date(event.end),
    allDay: event.allDay,
    blocks: verdict?.blocks ?? event.blocks,
    reason: verdict?.reason ?? null,
    override: event.override,
    calendar: calendarOf(event, connections),
    location: event.location,
    attendees: event.attendees.map(toAttendee),
  };
}

function calendarOf(event: ExternalEvent, connections: readonly ConnectionView[]): EntryCalendar | null {
  const connection = connections.find(({ id }) => id === event.integrationId);
  const calendar = connection?.calendars.find(({ id }) => id === event.calendarId);
  if (connection === undefined || calendar === undefined) return null;
  const { name, color } = calendar;
  const account = connection.nickname ?? connection.accountEmail;
  return { name, color, account, provider: connection.provider };
}

const RESPONSES = ["needs_action", "declined", "tentative", "accepted"] as const;

function toAttendee({ name, email, response }: ExternalEvent["attendees"][number]): EntryAttendee {
  const known = RESPONSES.find((one) => one === response);
  return { who: name || email, response: known ?? "needs_action" };
}

function timeOffEntry({ id, title, start, end, allDay }: TimeOff): CalendarEntry {
  return {
    id,
    source: "manual",
    title,
    start: new Date(start),
    end: new Date(end),
    allDay,
    blocks: true,
    reason: null,
    override: null,
    calendar: null,
    location: null,
    attendees: [],
  };
}
