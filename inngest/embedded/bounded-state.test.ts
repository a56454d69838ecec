import { describe, expect, it } from "vitest";
import { retryDelay } from "@/inngest/embedded/backoff";
import { parseDelay, parseDuration } from "@/inngest/embedded/duration";
import { createExpiringSet } from "@/inngest/embedded/expiring-set";
import { createThrottle } from "@/inngest/embedded/throttle";

const at = (milliseconds: number) => new Date(milliseconds);

describe("an expiring set", () => {
  it("never holds more than its capacity over a million keys, and forgets the oldest", () => {
    const set = createExpiringSet({ lifetimeMs: 1_000_000_000, capacity: 1_000 });
    for (let key = 0; key < 1_000_000; key++) set.add(String(key), at(key));
    expect(set.size).toBe(1_000);
    expect(set.add("999999", at(1_000_000))).toBe(false);
    expect(set.add("1", at(1_000_000))).toBe(true);
  });

  it("forgets a key when its time is over", () => {
    const set = createExpiringSet({ lifetimeMs: 100, capacity: 10 });
    expect(set.add("a", at(0))).toBe(true);
    expect(set.add("a", at(99))).toBe(false);
    expect(set.add("a", at(100))).toBe(true);
    set.add("b", at(1_000));
    expect(set.size).toBe(1);
  });
});

describe("a throttle", () => {
  it("spaces a key's places evenly after its burst and leaves other keys alone", () => {
    const throttle = createThrottle();
    const options = { limit: 4, periodMs: 1_000, burst: 1 };
    const waits = Array.from({ length: 8 }, () => throttle.reserve("a", options, at(0)));
    expect(waits).toEqual([0, 0, 0, 0, 0, 250, 500, 750]);
    expect(throttle.reserve("b", options, at(0))).toBe(0);
    expect(throttle.reserve("a", options, at(10_000))).toBe(0);
  });
});

describe("durations", () => {
  it.each([
    ["2s", 2_000],
    ["1d2h", 93_600_000],
    ["1w", 604_800_000],
    ["", 0],
    ["2 s", undefined],
    ["soon", undefined],
  ])("%j is %s", (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it("may be instants, and never lie in the past", () => {
    const now = new Date("2026-01-01T00:00:00.000Z");
    expect(parseDelay("2026-01-01T00:01:00.000Z", now)).toBe(60_000);
    expect(parseDelay("2025-01-01T00:00:00.000Z", now)).toBe(0);
    expect(parseDelay("whenever", now)).toBeUndefined();
  });
});

describe("the delay before a retry", () => {
  const now = new Date("2026-01-01T00:00:00.000Z");

  it.each([
    ["90", 90_000],
    ["0", 1_000],
    ["999999999", 86_400_000],
    ["2026-01-01T00:05:00.000Z", 300_000],
    ["2020-01-01T00:00:00.000Z", 1_000],
  ])("with Retry-After %s is %s ms", (header, expected) => {
    expect(retryDelay(0, header, now)).toBe(expected);
  });

  it("follows the table with at most half a minute on top", () => {
    const table = [15, 30, 60, 120, 300, 600, 1_200, 2_400, 3_600, 7_200, 7_200];
    table.forEach((seconds, attempt) => {
      const delay = retryDelay(attempt, undefined, now);
      expect(delay).toBeGreaterThanOrEqual(seconds * 1_000);
      expect(delay).toBeLessThanOrEqual(seconds * 1_000 + 30_000);
    });
  });
});
