import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { covers, importWindow, offeredWindow, touches } from "@/lib/calendar/window";

const NOW = new Date("2026-11-20T12:00:00.000Z");
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const after = (days: number) => new Date(NOW.getTime() + days * DAY_MS);
const range = (start: number, end: number) => ({ start: after(start), end: after(end) });

describe("the import window", () => {
  it("reaches from a day ago to 94 days ahead, and 92 are offered", () => {
    expect(importWindow(NOW)).toEqual(range(-1, 94));
    expect(offeredWindow(NOW)).toEqual(range(0, 92));
  });

  it.each([
    ["just read", 0, true],
    ["read a day ago", 1, true],
    ["read two days ago", 2, true],
    ["read two days and an hour ago", 2 + 1 / 24, false],
    ["read by a clock half a day ahead", -0.5, true],
    ["read by a clock eight days ahead", -8, false],
    ["read by a clock years ahead", -3_000, false],
  ])("%s covers what is offered: %s days old", (_, age, expected) => {
    expect(covers(importWindow(after(-age)), NOW)).toBe(expected);
  });

  it("covers nothing before it was ever read", () => {
    expect(covers(null, NOW)).toBe(false);
  });
});

describe("touches", () => {
  const window = range(-1, 94);
  it.each([
    ["inside", range(3, 4), true],
    ["over the start", range(-3, 0), true],
    ["over the end", range(93, 120), true],
    ["longer than the window", range(-400, 400), true],
    ["ending where it starts", range(-3, -1), false],
    ["starting where it ends", range(94, 95), false],
    ["before", range(-9, -8), false],
    ["after", range(120, 121), false],
    ["without length inside", range(5, 5), true],
    ["without length at the start", range(-1, -1), true],
    ["without length at the end", range(94, 94), false],
    ["without length before", range(-2, -2), false],
  ])("an event %s: %#", (_, event, expected) => {
    expect(touches(window, event)).toBe(expected);
  });

  it("keeps an event at every moment at which it could still take offered time", () => {
    const hours = fc.integer({ min: -200 * 24, max: 200 * 24 });
    fc.assert(
      fc.property(hours, fc.integer({ min: 1, max: 500 }), (start, length) => {
        const event = range(start / 24, (start + length) / 24);
        const offered = event.start < after(92) && event.end > NOW;
        if (offered) expect(touches(window, event)).toBe(true);
      }),
    );
  });
});
