import { createPriorityQueue, type PriorityQueue } from "@/inngest/embedded/priority-queue";

export interface ConcurrencySlot {
  id: string;
  limit: number;
}

interface WorkItem {
  slots: readonly ConcurrencySlot[];
  /** Lower goes first; equal ranks go in the order they came. */
  rank: number;
  /** True when the work is no longer wanted. */
  isStale(): boolean;
  /** Must not reject. */
  perform(): Promise<void>;
}

export interface WorkQueue {
  add(item: WorkItem): void;
  queued(): number;
  running(): number;
  /** Drops what waits and starts nothing more; what runs goes on. */
  close(): void;
}

interface Entry {
  item: WorkItem;
  order: number;
}

interface Lane {
  limit: number;
  running: number;
  waiting: PriorityQueue<Entry>;
}

/** Runs items by rank, never more than `maxRunning` at once and never more than a slot's limit per slot id. */
export function createWorkQueue(options: { maxRunning: number; onChange(): void }): WorkQueue {
  const first = (a: Entry, b: Entry) =>
    a.item.rank < b.item.rank || (a.item.rank === b.item.rank && a.order < b.order);
  const ready = createPriorityQueue<Entry>(first);
  const lanes = new Map<string, Lane>();
  let order = 0;
  let parked = 0;
  let running = 0;
  let closed = false;
  let pumping = false;

  function laneOf(slot: ConcurrencySlot): Lane {
    const lane = lanes.get(slot.id) ?? { limit: slot.limit, running: 0, waiting: createPriorityQueue(first) };
    lane.limit = slot.limit;
    lanes.set(slot.id, lane);
    return lane;
  }

  /** Gives a lane's free place to its next waiter, or forgets a lane that nobody uses. */
  function wake(slot: ConcurrencySlot): void {
    const lane = lanes.get(slot.id);
    if (!lane) return;
    const next = lane.running < lane.limit ? lane.waiting.pop() : undefined;
    if (next) {
      parked--;
      ready.push(next);
    } else if (lane.running === 0 && lane.waiting.size === 0) lanes.delete(slot.id);
  }

  function admit(entry: Entry): void {
    const { slots } = entry.item;
    if (entry.item.isStale()) {
      slots.forEach(wake);
      return;
    }
    const full = slots.find((slot) => {
      const lane = laneOf(slot);
      return lane.running >= lane.limit;
    });
    if (!full) {
      start(entry.item);
      return;
    }
    laneOf(full).waiting.push(entry);
    parked++;
    // It may have been woken for a place in another lane that it now leaves unused.
    for (const slot of slots) if (slot !== full) wake(slot);
  }

  function start(item: WorkItem): void {
    running++;
    for (const slot of item.slots) laneOf(slot).running++;
    void item.perform().finally(() => {
      running--;
      for (const slot of item.slots) laneOf(slot).running--;
      item.slots.forEach(wake);
      pump();
      options.onChange();
    });
  }

  function pump(): void {
    if (pumping) return;
    pumping = true;
    while (!closed && running < options.maxRunning) {
      const entry = ready.pop();
      if (!entry) break;
      admit(entry);
    }
    pumping = false;
  }

  return {
    add(item) {
      if (closed) return;
      ready.push({ item, order: order++ });
      pump();
    },
    queued: () => ready.size + parked,
    running: () => running,
    close() {
      closed = true;
      ready.clear();
      for (const lane of lanes.values()) lane.waiting.clear();
      parked = 0;
      options.onChange();
    },
  };
}
