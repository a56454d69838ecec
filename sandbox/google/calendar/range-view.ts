import { openCalendar, visibilityOf } from "./access";
import { entryResource } from "./calendar-list";
import { detailView } from "./event-get";
import { fullList } from "./full-list";
import { itemSpan } from "./items";
import { eventResource } from "./render-event";
import { listOf, seriesHorizon, type World } from "./world";

export interface ShownEvent {
  calendarId: string;
  /** Milliseconds; all-day events in their calendar's zone. */
  start: number;
  end: number;
  canWrite: boolean;
  /** Google's Event resource, occurrences expanded. */
  event: Record<string, unknown>;
}

/** The calendars in an account's list as CalendarListEntry resources. */
export function calendarsOf(world: World, account: string): Record<string, unknown>[] {
  const entries = [...listOf(world, account).values()].filter((entry) => !entry.deleted);
  return entries.map((entry) => entryResource(world, entry));
}

/** Everything an account sees between two instants, over all its calendars, by start. */
export function eventsInRange(world: World, account: string, from: number, to: number): ShownEvent[] {
  const who = world.accounts.get(account);
  if (who === undefined) return [];
  const shown: ShownEvent[] = [];
  for (const { calendarId, deleted } of listOf(world, account).values()) {
    if (deleted) continue;
    const open = openCalendar(world, who, calendarId);
    const { calendar, canWrite, role } = open;
    const view = { ...detailView(open), visibility: visibilityOf(role) };
    const query = {
      singleEvents: true,
      showDeleted: false,
      timeMin: from,
      timeMax: to,
      horizon: seriesHorizon(world),
    };
    for (const { item } of fullList(calendar, query)) {
      const { start, end } = itemSpan(item, calendar.record.timeZone);
      shown.push({ calendarId, start, end, canWrite, event: eventResource(calendar, item, view) });
    }
  }
  return shown.sort((a, b) => a.start - b.start);
}
