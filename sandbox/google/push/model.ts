/** A push channel: one client's wish to hear of changes of one resource of one account. */
export interface Channel {
  id: string;
  account: string;
  clientId: string;
  /** Which channel since the store was empty; with `messages` it picks the dice, so that a seed repeats itself. */
  ordinal: number;
  /** Absent: the account's list of calendars. */
  calendarId?: string;
  /** The same for every channel of this account and resource. */
  resourceId: string;
  resourceUri: string;
  address: string;
  token?: string;
  createdAt: number;
  expiration: number;
  /** Number of the newest message. Numbers grow, with gaps. */
  number: number;
  /** How many messages were meant for it. */
  messages: number;
  ended?: { at: number; why: EndReason };
  /** Stopped, but one more message is to go out. */
  lastWord?: boolean;
}

export type EndReason = "stopped" | "revoked" | "gone";

export type ResourceState = "sync" | "exists" | "not_exists";

export function channelKey({ clientId, id }: Pick<Channel, "clientId" | "id">): string {
  return `${clientId}\n${id}`;
}

/** What a change is looked up by: a calendar's events, or an account's list. */
export function resourceKey({ calendarId, account }: Pick<Channel, "calendarId" | "account">): string {
  return calendarId === undefined ? `list\n${account}` : `events\n${calendarId}`;
}

export function isActive(channel: Channel, now: number): boolean {
  return channel.ended === undefined && channel.expiration > now;
}
