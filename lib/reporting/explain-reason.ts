/** What a reason comes from. */
export const REASON_SOURCES = ["rule", "working_hours", "external", "manual", "booking", "calendar"] as const;

/** Stable: pages translate them, clients branch on them. */
export const REASON_CODES = [
  "past",
  "notice",
  "too_far",
  "off_grid",
  "outside_weekly_hours",
  "outside_exception_hours",
  "event_busy",
  "event_tentative",
  "event_unanswered",
  "event_all_day_setting",
  "event_override_busy",
  "event_displaced",
  "event_declined",
  "event_marked_free",
  "event_working_elsewhere",
  "event_tentative_ignored",
  "event_override_free",
  "event_zero_length",
  "event_own",
  "calendar_unchecked",
  "import_off",
  "time_off",
  "time_held",
  "booking",
  "booking_buffer",
  "service_buffer",
  "calendar_unknown",
  "calendar_stale",
] as const;

export type ReasonCode = (typeof REASON_CODES)[number];

/** What would change it: the operation, and what it needs. */
export type ReasonFix =
  | { action: "override_event"; eventId: string; blocks: boolean | null }
  | { action: "change_working_hours" }
  | { action: "change_service"; serviceId: string }
  | { action: "delete_time_off"; id: string }
  | { action: "decide_bulk_change"; id: string }
  | { action: "move_booking"; bookingId: string }
  | { action: "check_calendar"; integrationId: string; calendarId: string }
  | { action: "enable_import"; integrationId: string }
  | { action: "sync"; integrationId: string };

/** One link in the chain of why time is free or not. */
export interface Reason {
  code: ReasonCode;
  /** False: it stands there and takes no time, or is only good to know. */
  blocks: boolean;
  /** A sentence in English. */
  title: string;
  /** The stored title of what it speaks of. */
  subject: string | null;
  source: (typeof REASON_SOURCES)[number];
  start: string | null;
  end: string | null;
  calendarId: string | null;
  externalEventId: string | null;
  bookingId: string | null;
  /** When this came to be known here. */
  learnedAt: string | null;
  fix: ReasonFix | null;
}

export function reason(
  given: Pick<Reason, "code" | "blocks" | "title" | "source"> & Partial<Reason>,
): Reason {
  return {
    subject: null,
    start: null,
    end: null,
    calendarId: null,
    externalEventId: null,
    bookingId: null,
    learnedAt: null,
    fix: null,
    ...given,
  };
}

/** When something is, as reasons tell it. */
export function times(row: { startsAt: Date; endsAt: Date }): { start: string; end: string } {
  return { start: row.startsAt.toISOString(), end: row.endsAt.toISOString() };
}
