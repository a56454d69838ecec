import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import type { Access, CalendarRef } from "@/lib/providers/access";

/** What a booking looks like in an outside calendar. No attendees: a vendor would write to them. */
export interface EventDraft {
  title: string;
  start: Date;
  end: Date;
  /** The zone its owner reads it in. */
  timeZone: TimeZoneId;
  location: string | null;
  /** Plain text. */
  description: string;
  /** The booking's id, as the private property that helps to know our events again. */
  bookingMarker: string;
  /** Leads back to the booking here. */
  link: string;
  /** `contentHash` of all this, kept with the event: says later whether its owner changed what we wrote. */
  stamp: string;
}

/** An event that only tests how fast we hear of it. */
export interface ProbeDraft {
  title: string;
  start: Date;
  end: Date;
  timeZone: TimeZoneId;
  /** Plain text. */
  description: string;
  /** The probe's id, as a private property. */
  probeMarker: string;
}

/** A live event of ours with what an import does not carry. */
export interface OwnEvent {
  event: CalendarEvent;
  description: string | null;
  /** The stamp of the draft it was written from last; null where it got lost. */
  stamp: string | null;
  /** Its owner made a series of it. */
  recurring: boolean;
}

/** Our event as the vendor shows it; a deleted one is still known to some. */
export type RemoteEvent = ({ status: "live" } & OwnEvent) | { status: "deleted"; externalId: string };

/**
 * The writing half of the port. Each call writes once and is not retried: what to do about a failure is decided from
 * what is stored. `key` names an event the same way at every retry: Google takes it as the event's id, Microsoft as
 * `transactionId`, so an insert whose answer was lost is found again and not made twice.
 */
export interface EventWriter {
  /** The id an event made under this key has; null where the vendor chooses ids. */
  idOf(key: string): string | null;
  /** Throws `duplicate` when the key names an event already, a live or a deleted one; `not_found`: no such calendar. */
  create(access: Access, calendar: CalendarRef, key: string, draft: EventDraft): Promise<CalendarEvent>;
  /**
   * Makes an event that nobody else can read, that takes no time, reminds and invites nobody. Throws as `create` does.
   * Answers its id.
   */
  createProbe(access: Access, calendar: CalendarRef, key: string, draft: ProbeDraft): Promise<string>;
  /** By the id we know, else by the key. Null: the calendar knows no such event. `not_found`: no such calendar. */
  find(
    access: Access,
    calendar: CalendarRef,
    known: { externalId: string | null; key: string },
  ): Promise<RemoteEvent | null>;
  /**
   * Writes the draft's fields and leaves others alone. With an etag throws `precondition_failed` when somebody
   * changed the event since; `not_found` and `gone` when there is nothing to change. `restore` makes everything as
   * it was made, which also brings a deleted event back where the vendor can.
   */
  update(
    access: Access,
    calendar: CalendarRef,
    externalId: string,
    draft: EventDraft,
    options: { etag: string | null; restore?: boolean },
  ): Promise<CalendarEvent>;
  /** Throws `not_found` or `gone` when there is nothing left to remove, and `precondition_failed` as above. */
  remove(
    access: Access,
    calendar: CalendarRef,
    externalId: string,
    options: { etag: string | null },
  ): Promise<void>;
}
