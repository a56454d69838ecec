import { type Condition, readPath } from "@/inngest/embedded/expression";
import { type EngineEvent, keyOf } from "@/inngest/embedded/run";

interface Listener {
  eventName: string;
  condition?: Condition;
  /** The event the listening run was started by: `event` in the condition. */
  origin: EngineEvent;
  heard(event: EngineEvent): void;
}

/** Who waits for which event: `waitForEvent` and `cancelOn`. */
export interface EventListeners {
  /** Returns the function that ends the listening. */
  listen(listener: Listener): () => void;
  notify(event: EngineEvent): void;
  isAwaited(eventName: string): boolean;
  size(): number;
  clear(): void;
}

type Bucket = Set<Listener>;

interface Channel {
  /** Joins on equality, by the path read from the incoming event and then by value: one look-up, not a scan. */
  joined: Map<string, { path: readonly string[]; byValue: Map<string, Bucket> }>;
  scanned: Bucket;
}

export function createEventListeners(): EventListeners {
  const channels = new Map<string, Channel>();
  let size = 0;

  function channelOf(name: string): Channel {
    const channel = channels.get(name) ?? { joined: new Map(), scanned: new Set() };
    channels.set(name, channel);
    return channel;
  }

  /** Undefined when the run's own event has no such value: then nothing can ever match. */
  function bucketOf(listener: Listener): Bucket | undefined {
    const join = listener.condition?.join;
    if (!join) return channelOf(listener.eventName).scanned;
    const value = readPath(listener.origin, join.event);
    if (value === undefined) return undefined;
    const { joined } = channelOf(listener.eventName);
    const pathKey = join.async.join(".");
    const byPath = joined.get(pathKey) ?? { path: join.async, byValue: new Map<string, Bucket>() };
    joined.set(pathKey, byPath);
    const bucket = byPath.byValue.get(keyOf(value)) ?? new Set();
    byPath.byValue.set(keyOf(value), bucket);
    return bucket;
  }

  function forgetEmpty(listener: Listener): void {
    const channel = channels.get(listener.eventName);
    const join = listener.condition?.join;
    if (!channel) return;
    if (join) {
      const byPath = channel.joined.get(join.async.join("."));
      const value = keyOf(readPath(listener.origin, join.event));
      if (byPath?.byValue.get(value)?.size === 0) byPath.byValue.delete(value);
      if (byPath?.byValue.size === 0) channel.joined.delete(join.async.join("."));
    }
    if (channel.joined.size === 0 && channel.scanned.size === 0) channels.delete(listener.eventName);
  }

  return {
    listen(listener) {
      const bucket = bucketOf(listener);
      if (!bucket) return () => undefined;
      bucket.add(listener);
      size++;
      return () => {
        if (!bucket.delete(listener)) return;
        size--;
        forgetEmpty(listener);
      };
    },
    notify(event) {
      const channel = channels.get(event.name);
      if (!channel) return;
      const candidates = [...channel.scanned];
      for (const { path, byValue } of channel.joined.values()) {
        const value = readPath(event, path);
        if (value !== undefined) candidates.push(...(byValue.get(keyOf(value)) ?? []));
      }
      for (const listener of candidates) {
        const scope = { event: listener.origin, async: event };
        if (listener.condition?.matches(scope) ?? true) listener.heard(event);
      }
    },
    isAwaited: (eventName) => channels.has(eventName),
    size: () => size,
    clear() {
      channels.clear();
      size = 0;
    },
  };
}
