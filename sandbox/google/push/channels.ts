import type { World } from "../calendar/world";
import { type Channel, channelKey, type EndReason, isActive, resourceKey } from "./model";

/** Channel rows, dead ones for a while, and which of them wait for a resource's changes. */
export interface Channels {
  get(clientId: string, id: string): Channel | undefined;
  list(): Channel[];
  open(channel: Omit<Channel, "ordinal" | "number" | "messages">): Channel;
  /** Channels to tell of a change: active ones, and stopped ones that have a last word. */
  on(resource: string): Channel[];
  watches(resource: string): boolean;
  end(channel: Channel, why: EndReason, lastWord?: boolean): void;
  /** The channel said its last word or expired: no change reaches it any more. */
  silence(channel: Channel): void;
  touch(channel: Channel): void;
  /** Rebuilds what is derived from the store. */
  load(): void;
}

// Their ids stay taken as long as they are kept.
const DEAD_ROWS = 5_000;
// A kill may lose the journal's last lines: no message number may be given twice.
const RESTART_GAP = 1_000;

export function createChannels({ google: { store, clock } }: World): Channels {
  const rows = store.collection<Channel>("google.push.channels");
  const waiting = new Map<string, Set<Channel>>();
  let ordinal = 0;
  let pruneAt = DEAD_ROWS;

  const wait = (channel: Channel) => {
    const key = resourceKey(channel);
    waiting.set(key, (waiting.get(key) ?? new Set()).add(channel));
  };
  const silence = (channel: Channel) => {
    const key = resourceKey(channel);
    const set = waiting.get(key);
    set?.delete(channel);
    if (set?.size === 0) waiting.delete(key);
    if (channel.lastWord !== true) return;
    channel.lastWord = false;
    rows.touch(channelKey(channel));
  };
  const prune = () => {
    const dead = [...rows.values()].filter((row) => !isActive(row, clock.ms()));
    for (const row of dead.slice(0, Math.max(0, dead.length - DEAD_ROWS / 2))) {
      silence(row);
      rows.delete(channelKey(row));
    }
    pruneAt = rows.size + DEAD_ROWS / 2;
  };
  const load = () => {
    waiting.clear();
    ordinal = 0;
    for (const row of rows.values()) {
      row.number += RESTART_GAP;
      ordinal = Math.max(ordinal, row.ordinal);
      if (row.ended === undefined || row.lastWord === true) wait(row);
    }
    pruneAt = rows.size + DEAD_ROWS / 2;
  };
  load();
  return {
    load,
    silence,
    get: (clientId, id) => rows.get(channelKey({ clientId, id })),
    list: () => [...rows.values()],
    open(given) {
      if (rows.size >= pruneAt) prune();
      ordinal += 1;
      const channel: Channel = { ...given, ordinal, number: 0, messages: 0 };
      rows.set(channelKey(channel), channel);
      wait(channel);
      return channel;
    },
    on: (resource) => [...(waiting.get(resource) ?? [])],
    watches: (resource) => waiting.has(resource),
    end(channel, why, lastWord = false) {
      channel.ended = { at: clock.ms(), why };
      if (lastWord) channel.lastWord = true;
      else silence(channel);
      rows.touch(channelKey(channel));
    },
    touch(channel) {
      if (rows.get(channelKey(channel)) === channel) rows.touch(channelKey(channel));
    },
  };
}
