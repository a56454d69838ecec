import type { Visibility } from "./access";
import type { CalendarState } from "./calendar-state";
import { instantOf } from "./event-time";
import { applyMask, type FieldMask } from "./field-mask";
import { type Item, itemFields, itemId, originalStartOf } from "./items";
import type { Attendee, EventDateTime, EventFields, Person, StoredEvent } from "./model";
import { formatInstant } from "./zones";

/** How a response shows events. */
export interface View {
  visibility: Visibility;
  /** Zone whose offset times carry. */
  zone: string;
  maxAttendees: number;
  tombstone: "full" | "medium" | "sparse";
  /** Cancelled instances keep their series' id and original start. */
  instanceTombstonesNameSeries: boolean;
  mask: FieldMask | undefined;
  /** Tells views apart in the cache. */
  key: string;
}

const cache = new WeakMap<StoredEvent, { key: string; json: string }>();

/** An item as JSON text. Rows are cached as long as neither they nor the view change. */
export function eventJson(calendar: CalendarState, item: Item, view: View): string {
  if (item.kind !== "event") return JSON.stringify(applyMask(eventResource(calendar, item, view), view.mask));
  const key = `${view.key}|${calendar.record.version}`;
  const known = cache.get(item.event);
  if (known?.key === key) return known.json;
  const json = JSON.stringify(applyMask(eventResource(calendar, item, view), view.mask));
  cache.set(item.event, { key, json });
  return json;
}

/** An item as Google's Event resource. */
export function eventResource(calendar: CalendarState, item: Item, view: View): Record<string, unknown> {
  if (item.kind === "vanished") return tombstone(item, itemId(item), item.etag, view);
  const row = item.kind === "instance" ? item.series : item.event;
  if (row.status === "cancelled" && view.tombstone !== "full")
    return tombstone(item, itemId(item), row.etag, view);
  const fields = itemFields(item);
  return {
    kind: "calendar#event",
    etag: row.etag,
    id: itemId(item),
    status: row.status,
    ...(isHidden(fields, view) ? hiddenContent(fields, view) : content(calendar, item, row, fields, view)),
    ...seriesLink(item),
    iCalUID: item.kind === "exception" ? item.series.iCalUID : row.iCalUID,
    sequence: row.sequence,
  };
}

function tombstone(item: Item, id: string, etag: string, view: View): Record<string, unknown> {
  const link = view.instanceTombstonesNameSeries ? seriesLink(item) : {};
  if (view.tombstone === "sparse") return { id, status: "cancelled", ...link };
  return { kind: "calendar#event", etag, id, status: "cancelled", ...link };
}

function seriesLink(item: Item): Record<string, unknown> {
  switch (item.kind) {
    case "event":
    case "exception": {
      const { seriesId, originalStart } = item.event;
      return seriesId === undefined ? {} : { recurringEventId: seriesId, originalStartTime: originalStart };
    }
    case "instance": {
      const originalStartTime = originalStartOf(item.occurrence, item.series.fields.start?.timeZone);
      return { recurringEventId: item.series.id, originalStartTime };
    }
    case "vanished":
      return { recurringEventId: item.seriesId, originalStartTime: originalStartOf(item.occurrence) };
  }
}

function isHidden(fields: EventFields, { visibility }: View): boolean {
  if (visibility === "everything") return false;
  return (
    visibility === "free_busy" || fields.visibility === "private" || fields.visibility === "confidential"
  );
}

function hiddenContent(fields: EventFields, view: View): Record<string, unknown> {
  const { start, end, transparency, recurrence } = fields;
  return {
    visibility: "private",
    ...(transparency && { transparency }),
    start: timeIn(start, view.zone),
    end: timeIn(end, view.zone),
    ...(recurrence && { recurrence }),
  };
}

function content(
  calendar: CalendarState,
  item: Item,
  row: StoredEvent,
  fields: EventFields,
  view: View,
): Record<string, unknown> {
  const { start, end, attendees, eventType, reminders, ...rest } = fields;
  return {
    htmlLink: `https://www.google.com/calendar/event?eid=${eventLink(itemId(item), calendar.id)}`,
    created: row.created,
    updated: row.updated,
    ...rest,
    creator: personIn(calendar, row.creator),
    organizer: personIn(calendar, row.organizer),
    start: timeIn(start, view.zone),
    end: timeIn(end, view.zone),
    ...(attendees && attendees.length > 0 && shownAttendees(calendar, row, attendees, view)),
    reminders: reminders ?? { useDefault: true },
    eventType: eventType ?? "default",
  };
}

function eventLink(eventId: string, calendarId: string): string {
  return Buffer.from(`${eventId} ${calendarId}`).toString("base64url");
}

function personIn(calendar: CalendarState, { email, displayName }: Person): Record<string, unknown> {
  const own = email === calendar.id;
  const name = own && calendar.record.kind !== "primary" ? calendar.record.summary : displayName;
  return { email, ...(name && { displayName: name }), ...(own && { self: true }) };
}

function shownAttendees(
  calendar: CalendarState,
  row: StoredEvent,
  attendees: readonly Attendee[],
  view: View,
): Record<string, unknown> {
  const complete = attendees.map((attendee) => ({
    ...attendee,
    responseStatus: attendee.responseStatus ?? "needsAction",
    ...(attendee.email === calendar.id && { self: true }),
    ...(attendee.email === row.organizer.email && { organizer: true }),
  }));
  if (complete.length <= view.maxAttendees) return { attendees: complete };
  return { attendees: complete.filter((attendee) => attendee.self === true), attendeesOmitted: true };
}

function timeIn(time: EventDateTime | null | undefined, zone: string): EventDateTime | undefined {
  if (time?.dateTime === undefined) return time ?? undefined;
  return { ...time, dateTime: formatInstant(instantOf(time, zone), zone) };
}
