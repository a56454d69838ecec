import { describe, expect, it } from "vitest";
import { LONGEST_WATCH_BACKOFF_MS, renewAt, watchRetryAt } from "@/lib/calendar/watch-schedule";

const DAY_MS = 86_400_000;
const requestedAt = new Date("2026-11-23T09:00:00.000Z");
const expiresAt = new Date(requestedAt.getTime() + 7 * DAY_MS);

describe("the renewal of a watch", () => {
  it("comes well before the end, and not for a whole fleet at once", () => {
    const places = Array.from({ length: 1_000 }, (_, index) => {
      const at = renewAt({ id: `watch-${index}`, requestedAt, expiresAt });
      return (at.getTime() - requestedAt.getTime()) / (7 * DAY_MS);
    });
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0.7);
    expect(Math.max(...places)).toBeLessThanOrEqual(0.85);
    const hours = new Map<number, number>();
    for (const place of places) {
      const hour = Math.floor(place * 7 * 24);
      hours.set(hour, (hours.get(hour) ?? 0) + 1);
    }
    expect(Math.max(...hours.values())).toBeLessThan(100);
  });

  it("is at once for one that was granted no life at all", () => {
    const at = renewAt({ id: "w", requestedAt, expiresAt: new Date(requestedAt.getTime() - 1) });
    expect(at).toEqual(requestedAt);
  });
});

describe("a watch that cannot be made", () => {
  it("is asked for less and less often, but not before the vendor's own word", () => {
    const wait = (failures: number, retryAfterMs: number | null = null) =>
      watchRetryAt({ failures, retryAfterMs, random: 0.5, now: requestedAt }).getTime() -
      requestedAt.getTime();
    expect([1, 2, 3].map((failures) => wait(failures))).toEqual([45_000, 90_000, 180_000]);
    expect(wait(40)).toBe(0.75 * LONGEST_WATCH_BACKOFF_MS);
    expect(wait(1, 600_000)).toBe(600_000);
    expect(wait(1, 99 * DAY_MS)).toBe(LONGEST_WATCH_BACKOFF_MS);
  });
});
