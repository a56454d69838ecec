import type { Core } from "../../core/context";

/** The quirks of Calendar v3. Each reader is cheap enough for every request. */
export type CalendarSwitches = ReturnType<typeof defineCalendarSwitches>;

export function defineCalendarSwitches({ switches }: Core) {
  const define = switches.define;
  return {
    unclippedDeltas: define(
      "google.calendar.unclippedDeltas",
      true,
      "Deltas ignore timeMin and timeMax of the first list",
    ),
    seriesYears: define(
      "google.calendar.seriesYears",
      13,
      "Years of instances that a touched series without end delivers when singleEvents=true",
    ),
    emptyPages: define("google.calendar.emptyPages", true, "Lists of several pages contain an empty page"),
    duplicates: define(
      "google.calendar.duplicates",
      true,
      "Deltas of several pages repeat an event of page 1 in its older state on a later page",
    ),
    tombstone: define(
      "google.calendar.tombstone",
      "sparse",
      "What a delta says of a deleted event: everything, {kind,etag,id,status} or {id,status}",
      ["full", "medium", "sparse"],
    ),
    sparseInstanceTombstones: define(
      "google.calendar.sparseInstanceTombstones",
      true,
      "Cancelled instances in deltas come without recurringEventId and originalStartTime",
    ),
    shortSeriesTombstones: define(
      "google.calendar.shortSeriesTombstones",
      true,
      "A deleted series delivers cancelled instances for 180 days only when singleEvents=true",
    ),
    parameterMismatch: define(
      "google.calendar.parameterMismatch",
      "reject",
      "A sync token used with other parameters: 400, or answered as if they were the first list's",
      ["reject", "silent"],
    ),
    syncTokenDays: define("google.calendar.syncTokenDays", 30, "Age at which a sync token dies, in days"),
    updatedMinDays: define("google.calendar.updatedMinDays", 28, "Oldest accepted updatedMin, in days"),
    deliverInvitations: define(
      "google.calendar.deliverInvitations",
      true,
      "Invitations appear in the calendars of guests that have an account here, answers reach the organizer",
    ),
    goneWithoutErrors: define(
      "google.calendar.goneWithoutErrors",
      false,
      "410 bodies of list carry no errors[]",
    ),
    freeBusyMaxDays: define(
      "google.calendar.freeBusyMaxDays",
      90,
      "Longest range of a freeBusy query, in days",
    ),
    reviveForbidden: define(
      "google.calendar.reviveForbidden",
      false,
      "Writing status=confirmed to a deleted event answers 403",
    ),
    spuriousPreconditions: define(
      "google.calendar.spuriousPreconditions",
      0,
      "So many of the next writes without If-Match answer 412 all the same",
    ),
    writesPerHour: define(
      "google.calendar.writesPerHour",
      10_000,
      "Writes of one account in an hour before 403 quotaExceeded",
    ),
    quotaHours: define("google.calendar.quotaHours", 3, "How long quotaExceeded lasts, in hours"),
  };
}
