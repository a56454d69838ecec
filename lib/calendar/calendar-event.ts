import type { EventTime } from "@/lib/calendar/event-time";

/** What sort of entry the vendor says it is; a sort we do not know is `default`. */
export type EventKind =
  | "default"
  | "focus_time"
  | "out_of_office"
  | "working_location"
  | "birthday"
  | "from_mail";

/** How the entry is marked for others who look for free time. */
export type ShowAs = "busy" | "free" | "tentative" | "out_of_office" | "working_elsewhere";

export type AttendeeResponse = "needs_action" | "declined" | "tentative" | "accepted";

/** The provider's own answer; `none` where nobody was asked. */
export type OwnResponse = "none" | "organizer" | AttendeeResponse;

export interface Attendee {
  readonly name: string | null;
  readonly email: string | null;
  readonly response: AttendeeResponse;
  readonly self: boolean;
}

/** Adapters keep no more attendees than this; a mass invitation needs none of the others here. */
export const MAX_ATTENDEES = 50;

/**
 * One occurrence as it stands in a vendor's calendar, in words no vendor owns. A cancelled one is never a
 * CalendarEvent but a removal.
 */
export interface CalendarEvent {
  readonly externalId: string;
  readonly seriesId: string | null;
  readonly iCalUid: string | null;
  readonly etag: string | null;
  /** When the vendor last changed it; decides between two versions met in one round. */
  readonly updatedAt: Date | null;
  readonly kind: EventKind;
  readonly status: "confirmed" | "tentative";
  /** Start and end are both instants or both days; the end is exclusive. */
  readonly start: EventTime;
  readonly end: EventTime;
  readonly showAs: ShowAs;
  readonly response: OwnResponse;
  readonly title: string | null;
  readonly location: string | null;
  readonly attendees: readonly Attendee[];
  readonly organizerSelf: boolean;
  readonly private: boolean;
  /** The value of our private property, where the vendor shows it. */
  readonly bookingMarker: string | null;
}
