import type { ProviderName } from "@/app/_components/provider-name";
import type { ExportProblem } from "@/app/(dashboard)/bookings/export-state";
import type { BlockReason } from "@/lib/calendar/blocking";

/** The account and calendar an event stands in. */
export interface EntryCalendar {
  name: string;
  color: string | null;
  account: string;
  provider: ProviderName;
}

export interface EntryAttendee {
  /** A name, else an address, else null. */
  who: string | null;
  response: "needs_action" | "declined" | "tentative" | "accepted";
}

/** What a booking's entry tells beyond its time. */
export interface EntryBooking {
  id: string;
  service: string;
  client: string;
  /** What stands against its events in the outside calendars: the first that does. */
  trouble: { problem: ExportProblem; provider: ProviderName } | null;
}

/** Something in the calendar: an outside event, a booking, or time off entered here. */
export interface CalendarEntry {
  id: string;
  source: "external" | "booking" | "manual";
  /** Null when it has none, or when titles are not kept; a booking's is its client and service. */
  title: string | null;
  start: Date;
  end: Date;
  allDay: boolean;
  blocks: boolean;
  /** Null for anything but events. */
  reason: BlockReason | null;
  override: boolean | null;
  calendar: EntryCalendar | null;
  location: string | null;
  attendees: EntryAttendee[];
  booking: EntryBooking | null;
  /** Time off that holds what a wholesale change of a calendar set free: that change. */
  heldBy: string | null;
  /** An event we wrote for a booking and its owner moved: the booking itself is still where it was. */
  displaced: { bookingId: string; client: string; start: Date; end: Date } | null;
}
