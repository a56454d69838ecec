import type { CalendarState } from "./calendar-state";
import type { Item } from "./items";
import type { Page } from "./list-page";
import type { StoredEvent } from "./model";

/** An event of a delta's first page that a later page may repeat in its older state. */
export function repeatable(page: Page): string | undefined {
  if (page.next === undefined) return undefined;
  for (const { item } of page.items) {
    if (item.kind === "event" && item.event.status !== "cancelled") return item.event.id;
  }
  return undefined;
}

/** The event as it was before its last change, with the earlier `updated` that gives it away. */
export function olderState(calendar: CalendarState, eventId: string): Item | undefined {
  const current = calendar.get(eventId);
  if (current === undefined || current.status === "cancelled") return undefined;
  const previous = calendar.previousOf(eventId);
  const usable =
    previous !== undefined && previous.status !== "cancelled" && previous.updated < current.updated;
  return { kind: "event", event: usable ? previous : predated(current) };
}

function predated(event: StoredEvent): StoredEvent {
  const updated = new Date(Date.parse(event.updated) - 1_000).toISOString();
  return { ...event, updated, etag: `"${Date.parse(updated)}000000"` };
}
