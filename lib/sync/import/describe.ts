import { blocks } from "@/lib/calendar/blocking";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { spanRange } from "@/lib/calendar/event-time";
import { fingerprint } from "@/lib/calendar/fingerprint";
import type { DescribedEvent } from "@/lib/calendar/import-plan";
import type { RoundItem } from "@/lib/calendar/round-item";
import { isEmpty } from "@/lib/calendar/time-range";
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

/** What an event comes to in this calendar: its instants, whether it takes time, and a mark of its content. */
export function describeEvents(claim: Claim, stored: ReadonlyMap<string, StoredRow>) {
  return (event: CalendarEvent): DescribedEvent => {
    const row = stored.get(event.externalId);
    const range = spanRange(event, claim.timeZone);
    const facts = {
      allDay: event.start.kind === "day",
      kind: event.kind,
      status: event.status,
      showAs: event.showAs,
      response: event.response,
      own: row?.own ?? false,
      override: row?.override ?? null,
      empty: isEmpty(range),
    };
    return { range, blocks: blocks(facts, claim.settings, claim).blocks, fingerprint: fingerprint(event) };
  };
}
