import { blocks } from "@/lib/calendar/blocking";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { spanRange } from "@/lib/calendar/event-time";
import { fingerprint } from "@/lib/calendar/fingerprint";
import type { DescribedEvent } from "@/lib/calendar/import-plan";
import type { RoundItem } from "@/lib/calendar/round-item";
import { isEmpty } from "@/lib/calendar/time-range";
import type { OwnEvents } from "@/lib/connections/own-events";
import type { Claim } from "@/lib/sync/import/claim";
import type { StoredRow } from "@/lib/sync/import/stored-events";

/** With "busy only", nothing but times and marks is kept, so nothing else may enter the fingerprint either. */
export function applyPrivacy(
  items: readonly RoundItem[],
  titles: "full" | "busy_only",
): readonly RoundItem[] {
  if (titles === "full") return items;
  return items.map((item) => {
    if (item.type === "upsert") return { ...item, event: busyOnly(item.event) };
    return item.type === "series" ? { ...item, occurrences: item.occurrences.map(busyOnly) } : item;
  });
}

function busyOnly(event: CalendarEvent): CalendarEvent {
  return { ...event, title: null, location: null, attendees: [] };
}

/**
 * What an event comes to in this calendar: its instants, whose time it takes, and a mark of its content. In a calendar
 * that is not checked only our own events come to anything.
 */
export function describeEvents(claim: Claim, stored: ReadonlyMap<string, StoredRow>, ours: OwnEvents) {
  return (event: CalendarEvent): DescribedEvent | null => {
    const row = stored.get(event.externalId);
    const range = spanRange(event, claim.timeZone);
    const standing = ours.standing(event, range);
    if (standing === "foreign" && !claim.checked) return null;
    const own = standing === "own";
    const facts = {
      allDay: event.start.kind === "day",
      kind: event.kind,
      status: event.status,
      showAs: event.showAs,
      response: event.response,
      own,
      override: row?.override ?? null,
      empty: isEmpty(range),
    };
    const { blocks: blocking } = blocks(facts, claim.settings, claim);
    return {
      range,
      blocks: blocking,
      fingerprint: fingerprint(event),
      own,
      displaced: standing === "displaced",
    };
  };
}
