import type { Clock } from "../../core/clock";

/** Something to send, not before its time. */
export interface Parcel {
  /** By the sandbox's clock. */
  dueAt: number;
  /** Waits a moment for the next one of its lane, and lets it pass. */
  yields: boolean;
}

interface Lane<T> {
  key: string;
  queue: T[];
  busy: boolean;
  timer?: NodeJS.Timeout;
}

/** Queues that each send one parcel at a time, in order, and together no more than `limit`. */
export interface Lanes<T extends Parcel> {
  add(key: string, parcel: T): void;
  /** The newest parcel of a lane that is not on its way yet. */
  newest(key: string): T | undefined;
  drop(key: string): void;
  /** Parcels that wait or are on their way: of a lane, or of all. */
  pending(key?: string): number;
  /** What waits for its time becomes due; resolves when nothing is on its way any more. */
  deliverNow(key?: string): Promise<void>;
  /** Drops everything that waits. */
  clear(): void;
}

const YIELD_MS = 1_000;
// Timers follow the machine, due times the sandbox's clock: far ones are looked at again.
const LONGEST_TIMER_MS = 60_000;

/** `send` answers the milliseconds after which the parcel is to be tried again, or nothing when it is done. */
export function createLanes<T extends Parcel>(
  clock: Clock,
  limit: number,
  send: (parcel: T) => Promise<number | undefined>,
): Lanes<T> {
  const lanes = new Map<string, Lane<T>>();
  const ready = new Set<Lane<T>>();
  const idle: (() => void)[] = [];
  let active = 0;
  let total = 0;

  const wake = (lane: Lane<T>) => {
    clearTimeout(lane.timer);
    const head = lane.queue[0];
    if (head === undefined || lane.busy) return;
    const wait = head.dueAt + (head.yields ? YIELD_MS : 0) - clock.ms();
    if (wait <= 0) {
      ready.add(lane);
      startReady();
    } else lane.timer = setTimeout(() => wake(lane), Math.min(wait, LONGEST_TIMER_MS)).unref();
  };
  const startReady = () => {
    for (const lane of ready) {
      if (active >= limit) return;
      ready.delete(lane);
      const head = lane.queue[0];
      if (head !== undefined && !lane.busy) void run(lane, head);
    }
  };
  const run = async (lane: Lane<T>, parcel: T) => {
    active += 1;
    lane.busy = true;
    const again = await send(parcel);
    active -= 1;
    lane.busy = false;
    if (again !== undefined) parcel.dueAt = clock.ms() + again;
    else if (lane.queue[0] === parcel) {
      lane.queue.shift();
      total -= 1;
    }
    if (lane.queue.length === 0 && lanes.get(lane.key) === lane) lanes.delete(lane.key);
    wake(lane);
    startReady();
    if (active === 0) for (const resolve of idle.splice(0)) resolve();
  };
  const empty = (lane: Lane<T>) => {
    clearTimeout(lane.timer);
    ready.delete(lane);
    total -= lane.queue.length;
    lane.queue = [];
  };
  clock.onJump(() => {
    for (const lane of [...lanes.values()]) wake(lane);
  });
  return {
    add(key, parcel) {
      const lane = lanes.get(key) ?? { key, queue: [], busy: false };
      lanes.set(key, lane);
      insert(lane, parcel);
      total += 1;
      wake(lane);
    },
    newest: (key) => newestWaiting(lanes.get(key)),
    drop(key) {
      const lane = lanes.get(key);
      if (lane !== undefined) empty(lane);
      lanes.delete(key);
    },
    pending: (key) => (key === undefined ? total : (lanes.get(key)?.queue.length ?? 0)),
    async deliverNow(key) {
      const now = clock.ms();
      for (const [name, lane] of [...lanes]) {
        if (key !== undefined && key !== name) continue;
        for (const parcel of lane.queue)
          Object.assign(parcel, { dueAt: Math.min(parcel.dueAt, now), yields: false });
        wake(lane);
      }
      if (active > 0) await new Promise<void>((resolve) => idle.push(resolve));
    },
    clear() {
      for (const lane of lanes.values()) empty(lane);
      lanes.clear();
    },
  };
}

function newestWaiting<T>(lane: Lane<T> | undefined): T | undefined {
  if (lane === undefined || (lane.busy && lane.queue.length === 1)) return undefined;
  return lane.queue.at(-1);
}

function insert<T extends Parcel>(lane: Lane<T>, parcel: T): void {
  const passed = newestWaiting(lane);
  if (passed?.yields !== true) {
    lane.queue.push(parcel);
    return;
  }
  passed.yields = false;
  parcel.yields = false;
  lane.queue.splice(-1, 0, parcel);
}
