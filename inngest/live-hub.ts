import { z } from "zod";
import { LIVE_CHANNEL, LIVE_TOPICS, type LiveTopic } from "@/db/live";

export type LiveMessage = { type: "changed"; topics: LiveTopic[] } | { type: "refresh" };
type Listener = (message: LiveMessage) => void;

const payload = z.object({
  userId: z.uuid(),
  topics: z.array(z.enum(LIVE_TOPICS)),
});

/** Hands what the database announces to the open pages of the person it concerns. One per process. */
export interface LiveHub {
  readonly channel: string;
  subscribe(userId: string, listener: Listener): () => void;
  /** A payload of the LISTEN connection. Anything malformed is dropped. */
  deliver(text: string): void;
  /** The connection was lost and is back: everybody reads again. */
  refreshAll(): void;
  /** Ends every stream; called first at shutdown. */
  onClose(close: () => void): () => void;
  closeAll(): void;
  size(): number;
}

export function createLiveHub(): LiveHub {
  const listeners = new Map<string, Set<Listener>>();
  const closers = new Set<() => void>();
  const each = (of: Iterable<Listener>, message: LiveMessage) => {
    for (const listener of of) listener(message);
  };
  return {
    channel: LIVE_CHANNEL,
    subscribe: (userId, listener) => {
      const own = listeners.get(userId) ?? new Set();
      listeners.set(userId, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0 && listeners.get(userId) === own) listeners.delete(userId);
      };
    },
    deliver: (text) => {
      const parsed = payload.safeParse(safeJson(text));
      if (!parsed.success) return;
      each(listeners.get(parsed.data.userId) ?? [], { type: "changed", topics: parsed.data.topics });
    },
    refreshAll: () => {
      for (const own of listeners.values()) each(own, { type: "refresh" });
    },
    onClose: (close) => {
      closers.add(close);
      return () => closers.delete(close);
    },
    closeAll: () => {
      for (const close of closers) close();
      closers.clear();
    },
    size: () => [...listeners.values()].reduce((sum, own) => sum + own.size, 0),
  };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Somebody else's notification on our channel.
  }
}
