import type { Access, CalendarRef } from "@/lib/providers/access";

/** What is asked of a vendor that shall tell of changes. */
export interface WatchRequest {
  /** Ours. Google takes it as the channel's id; Microsoft chooses its own. */
  id: string;
  /** Comes back with every message (Google: the channel's token, Microsoft: the client state). */
  secret: string;
  /** Where messages go. */
  address: string;
  lifetimeMs: number;
}

export interface GrantedWatch {
  externalId: string;
  /** What is watched, in the vendor's words; null where it names nothing. */
  resourceId: string | null;
  /** As granted, whatever was asked; null when the vendor did not say. */
  expiresAt: Date | null;
}

/** The half of the port that lets a vendor tell us of changes, so that nobody has to ask. */
export interface ChangeWatcher {
  /** The path below this installation's origin that its messages come to. */
  readonly path: string;
  /** The longest life worth asking for. */
  readonly lifetimeMs: number;
  /** Throws `not_supported` for calendars of which the vendor never tells. The first message may come before this returns. */
  create(access: Access, calendar: CalendarRef, request: WatchRequest): Promise<GrantedWatch>;
  /** The same for the account's list of calendars: added, removed, renamed, shared otherwise. Stopped like any other. */
  createForList(access: Access, request: WatchRequest): Promise<GrantedWatch>;
  /** One that the vendor no longer knows counts as stopped. */
  stop(access: Access, watch: { externalId: string; resourceId: string }): Promise<void>;
}

/**
 * A message in our words. `hello`: the watch works, and nothing has changed. `gone`: what it watches is no longer
 * there. Nothing in it is true before its secret was compared.
 */
export interface WatchMessage {
  watchId: string;
  secret: string | null;
  resourceId: string | null;
  state: "hello" | "changed" | "gone";
  /** Grows within a watch, with gaps; null where the vendor does not number. */
  number: number | null;
  expiresAt: Date | null;
}
