import { badRequest, timeRangeEmpty } from "./errors";
import { instantOf } from "./event-time";
import type { EventDateTime, EventFields, StoredEvent } from "./model";
import { expandSeries } from "./recurrence";
import { MalformedRecurrence } from "./recurrence-lines";
import { formatInstant, instantOfWall, isZone, parseDay, parseRfc3339 } from "./zones";

const WRITABLE = new Set([
  "anyoneCanAddSelf",
  "attachments",
  "attendees",
  "birthdayProperties",
  "colorId",
  "conferenceData",
  "description",
  "end",
  "endTimeUnspecified",
  "eventType",
  "extendedProperties",
  "focusTimeProperties",
  "gadget",
  "guestsCanInviteOthers",
  "guestsCanModify",
  "guestsCanSeeOtherGuests",
  "location",
  "outOfOfficeProperties",
  "recurrence",
  "reminders",
  "source",
  "start",
  "summary",
  "transparency",
  "visibility",
  "workingLocationProperties",
]);

const DEFAULTS: Record<string, unknown> = {
  transparency: "opaque",
  visibility: "default",
  eventType: "default",
  guestsCanInviteOthers: true,
  guestsCanSeeOtherGuests: true,
  guestsCanModify: false,
  anyoneCanAddSelf: false,
  summary: "",
  description: "",
  location: "",
};

/** The writable fields of a request body. `null` stays: it asks to take a value away. */
export function writableFields(body: Record<string, unknown>): EventFields {
  const fields: EventFields = {};
  for (const [name, value] of Object.entries(body)) {
    if (WRITABLE.has(name) && value !== undefined) fields[name] = value;
  }
  return fields;
}

/** Fields as they are stored for a row of its own: no nulls, no defaults, times checked and in their zones. */
export function storableFields(fields: EventFields): EventFields {
  const kept: EventFields = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null && value !== undefined && DEFAULTS[name] !== value) kept[name] = value;
  }
  applyEventType(kept);
  if (Array.isArray(kept.recurrence) && kept.recurrence.length === 0) delete kept.recurrence;
  kept.start = storableTime(kept.start, "start");
  kept.end = storableTime(kept.end, "end");
  checkRange(kept.start, kept.end);
  checkRecurrence(kept);
  return kept;
}

// https://developers.google.com/workspace/calendar/api/guides/calendar-status and .../event-types
function applyEventType(fields: EventFields): void {
  if (fields.eventType === "workingLocation") fields.transparency = "transparent";
  if (fields.eventType === "birthday") {
    fields.transparency = "transparent";
    fields.visibility = "private";
    fields.recurrence ??= ["RRULE:FREQ=YEARLY"];
  }
}

/** Checks one time and puts its clock reading into its zone. */
function storableTime(time: EventDateTime | null | undefined, side: "start" | "end"): EventDateTime {
  const { date, dateTime, timeZone } = withoutNulls(time);
  if (date === undefined && dateTime === undefined)
    throw badRequest(`Missing ${side} time.`, undefined, "required");
  if (date !== undefined && dateTime !== undefined) throw badRequest(`Invalid ${side} time.`);
  if (timeZone !== undefined && !isZone(timeZone))
    throw badRequest(`Invalid time zone definition for ${side} time.`);
  if (date !== undefined) {
    if (parseDay(date) === undefined) throw badRequest(`Invalid ${side} time.`);
    return { date };
  }
  const parsed = parseRfc3339(dateTime ?? "");
  if (parsed === undefined) throw badRequest(`Invalid ${side} time.`);
  if (timeZone === undefined) {
    if (parsed.offset === undefined)
      throw badRequest(`Missing time zone definition for ${side} time.`, undefined, "required");
    return { dateTime };
  }
  const instant =
    parsed.offset === undefined ? instantOfWall(timeZone, parsed.wall) : parsed.wall - parsed.offset;
  return { dateTime: formatInstant(instant, timeZone), timeZone };
}

function withoutNulls(time: EventDateTime | null | undefined): EventDateTime {
  return Object.fromEntries(Object.entries(time ?? {}).filter(([, value]) => value !== null && value !== ""));
}

function checkRange(start: EventDateTime, end: EventDateTime): void {
  if ((start.date === undefined) !== (end.date === undefined)) {
    throw badRequest("Start and end times must either both be date or both be dateTime.");
  }
  if (instantOf(end, "UTC") < instantOf(start, "UTC")) throw timeRangeEmpty();
}

function checkRecurrence({ start, end, recurrence }: EventFields): void {
  if (!start || !end || !recurrence) return;
  if (start.dateTime !== undefined && start.timeZone === undefined) {
    throw badRequest("Missing time zone definition for start time.", undefined, "required");
  }
  try {
    const soon = instantOf(start, "UTC") + 86_400_000;
    expandSeries({ start, end, recurrence }, "UTC", soon);
  } catch (error) {
    if (error instanceof MalformedRecurrence) throw badRequest("Invalid recurrence rule.");
    throw error;
  }
}

/** A row's fields after a patch: named fields replace what was there, arrays whole, maps of properties by key. */
export function patchedFields(before: EventFields, patch: EventFields): EventFields {
  const after = { ...before, ...patch };
  if (before.extendedProperties && patch.extendedProperties) {
    after.extendedProperties = {
      private: mergedMap(before.extendedProperties.private, patch.extendedProperties.private),
      shared: mergedMap(before.extendedProperties.shared, patch.extendedProperties.shared),
    };
  }
  if (before.start && patch.start) after.start = patchedTime(before.start, patch.start);
  if (before.end && patch.end) after.end = patchedTime(before.end, patch.end);
  return after;
}

function mergedMap(
  before: Record<string, string> | undefined,
  patch: Record<string, string | null> | undefined,
): Record<string, string> | undefined {
  if (before === undefined && patch === undefined) return undefined;
  const entries = Object.entries({ ...before, ...patch }).filter(([, value]) => value !== null);
  return Object.fromEntries(entries) as Record<string, string>;
}

// Patching `dateTime` alone keeps the zone; a change between all-day and timed names the other one null or leaves it out.
function patchedTime(before: EventDateTime, patch: EventDateTime): EventDateTime {
  if (patch.date !== undefined && patch.date !== null) return patch;
  return { ...(before.date === undefined && before), ...patch };
}

/** Whether writing these fields over those moves the event or changes its series' dates. */
export function timesDiffer(before: EventFields, after: EventFields): boolean {
  const times = ({ start, end, recurrence }: EventFields) => JSON.stringify([start, end, recurrence ?? null]);
  return times(before) !== times(after);
}

/** The time stamp of a change; two changes of one event never share it. Reminders alone do not move it. */
export function stampOf(before: StoredEvent, after: EventFields, now: Date): string {
  const visible = ({ reminders: _, ...fields }: EventFields) => JSON.stringify(fields);
  if (visible(before.fields) === visible(after) && before.fields.reminders !== after.reminders)
    return before.updated;
  return new Date(Math.max(now.getTime(), Date.parse(before.updated) + 1)).toISOString();
}
