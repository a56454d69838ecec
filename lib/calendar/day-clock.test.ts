import { describe, expect, it } from "vitest";
import { dayClock, wallMinute } from "@/lib/calendar/day-clock";
import type { IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

const clockOf = (date: string, zone: string) => dayClock(date as IsoDate, zone as TimeZoneId);
const hours = (clock: { start: Date; end: Date }) =>
  (clock.end.getTime() - clock.start.getTime()) / 3_600_000;

describe("the clock of a day", () => {
  it("runs evenly on most days", () => {
    const clock = clockOf("2026-11-24", "Europe/Paris");
    expect(clock.pieces).toEqual([{ at: new Date("2026-11-23T23:00:00Z"), minute: 0 }]);
    expect([clock.repeats, clock.gaps, hours(clock)]).toEqual([[], [], 24]);
  });

  it("leaves out an hour in spring", () => {
    const clock = clockOf("2027-03-28", "Europe/Paris");
    expect([clock.gaps, clock.repeats, hours(clock)]).toEqual([[{ from: 120, to: 180 }], [], 23]);
    expect(wallMinute(clock, new Date("2027-03-28T01:00:00Z"))).toEqual({ minute: 180, piece: 1 });
  });

  it("shows an hour twice in autumn", () => {
    const clock = clockOf("2026-10-25", "Europe/Paris");
    expect([clock.repeats, clock.gaps, hours(clock)]).toEqual([
      [{ until: 180, length: 60, piece: 1 }],
      [],
      25,
    ]);
    expect(wallMinute(clock, new Date("2026-10-25T00:30:00Z"))).toEqual({ minute: 150, piece: 0 });
    expect(wallMinute(clock, new Date("2026-10-25T01:30:00Z"))).toEqual({ minute: 150, piece: 1 });
  });

  it("knows half an hour, and days that begin at one o'clock", () => {
    expect(clockOf("2027-04-04", "Australia/Lord_Howe").repeats).toEqual([
      { until: 120, length: 30, piece: 1 },
    ]);
    expect(clockOf("2026-04-24", "Africa/Cairo").gaps).toEqual([{ from: 0, to: 60 }]);
  });

  it("is empty for a day a zone skipped", () => {
    expect(hours(clockOf("2011-12-30", "Pacific/Apia"))).toBe(0);
  });
});
