const SECOND_MS = 1_000;

/** One more than a minute has: what was asked late in the oldest second is still less than a minute old. */
const SECONDS = 61;

/** What was asked within the last sixty seconds, by second: constant cost whatever the rate. */
export interface MinuteWindow {
  add(count: number, at: Date, now: Date): void;
  used(now: Date): number;
  /** Milliseconds until one more would be at most `limit` within any sixty seconds; 0 when it is so now. */
  freeIn(limit: number, now: Date): number;
}

export function createMinuteWindow(): MinuteWindow {
  const counts = new Uint32Array(SECONDS);
  let total = 0;
  let second = 0;

  const slide = (now: Date) => {
    const current = Math.floor(now.getTime() / SECOND_MS);
    if (current < second || current - second >= SECONDS) {
      counts.fill(0); // Long idle, or the clock was set back: what it says of the past means nothing.
      total = 0;
      second = current;
    }
    while (second < current) {
      second += 1;
      total -= counts[second % SECONDS] ?? 0;
      counts[second % SECONDS] = 0;
    }
  };
  return {
    add(count, at, now) {
      slide(now);
      const asked = Math.min(Math.floor(at.getTime() / SECOND_MS), second);
      if (second - asked >= SECONDS) return;
      counts[asked % SECONDS] = (counts[asked % SECONDS] ?? 0) + count;
      total += count;
    },
    used(now) {
      slide(now);
      return total;
    },
    freeIn(limit, now) {
      slide(now);
      let over = total + 1 - limit;
      for (let at = second - SECONDS + 1; over > 0 && at <= second; at += 1) {
        over -= counts[((at % SECONDS) + SECONDS) % SECONDS] ?? 0;
        if (over <= 0) return (at + SECONDS) * SECOND_MS - now.getTime();
      }
      return 0;
    },
  };
}
