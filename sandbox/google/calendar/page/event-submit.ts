import { seriesTimes } from "../calendar-state";
import { duplicateEvent, moveEvent } from "../event-actions";
import { splitInstanceId } from "../ids";
import type { ResponseStatus } from "../model";
import { shownFields } from "../mutations";
import {
  deskOf,
  type Scope,
  simulateCreate,
  simulateDelete,
  simulateEdit,
  simulateRespond,
} from "../simulation";
import type { World } from "../world";
import { parseDay } from "../zones";
import { draftOf, type EventDraft, newDraft } from "./event-draft";
import { changesOf, FormError, fieldsOf, type Posted, typedDraft } from "./event-form";
import type { Place } from "./page-address";
import { DAY_MS, dateAndTime, wallOf } from "./week";
import { eventKey, splitEventKey } from "./week-events";

/** What a deed led to: the event to look at next, and the word for what was done. */
export interface Outcome {
  done: Deed;
  key?: string;
  /** A day of the event, `2026-11-24`, to show its week. */
  day?: string;
}

type Deed = "created" | "saved" | "moved" | "deleted" | "duplicated" | "answered";

const ANSWERS = new Set(["accepted", "declined", "tentative"]);

/** Does what the pressed button of the event form says. */
export function submitEvent(world: World, place: Place, posted: Posted): Outcome {
  if (posted.event === undefined || posted.event === "") return create(world, place, posted);
  const [calendarId, eventId] = splitEventKey(posted.event);
  const desk = deskOf(world, { account: place.account, calendarId });
  const scope = scopeOf(posted);
  const deed = posted.do ?? "save";
  if (deed === "delete") {
    simulateDelete(desk, eventId, scope);
    return { done: "deleted" };
  }
  if (deed === "duplicate") {
    const copy = duplicateEvent(desk, eventId);
    return { done: "duplicated", key: eventKey(calendarId, copy.id) };
  }
  if (ANSWERS.has(deed)) {
    simulateRespond(desk, eventId, deed as ResponseStatus, scope);
    return { done: "answered", key: posted.event };
  }
  return deed === "shift" ? shift(world, place, posted, scope) : edit(world, place, posted, scope);
}

/** The form as it stands for a submission that was refused. */
export function draftAsPosted(world: World, place: Place, posted: Posted): EventDraft {
  return typedDraft(draftBefore(world, place, posted), posted);
}

function draftBefore(world: World, place: Place, { event = "" }: Posted): EventDraft {
  return event === "" ? newDraft(world, place, {}) : draftOf(world, place, ...splitEventKey(event));
}

function create(world: World, place: Place, posted: Posted): Outcome {
  const draft = draftAsPosted(world, place, posted);
  const desk = deskOf(world, { account: place.account, calendarId: draft.calendarId });
  const { organizer } = draft;
  const event = simulateCreate(
    desk,
    fieldsOf(draft, place.zone),
    organizer === "" ? {} : { organizer: organizer.toLowerCase() },
  );
  return { done: "created", key: eventKey(draft.calendarId, event.id), day: draft.startDate };
}

function edit(world: World, place: Place, posted: Posted, scope: Scope): Outcome {
  const before = draftBefore(world, place, posted);
  const after = typedDraft(before, posted);
  const { calendarId, eventId = "" } = before;
  const from = deskOf(world, { account: place.account, calendarId });
  const movesTo = after.calendarId === calendarId ? undefined : after.calendarId;
  if (movesTo !== undefined && before.occurrence && scope !== "all")
    throw new FormError("series_moves_whole");
  const attendees = shownFields(world, from.calendar, eventId).attendees ?? [];
  const change = changesOf(before, { ...after, calendarId }, place.zone, attendees);
  // An occurrence on its own has no rule; the choice counts for the wider scopes.
  if (before.occurrence && scope === "this") delete change.recurrence;
  const changed = Object.keys(change).length === 0 ? eventId : simulateEdit(from, eventId, change, scope).id;
  const key = keyAfter(world, place, { calendarId, eventId, changed });
  if (movesTo === undefined) return { done: "saved", key, day: after.startDate };
  const to = deskOf(world, { account: place.account, calendarId: movesTo });
  const moved = moveEvent(from, splitInstanceId(changed)?.seriesId ?? changed, to.calendar);
  return { done: "saved", key: eventKey(movesTo, moved.id), day: after.startDate };
}

/** A drag: the form's `start` and `end` are clock readings, days for an all-day event. */
function shift(world: World, place: Place, posted: Posted, scope: Scope): Outcome {
  const before = draftBefore(world, place, posted);
  const { calendarId, eventId = "" } = before;
  const after = { ...before, ...draggedTimes(before, posted) };
  const change = changesOf(before, after, place.zone, []);
  const desk = deskOf(world, { account: place.account, calendarId });
  const changed = simulateEdit(desk, eventId, change, scope).id;
  return { done: "moved", key: keyAfter(world, place, { calendarId, eventId, changed }) };
}

function draggedTimes(before: EventDraft, { start = "", end = "" }: Posted): Partial<EventDraft> {
  if (before.allDay) {
    const [first, last] = [parseDay(start), parseDay(end)];
    if (first === undefined || last === undefined) throw new FormError("not_a_time");
    return { startDate: start, endDate: end };
  }
  const [from, to] = [start, end].map((reading) => {
    const [date = "", time = ""] = reading.split("T");
    // Midnight at the end of a day is the next day's.
    return time === "24:00" ? (parseDay(date) ?? 0) + DAY_MS : wallOf(date, time);
  });
  if (from === undefined || to === undefined) throw new FormError("not_a_time");
  const [startDate, startTime] = dateAndTime(from);
  const [endDate, endTime] = dateAndTime(to);
  return { startDate, startTime, endDate, endTime };
}

// An edit of a whole series answers with its master, which no week shows: the occurrence keeps the focus if it lives.
function keyAfter(
  world: World,
  place: Place,
  { calendarId, eventId, changed }: { calendarId: string; eventId: string; changed: string },
): string {
  const { calendar } = deskOf(world, { account: place.account, calendarId });
  const event = calendar.get(changed);
  return eventKey(calendarId, event !== undefined && seriesTimes(event) !== undefined ? eventId : changed);
}

function scopeOf({ scope }: Posted): Scope {
  return scope === "following" || scope === "all" ? scope : "this";
}
