import type { TimeZoneId } from "@/lib/calendar/time-zone";

/** A bearer token in the hand of the function that uses it. */
export interface Access {
  readonly accessToken: string;
  /** Whose it is: their requests are counted. */
  readonly person?: string;
}

export interface CalendarRef {
  externalId: string;
  timeZone: TimeZoneId;
}
