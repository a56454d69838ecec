import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import type { RoundItem } from "@/lib/calendar/round-item";
import type { TimeRange } from "@/lib/calendar/time-range";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import type { Access, CalendarRef } from "@/lib/providers/access";
import type { ChangeWatcher } from "@/lib/providers/change-watcher";
import type { EventWriter } from "@/lib/providers/event-writer";

export type { Access, CalendarRef } from "@/lib/providers/access";

/**
 * The port to a vendor. Adapters translate, the engine decides and stores.
 * Drawn for two unlike vendors: one whose change feed keeps no window, marks events with properties and revokes
 * grants (Google), and one whose feed lives in a window, shows bare occurrences, and revokes nothing (Microsoft).
 */
export interface CalendarProvider {
  readonly vendor: Vendor;
  /** Stored beside each cursor. A change of mapping or of list parameters changes it and forces a full round. */
  readonly cursorVersion: string;
  readonly oauth: ProviderOAuth;
  /** Writes the events of bookings. */
  readonly events: EventWriter;
  /** Has the vendor tell us of changes. */
  readonly watches: ChangeWatcher;
  /** All calendars of the account, deleted ones left out. Complete or throws: a half list would hide calendars. */
  listCalendars(access: Access): Promise<ProviderCalendar[]>;
  /**
   * One round over a calendar: pages in order, the last one with the next cursor. Without a cursor the round is
   * full: it tells everything in the window, and what it does not tell does not exist. An adapter may hold a page
   * back until it is understood. Throws `gone_cursor` at any page when the cursor is no longer accepted.
   */
  readRound(access: Access, request: RoundRequest): AsyncIterable<RoundPage>;
  /** Everything that overlaps the range right now, mapped as an import would map it. */
  listWindow(access: Access, calendar: CalendarRef, range: TimeRange): Promise<CalendarEvent[]>;
}

export type Vendor = "google" | "microsoft";

export interface ProviderCalendar {
  externalId: string;
  name: string;
  color: string | null;
  /** Null when the vendor names none; the person's own zone then applies. */
  timeZone: TimeZoneId | null;
  /** The vendor's word, kept for display; unknown words mean no write. */
  accessRole: string;
  canWrite: boolean;
  primary: boolean;
}

export interface RoundRequest {
  calendar: CalendarRef;
  cursor: string | null;
  window: TimeRange;
}

export interface RoundPage {
  items: RoundItem[];
  /** The calendar's zone as this answer gives it, when it does; a change re-dates all-day events. */
  timeZone: TimeZoneId | null;
  /** Null while pages remain. `cursor: null` means the vendor gave none: the next round is full. */
  end: { cursor: string | null } | null;
}

/** The consent and token half of a vendor. Addresses are the vendor's real ones; mapping happens at the door. */
export interface ProviderOAuth {
  /** Scopes asked for when connecting a calendar, in the vendor's words. */
  readonly calendarScopes: readonly string[];
  /** False when the vendor has no revocation (then the person is told where to remove consent). */
  readonly revokes: boolean;
  capabilities(grantedScopes: readonly string[]): Capabilities;
  authorizationUrl(request: AuthorizationRequest): Promise<URL>;
  /** Exchanges the code of a callback; checks state, issuer, PKCE, nonce and the id token's signature. */
  exchange(request: ExchangeRequest): Promise<Grant>;
  /** Throws `reauthorization_required` only when the grant itself is dead; `misconfigured` is the operator's. */
  refresh(refreshToken: string): Promise<RefreshedTokens>;
  /** Ends the grant. Already dead counts as done. */
  revoke(token: string): Promise<void>;
}

export interface Capabilities {
  readEvents: boolean;
  writeEvents: boolean;
  contacts: boolean;
  presence: boolean;
}

export interface AuthorizationRequest {
  redirectUri: string;
  state: string;
  nonce: string;
  codeVerifier: string;
  loginHint: string | null;
}

export interface ExchangeRequest {
  /** The callback as the browser brought it, with its query. */
  callbackUrl: URL;
  redirectUri: string;
  state: string;
  nonce: string;
  codeVerifier: string;
}

export interface Grant {
  issuer: string;
  subject: string;
  email: string;
  scopes: string[];
  accessToken: string;
  refreshToken: string | null;
  expiresInSeconds: number;
}

export interface RefreshedTokens {
  accessToken: string;
  /** Null when the vendor keeps the old one valid (never overwrite with nothing). */
  refreshToken: string | null;
  expiresInSeconds: number;
  scopes: string[] | null;
}
