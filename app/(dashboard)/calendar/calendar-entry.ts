import type { ProviderName } from "@/app/_components/provider-name";
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

/** Something in the calendar: an outside event, or time off entered here. */
export interface CalendarEntry {
  id: string;
  source: "external" | "manual";
  /** Null when it has none, or when titles are not kept. */
  title: string | null;
  start: Date;
  end: Date;
  allDay: boolean;
  blocks: boolean;
  /** Null for time off. */
  reason: BlockReason | null;
  override: boolean | null;
  calendar: EntryCalendar | null;
  location: string | null;
  attendees: EntryAttendee[];
}
