import type { Clock } from "./clock";

const WINDOW_SECONDS = 60;

/** Counts calls per key over the last minute, one bucket per second: constant cost whatever the rate. */
export interface MinuteQuota {
  /** Counts one call unless the key already reached the limit. */
  take(key: string, limit: number): boolean;
  used(key: string): number;
  reset(): void;
}

interface Window {
  buckets: Uint32Array;
  total: number;
  second: number;
}

export function createMinuteQuota(clock: Clock): MinuteQuota {
  const windows = new Map<string, Window>();
  const windowAt = (key: string) => {
    const second = Math.floor(clock.ms() / 1_000);
    const window = windows.get(key) ?? { buckets: new Uint32Array(WINDOW_SECONDS), total: 0, second };
    windows.set(key, window);
    slide(window, second);
    return window;
  };
  return {
    take(key, limit) {
      const window = windowAt(key);
      if (window.total >= limit) return false;
      const slot = window.second % WINDOW_SECONDS;
      window.buckets[slot] = (window.buckets[slot] ?? 0) + 1;
      window.total += 1;
      return true;
    },
    used: (key) => windowAt(key).total,
    reset: () => windows.clear(),
  };
}

function slide(window: Window, second: number): void {
  if (second < window.second || second - window.second >= WINDOW_SECONDS) {
    window.buckets.fill(0);
    window.total = 0;
    window.second = second;
    return;
  }
  while (window.second < second) {
    window.second += 1;
    const slot = window.second % WINDOW_SECONDS;
    window.total -= window.buckets[slot] ?? 0;
    window.buckets[slot] = 0;
  }
}
