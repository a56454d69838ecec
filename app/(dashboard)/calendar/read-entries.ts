import { eventProblemOf } from "@/app/(dashboard)/bookings/export-state";
import type {
  CalendarEntry,
  EntryAttendee,
  EntryBooking,
  EntryCalendar,
} from "@/app/(dashboard)/calendar/calendar-entry";
import type { BookingView } from "@/lib/bookings/booking-view";
import { listBookings } from "@/lib/bookings/list-bookings";
import { listTimeOff, type TimeOff } from "@/lib/bookings/time-off-list";
import type { BlockVerdict } from "@/lib/calendar/blocking";
import type { ConnectionView } from "@/lib/connections/integration-view";
import type { Ctx } from "@/lib/organizations/context";
import { MAX_LIMIT, type Page, type PageRequest } from "@/lib/platform/page";
import { blockReasons } from "@/lib/reporting/block-reasons";
import { type DisplacedFrom, displacedEvents } from "@/lib/reporting/displaced-events";
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
  const [events, booked, off] = await Promise.all([
    readAll((page) => listEvents(ctx, range, page)),
    readAll((page) => listBookings(ctx, { ...range, status: "confirmed" }, page)),
    listTimeOff(ctx, range, MOST_ENTRIES + 1),
  ]);
  const all = [
    ...(await toEntries(ctx, events, connections)),
    ...booked.map(bookingEntry),
    ...off.map(timeOffEntry),
  ];
  all.sort((a, b) => a.start.getTime() - b.start.getTime());
  return { entries: all.slice(0, MOST_ENTRIES), more: all.length > MOST_ENTRIES };
}

async function readAll<T>(list: (page: PageRequest) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await list({ limit: MAX_LIMIT, cursor });
    found.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null && found.length <= MOST_ENTRIES);
  return found;
}

/** The next events from now on, whether they block or not. */
export async function readUpcoming(
  ctx: Ctx,
  limit: number,
  connections: readonly ConnectionView[],
): Promise<CalendarEntry[]> {
  const { data } = await listEvents(ctx, { from: ctx.now, to: null }, { limit, cursor: null });
  return toEntries(ctx, data, connections);
}

async function toEntries(
  ctx: Ctx,
  events: readonly ExternalEvent[],
  connections: readonly ConnectionView[],
): Promise<CalendarEntry[]> {
  const ids = events.map(({ id }) => id);
  const [verdicts, displaced] = await Promise.all([blockReasons(ctx, ids), displacedEvents(ctx, ids)]);
  return events.map((event) => ({
    ...toEntry(event, verdicts.get(event.id), connections),
    displaced: displacedFrom(displaced.get(event.id)),
  }));
}

function displacedFrom(found: DisplacedFrom | undefined): CalendarEntry["displaced"] {
  if (found === undefined) return null;
  const { bookingId, clientName, start, end } = found;
  return { bookingId, client: clientName, start: new Date(start), end: new Date(end) };
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
    booking: null,
    heldBy: null,
    displaced: null,
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

function timeOffEntry({ id, title, start, end, allDay, bulkChangeId }: TimeOff): CalendarEntry {
  const range = { start: new Date(start), end: new Date(end) };
  return { ...OF_THIS_HOUSE, id, source: "manual", title, ...range, allDay, heldBy: bulkChangeId };
}

function bookingEntry(view: BookingView): CalendarEntry {
  const { id, serviceName: service, client, start, end, address } = view;
  return {
    ...OF_THIS_HOUSE,
    id,
    source: "booking",
    title: `${client.name} · ${service}`,
    start: new Date(start),
    end: new Date(end),
    location: address,
    booking: { id, service, client: client.name, trouble: troubleOf(view) },
  };
}

function troubleOf({ exports: exported }: BookingView): EntryBooking["trouble"] {
  for (const { error, provider } of exported) {
    const problem = eventProblemOf(error);
    if (problem !== null) return { problem, provider };
  }
  return null;
}

const OF_THIS_HOUSE = {
  allDay: false,
  blocks: true,
  reason: null,
  override: null,
  calendar: null,
  location: null,
  attendees: [],
  booking: null,
  heldBy: null,
  displaced: null,
} satisfies Partial<CalendarEntry>;
