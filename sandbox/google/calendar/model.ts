/** A moment as Google writes it: `date` (all-day, no zone) or `dateTime` with an offset. */
export interface EventDateTime {
  date?: string;
  dateTime?: string;
  timeZone?: string;
}

export type ResponseStatus = "needsAction" | "declined" | "tentative" | "accepted";

export interface Attendee {
  email: string;
  displayName?: string;
  responseStatus?: ResponseStatus;
  optional?: boolean;
  resource?: boolean;
  comment?: string;
  additionalGuests?: number;
}

export type EventStatus = "confirmed" | "tentative" | "cancelled";

/** The part of an event that people write. In an exception `null` says that its series' value was taken away. */
export interface EventFields {
  summary?: string | null;
  start?: EventDateTime | null;
  end?: EventDateTime | null;
  recurrence?: readonly string[] | null;
  attendees?: readonly Attendee[] | null;
  transparency?: string | null;
  visibility?: string | null;
  eventType?: string | null;
  guestsCanModify?: boolean | null;
  reminders?: unknown;
  extendedProperties?: { private?: Record<string, string>; shared?: Record<string, string> } | null;
  [field: string]: unknown;
}

export interface Person {
  email: string;
  displayName?: string;
}

/** One stored row: a single event, the master of a series, or an exception. Never changed in place. */
export interface StoredEvent {
  readonly calendarId: string;
  readonly id: string;
  /** Place in the calendar's order of creation; lists follow it. */
  readonly ordinal: number;
  /** Number of the calendar's change that wrote this state. */
  readonly changeSeq: number;
  readonly etag: string;
  readonly status: EventStatus;
  readonly sequence: number;
  readonly iCalUID: string;
  readonly created: string;
  readonly updated: string;
  readonly creator: Person;
  readonly organizer: Person;
  /** Of an exception: only what differs from its series. */
  readonly fields: EventFields;
  readonly seriesId?: string;
  readonly originalStart?: EventDateTime;
  /** An exception whose place no longer exists in its series; it only serves deltas. */
  readonly dropped?: boolean;
}

/** What a writer hands to a calendar; the calendar adds change number and etag. */
export type EventDraft = Omit<StoredEvent, "calendarId" | "changeSeq" | "etag" | "ordinal">;

export interface SeriesTimes {
  start: EventDateTime;
  end: EventDateTime;
  recurrence: readonly string[];
}

/** The times a series had before they were changed; deltas turn them into tombstones. */
export interface RetiredSeries {
  calendarId: string;
  seq: number;
  seriesId: string;
  times: SeriesTimes;
}

/** Roles of today and any string Google may invent tomorrow. */
export type AccessRole = string;

export interface CalendarRecord {
  id: string;
  /** The account that owns the data. */
  owner: string;
  summary: string;
  description?: string;
  location?: string;
  timeZone: string;
  acl: Record<string, AccessRole>;
  kind: "primary" | "secondary" | "generated";
  deleted: boolean;
  created: string;
  updated: string;
  /** Grows with every change of the calendar's own properties. */
  version: number;
  /** Sync tokens carry this number; raising it makes all older ones invalid. */
  tokenEpoch: number;
  /** The same, for one account only. */
  accountEpochs: Record<string, number>;
}

/** An account as the calendar knows it. */
export interface CalendarAccount {
  email: string;
  timeZone: string;
  /** Number of the newest change of its list of calendars. */
  entrySeq: number;
}

/** A calendar as it stands in one account's list. */
export interface ListEntry {
  account: string;
  calendarId: string;
  summaryOverride?: string;
  colorId: string;
  backgroundColor: string;
  foregroundColor: string;
  selected: boolean;
  hidden: boolean;
  deleted: boolean;
  changeSeq: number;
}
