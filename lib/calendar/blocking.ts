import type { CalendarEvent } from "@/lib/calendar/calendar-event";

/** What a stored row knows about itself; the SQL twin reads columns of the same meaning. */
export interface BlockFacts {
  readonly allDay: boolean;
  readonly kind: CalendarEvent["kind"];
  readonly status: CalendarEvent["status"];
  readonly showAs: CalendarEvent["showAs"];
  readonly response: CalendarEvent["response"];
  /** We wrote it for a booking, and the booking itself takes the time. */
  readonly own: boolean;
  /** The provider's word on this very event: true blocks, false does not, null leaves it to the rules. */
  readonly override: boolean | null;
  /** Its range has no length. */
  readonly empty: boolean;
}

export interface BlockSettings {
  readonly allDayEvents: "as_provider" | "always_block";
  readonly tentative: "block" | "ignore";
}

export interface BlockCalendar {
  readonly canWrite: boolean;
}

/** Why an event takes time, or why not. */
export type BlockReason = BusyReason | FreeReason;
type BusyReason = "override_busy" | "all_day_setting" | "tentative" | "unanswered" | "busy";
type FreeReason =
  | "override_free"
  | "ours"
  | "zero_length"
  | "declined"
  | "working_elsewhere"
  | "marked_free"
  | "tentative_ignored";

export type BlockVerdict =
  | { readonly blocks: true; readonly reason: BusyReason }
  | { readonly blocks: false; readonly reason: FreeReason };

/** Whether an event takes time that could otherwise be booked. The first rule that applies decides. */
export function blocks(facts: BlockFacts, settings: BlockSettings, calendar: BlockCalendar): BlockVerdict {
  if (facts.override !== null) return byOverride(facts.override, facts.empty);
  if (facts.own) return free("ours");
  if (facts.empty) return free("zero_length");
  if (facts.response === "declined") return free("declined");
  if (isElsewhere(facts)) return free("working_elsewhere");
  if (facts.showAs === "free") {
    return blocksAllDay(facts, settings, calendar) ? busy("all_day_setting") : free("marked_free");
  }
  if (isTentative(facts))
    return settings.tentative === "block" ? busy("tentative") : free("tentative_ignored");
  return busy(facts.response === "needs_action" ? "unanswered" : "busy");
}

function byOverride(override: boolean, empty: boolean): BlockVerdict {
  if (!override) return free("override_free");
  return empty ? free("zero_length") : busy("override_busy");
}

function isElsewhere(facts: BlockFacts): boolean {
  return facts.showAs === "working_elsewhere" || facts.kind === "working_location";
}

// Google marks new all-day events free by itself, so providers may let them block. Birthdays, and calendars
// one only reads (holidays, a colleague's), would then close days nobody meant to close.
function blocksAllDay(facts: BlockFacts, settings: BlockSettings, calendar: BlockCalendar): boolean {
  const meant = calendar.canWrite && facts.kind !== "birthday";
  return facts.allDay && meant && settings.allDayEvents === "always_block";
}

function isTentative(facts: BlockFacts): boolean {
  return facts.status === "tentative" || facts.showAs === "tentative" || facts.response === "tentative";
}

function busy(reason: BusyReason): BlockVerdict {
  return { blocks: true, reason };
}

function free(reason: FreeReason): BlockVerdict {
  return { blocks: false, reason };
}
