import { expect, it } from "vitest";
import { clockOf, whyHref } from "@/app/(dashboard)/calendar/why-address";
import { parseWhy, rangeOfWhy } from "@/app/(dashboard)/calendar/why-wish";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

const PARIS = "Europe/Paris" as TimeZoneId;
const ask = (why: string, from: string, to: string) => {
  const wish = parseWhy({ why, from, to, service: "" });
  return wish === null ? null : rangeOfWhy(wish, PARIS);
};

it("reads times on the person's own clock, midnight as the day's end", () => {
  expect(ask("2026-11-27", "10:00", "10:30")).toEqual({
    start: new Date("2026-11-27T09:00:00Z"),
    end: new Date("2026-11-27T09:30:00Z"),
  });
  expect(ask("2026-11-27", "23:30", "00:00")?.end).toEqual(new Date("2026-11-27T23:00:00Z"));
});

it("takes an hour that comes twice as both of them, and one that is skipped as some time at least", () => {
  expect(ask("2026-10-25", "02:00", "02:30")).toEqual({
    start: new Date("2026-10-25T00:00:00Z"),
    end: new Date("2026-10-25T01:30:00Z"),
  });
  expect(ask("2027-03-28", "02:00", "02:30")).not.toBeNull();
});

it("asks nothing where the address makes no sense", () => {
  expect(ask("yesterday", "10:00", "11:00")).toBeNull();
  expect(ask("2026-11-27", "25:00", "26:00")).toBeNull();
  expect(ask("2026-11-27", "11:00", "10:00")).toBeNull();
});

it("writes addresses that it reads again", () => {
  const query = new URL(
    whyHref("/calendar?view=week", { date: "2026-11-27" as never, from: clockOf(630), to: clockOf(1440) }),
    "http://x",
  ).searchParams;
  expect(query.get("view")).toBe("week");
  expect(
    parseWhy({
      why: query.get("why") ?? "",
      from: query.get("from") ?? "",
      to: query.get("to") ?? "",
      service: "",
    }),
  ).toEqual({ date: "2026-11-27", from: "10:30", to: "00:00", serviceId: "" });
});
