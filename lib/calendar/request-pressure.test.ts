import { describe, expect, it } from "vitest";
import { fallsShort, projectedShare, utcDay } from "@/lib/calendar/request-pressure";

const at = (time: string) => new Date(`2026-11-20T${time}Z`);

describe("the projected share of a day's budget", () => {
  it.each([
    ["nothing asked", 0, "12:00:00", 0],
    ["half of it by noon", 500, "12:00:00", 1],
    ["half of it by six", 500, "06:00:00", 2],
    ["all of it in the last second", 1_000, "23:59:59", 1],
    ["a burst at midnight counts as an hour's", 10, "00:00:00", 0.24],
  ])("%s", (_, requests, time, share) => {
    expect(projectedShare({ requests, budget: 1_000, now: at(time) })).toBeCloseTo(share, 2);
  });

  it("is never less than what was used", () => {
    for (const time of ["00:00:00", "00:59:59", "13:07:00", "23:59:59"]) {
      expect(projectedShare({ requests: 700, budget: 1_000, now: at(time) })).toBeGreaterThanOrEqual(0.7);
    }
  });
});

it("falls short when the least of the rest is more than what is left", () => {
  const noon = { requests: 600, budget: 1_000, now: at("12:00:00") };
  expect(fallsShort(noon, 800)).toBe(false);
  expect(fallsShort(noon, 801)).toBe(true);
  expect(fallsShort({ ...noon, requests: 1_001 }, 0)).toBe(true);
});

it("has days of UTC", () => {
  expect(utcDay(at("23:59:59"))).toBe("2026-11-20");
});
