/** Everything known of an entry, in words. */
export interface EntryDetails {
  id: string;
  source: "external" | "booking" | "manual";
  title: string;
  when: string;
  location: string | null;
  calendar: { name: string; account: string } | null;
  attendees: { who: string; response: string }[];
  blocks: boolean;
  reason: string;
  choices: (boolean | null)[];
  /** The booking it is, or was written for. */
  /** Of the wholesale change whose freed time it holds. */
  changeId: string | null;
  bookingId: string | null;
  /** What stands against a booking's events in the outside calendars. */
  trouble: { message: string; fix: string } | null;
}
