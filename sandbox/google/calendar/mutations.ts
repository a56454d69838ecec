import { type CalendarState, seriesTimes } from "./calendar-state";
import { findInstance } from "./delta-list";
import { type Desk, laterThan, put } from "./desk";
import { alreadyDeleted, duplicate, notFound } from "./errors";
import { patchedFields, stampOf, storableFields, timesDiffer } from "./event-input";
import { randomEventId } from "./ids";
import { exceptionFields, itemFields, itemOf, originalStartOf } from "./items";
import type { EventDraft, EventFields, EventStatus, Person, StoredEvent } from "./model";
import type { Occurrence } from "./recurrence";
import { settleExceptions } from "./series-exceptions";
import { seriesHorizon, type World } from "./world";

export interface NewEvent {
  fields: EventFields;
  id?: string;
  iCalUID?: string;
  status?: EventStatus;
  /** Who invited; the calendar itself when absent. */
  organizer?: Person;
  sequence?: number;
}

export function createEvent(desk: Desk, input: NewEvent): StoredEvent {
  const { calendar, actor, world } = desk;
  const id = input.id ?? randomEventId();
  if (calendar.get(id) !== undefined) throw duplicate();
  const now = world.google.clock.now().toISOString();
  return put(desk, {
    id,
    status: input.status ?? "confirmed",
    sequence: input.sequence ?? 0,
    iCalUID: input.iCalUID ?? `${id}@google.com`,
    created: now,
    updated: now,
    creator: actor,
    organizer: input.organizer ?? calendarAsPerson(calendar, actor),
    fields: storableFields(input.fields),
  });
}

export function calendarAsPerson(calendar: CalendarState, actor: Person): Person {
  if (calendar.record.kind !== "primary") return { email: calendar.id };
  return calendar.id === actor.email ? actor : { email: calendar.id };
}

/** Something that can be changed: a row, or an occurrence of a series that has no row of its own yet. */
export type Target =
  | { kind: "row"; event: StoredEvent }
  | { kind: "occurrence"; series: StoredEvent; occurrence: Occurrence; id: string };

export function findTarget(world: World, calendar: CalendarState, id: string): Target {
  const event = calendar.get(id);
  if (event !== undefined && event.dropped !== true) return { kind: "row", event };
  const item = findInstance(calendar, id, seriesHorizon(world));
  if (event !== undefined && item?.kind !== "instance") return { kind: "row", event };
  if (item?.kind === "vanished") throw alreadyDeleted();
  if (item?.kind !== "instance") throw notFound();
  return { kind: "occurrence", series: item.series, occurrence: item.occurrence, id };
}

export interface Change {
  fields: EventFields;
  status?: EventStatus;
  /** Whether fields that are not named keep their value. */
  mode: "patch" | "replace";
}

/** Changes a single event, a whole series or one occurrence, whichever the id names. */
export function changeEvent(desk: Desk, id: string, change: Change): StoredEvent {
  const target = findTarget(desk.world, desk.calendar, id);
  if (target.kind === "occurrence") return changeException(desk, exceptionOf(desk, target), change);
  if (target.event.seriesId !== undefined) return changeException(desk, target.event, change);
  return changeRow(desk, target.event, change);
}

function changeRow(desk: Desk, before: StoredEvent, change: Change): StoredEvent {
  const { calendar, world } = desk;
  const keptType = { eventType: before.fields.eventType };
  const merged = change.mode === "patch" ? patchedFields(before.fields, change.fields) : change.fields;
  const fields = storableFields({ ...merged, ...keptType });
  const moved = timesDiffer(before.fields, fields);
  const status = change.status ?? (change.mode === "replace" ? "confirmed" : before.status);
  const times = seriesTimes(before);
  if (moved && times !== undefined && before.status !== "cancelled") calendar.retire(before.id, times);
  const after = put(desk, {
    ...before,
    status,
    fields,
    sequence: before.sequence + (moved ? 1 : 0),
    updated: stampOf(before, fields, world.google.clock.now()),
  });
  if (times !== undefined) settleExceptions(desk, after);
  return after;
}

function changeException(desk: Desk, before: EventDraft, change: Change): StoredEvent {
  const { calendar, world } = desk;
  const series = calendar.get(before.seriesId ?? "");
  const shown = series === undefined ? before.fields : exceptionFields(before as StoredEvent, series);
  const merged = change.mode === "patch" ? patchedFields(shown, change.fields) : change.fields;
  const { recurrence: _, ...complete } = storableFields({ ...merged, recurrence: null });
  const fields = series === undefined ? complete : differences(complete, before, series);
  return put(desk, {
    ...before,
    fields,
    status: change.status ?? (change.mode === "replace" ? "confirmed" : before.status),
    sequence: before.sequence + (timesDiffer(shown, complete) ? 1 : 0),
    updated: stampOf(before as StoredEvent, fields, world.google.clock.now()),
  });
}

/** What an exception says differently from its series at its original place. */
function differences(fields: EventFields, exception: EventDraft, series: StoredEvent): EventFields {
  const inherited = exceptionFields({ ...exception, fields: {} } as StoredEvent, series);
  const different: EventFields = {};
  for (const name of new Set([...Object.keys(inherited), ...Object.keys(fields)])) {
    if (JSON.stringify(inherited[name]) === JSON.stringify(fields[name])) continue;
    different[name] = fields[name] ?? null;
  }
  return different;
}

function exceptionOf(desk: Desk, target: Extract<Target, { kind: "occurrence" }>): EventDraft {
  const { series, occurrence, id } = target;
  const { status, sequence, iCalUID, created, creator, organizer } = series;
  const originalStart = originalStartOf(occurrence, series.fields.start?.timeZone);
  const updated = desk.world.google.clock.now().toISOString();
  const row = { id, status, sequence, iCalUID, created, updated, creator, organizer };
  return { ...row, fields: {}, seriesId: series.id, originalStart };
}

/** Deletes a single event, a whole series or one occurrence. */
export function deleteEvent(desk: Desk, id: string): StoredEvent {
  const { calendar, world } = desk;
  const target = findTarget(world, calendar, id);
  const before = target.kind === "row" ? target.event : exceptionOf(desk, target);
  if (before.status === "cancelled") throw alreadyDeleted();
  const updated = laterThan(before.updated, world.google.clock.now());
  for (const exception of calendar.exceptionsOf(id)) {
    if (exception.status !== "cancelled") put(desk, { ...exception, status: "cancelled", updated });
  }
  return put(desk, { ...before, status: "cancelled", updated });
}

/** What a row or occurrence shows at present. */
export function shownFields(world: World, calendar: CalendarState, id: string): EventFields {
  const target = findTarget(world, calendar, id);
  if (target.kind === "row") {
    const item = itemOf(calendar, target.event);
    return item.kind === "vanished" ? {} : itemFields(item);
  }
  return itemFields({ kind: "instance", series: target.series, occurrence: target.occurrence });
}
