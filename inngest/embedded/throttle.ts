import type { FunctionDefinition } from "@/inngest/embedded/function-definition";

type ThrottleOptions = NonNullable<FunctionDefinition["throttle"]>;

const SWEEP_EVERY = 1_024;

/** The generic cell rate algorithm, as the real server: `limit` per period, after a burst at the beginning. */
export interface Throttle {
  /** Milliseconds a run with this key has to wait; its place is taken by asking. */
  reserve(key: string, options: ThrottleOptions, now: Date): number;
  clear(): void;
}

export function createThrottle(): Throttle {
  /** Per key, the instant at which it would be back to its full burst. */
  const fullAt = new Map<string, number>();
  let reservations = 0;

  function sweep(now: number): void {
    if (++reservations % SWEEP_EVERY !== 0) return;
    for (const [key, instant] of fullAt) if (instant <= now) fullAt.delete(key);
  }

  return {
    reserve(key, { limit, periodMs, burst }, now) {
      sweep(now.getTime());
      const interval = periodMs / limit;
      const arrival = Math.max(now.getTime(), fullAt.get(key) ?? 0);
      fullAt.set(key, arrival + interval);
      return Math.max(0, arrival - (limit + burst - 1) * interval - now.getTime());
    },
    clear() {
      fullAt.clear();
    },
  };
}
