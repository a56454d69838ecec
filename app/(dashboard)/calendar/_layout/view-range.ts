import { dayOf } from "@/lib/calendar/event-time";
import { addDays, type IsoDate, parseIsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

export const VIEWS = ["week", "day", "list"] as const;
export type ViewName = (typeof VIEWS)[number];

/** What the address asks to see, and where its neighbours are. */
export interface ViewRange {
  view: ViewName;
  date: IsoDate;
  today: IsoDate;
  days: IsoDate[];
  previous: IsoDate;
  next: IsoDate;
}

const EARLIEST = "2000-01-01" as IsoDate;
const LATEST = "2100-01-01" as IsoDate;

/** What does not fit is not asked for: an address typed by hand shows today's week. */
export function viewRange(given: { date: string; view: string }, now: Date, zone: TimeZoneId): ViewRange {
  const today = dayOf(now, zone);
  const asked = parseIsoDate(given.date);
  const date = asked !== null && asked >= EARLIEST && asked < LATEST ? asked : today;
  const view = VIEWS.find((name) => name === given.view) ?? "week";
  const step = view === "day" ? 1 : 7;
  const first = view === "day" ? date : mondayOf(date);
  return {
    view,
    date,
    today,
    days: Array.from({ length: step }, (_, index) => addDays(first, index)),
    previous: addDays(date, -step),
    next: addDays(date, step),
  };
}

/** Weeks begin on Monday in both of the product's languages. */
function mondayOf(date: IsoDate): IsoDate {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return addDays(date, -((weekday + 6) % 7));
}

export function calendarHref(view: ViewName, date: IsoDate | null): string {
  const query = new URLSearchParams({ ...(date === null ? {} : { date }), view });
  return `/calendar?${query}`;
}
