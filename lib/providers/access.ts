import type { TimeZoneId } from "@/lib/calendar/time-zone";

/** A bearer token in the hand of the function that uses it. */
export interface Access {
  readonly accessToken: string;
  /** Whose it is: their requests are counted. */
  readonly person?: string;
  /** Nobody waits at this moment: requests may be held back while a minute's quota is nearly used. */
  readonly patient?: boolean;
}

export interface CalendarRef {
  externalId: string;
  timeZone: TimeZoneId;
}
