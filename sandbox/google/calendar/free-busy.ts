import type { CalendarState } from "./calendar-state";
import { badRequest, timeRangeEmpty } from "./errors";
import type { Span } from "./event-time";
import { fullList } from "./full-list";
import { type Item, itemFields, itemSpan } from "./items";
import type { CalendarAccount } from "./model";
import { seriesHorizon, type World } from "./world";
import { formatInstant, isZone, parseRfc3339 } from "./zones";

const DAY_MS = 86_400_000;
const MAX_CALENDARS = 50;

export interface FreeBusyRequest {
  timeMin?: string;
  timeMax?: string;
  timeZone?: string;
  calendarExpansionMax?: number;
  items?: readonly { id: string }[];
}

/** `freebusy.query`: busy stretches per calendar; a calendar that cannot be read carries its error inside the 200. */
export function freeBusy(
  world: World,
  account: CalendarAccount,
  request: FreeBusyRequest,
): Record<string, unknown> {
  const zone = request.timeZone ?? "UTC";
  if (!isZone(zone)) throw badRequest(`Invalid time zone: ${zone}`, "timeZone");
  const range = {
    start: readInstant(request.timeMin, "timeMin"),
    end: readInstant(request.timeMax, "timeMax"),
  };
  if (range.end <= range.start) throw timeRangeEmpty();
  if (range.end - range.start > world.switches.freeBusyMaxDays() * DAY_MS) {
    throw badRequest("The requested time range is too long.", "timeMax", "timeRangeTooLong");
  }
  const ids = (request.items ?? []).map(({ id }) => id);
  const allowed = Math.min(request.calendarExpansionMax ?? MAX_CALENDARS, MAX_CALENDARS);
  const calendars: Record<string, unknown> = {};
  for (const [index, id] of ids.entries()) {
    calendars[id] =
      index >= allowed ? failed("tooManyCalendarsRequested") : busyOf(world, account, id, range, zone);
  }
  return {
    kind: "calendar#freeBusy",
    timeMin: new Date(range.start).toISOString(),
    timeMax: new Date(range.end).toISOString(),
    calendars,
  };
}

function readInstant(text: string | undefined, name: string): number {
  const parsed = parseRfc3339(text ?? "");
  if (parsed?.offset === undefined) throw badRequest("Bad Request", name, "badRequest");
  return parsed.wall - parsed.offset;
}

function failed(reason: string): Record<string, unknown> {
  return { errors: [{ domain: "global", reason }], busy: [] };
}

function busyOf(
  world: World,
  account: CalendarAccount,
  idOrAlias: string,
  range: Span,
  zone: string,
): Record<string, unknown> {
  const calendar = world.calendars.get(idOrAlias === "primary" ? account.email : idOrAlias);
  const role = calendar?.record.acl[account.email];
  if (calendar === undefined || calendar.record.deleted || role === undefined) return failed("notFound");
  const busy = mergeSpans(busySpans(world, calendar, range));
  return {
    busy: busy.map(({ start, end }) => ({
      start: formatInstant(start, zone),
      end: formatInstant(end, zone),
    })),
  };
}

function busySpans(world: World, calendar: CalendarState, range: Span): Span[] {
  const query = {
    singleEvents: true,
    showDeleted: false,
    timeMin: range.start,
    timeMax: range.end,
    horizon: seriesHorizon(world),
  };
  return fullList(calendar, query)
    .filter(({ item }) => isBusy(calendar, item))
    .map(({ item }) => itemSpan(item, calendar.record.timeZone))
    .filter(({ start, end }) => end > start)
    .map(({ start, end }) => ({ start: Math.max(start, range.start), end: Math.min(end, range.end) }));
}

function isBusy(calendar: CalendarState, item: Item): boolean {
  if (item.kind === "vanished") return false;
  const { transparency, attendees } = itemFields(item);
  if (transparency === "transparent") return false;
  return attendees?.find(({ email }) => email === calendar.id)?.responseStatus !== "declined";
}

function mergeSpans(spans: Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || span.start > last.end) merged.push({ ...span });
    else last.end = Math.max(last.end, span.end);
  }
  return merged;
}
