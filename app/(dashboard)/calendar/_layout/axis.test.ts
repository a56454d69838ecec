import { describe, expect, it } from "vitest";
import {
  axisMinute,
  axisOf,
  hourMarks,
  missingTime,
  shownPart,
} from "@/app/(dashboard)/calendar/_layout/axis";
import { wallMinuteAt } from "@/app/(dashboard)/calendar/_layout/wall-minute";
import { dayClock } from "@/lib/calendar/day-clock";
import type { IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

const PARIS = "Europe/Paris" as TimeZoneId;
const day = (date: string) => dayClock(date as IsoDate, PARIS);
const at = (instant: string) => new Date(instant);

describe("the axis of an ordinary week", () => {
  const clock = day("2026-11-24");
  const axis = axisOf([clock]);

  it("is the wall clock", () => {
    expect(axis.length).toBe(1440);
    expect(axisMinute(axis, clock, at("2026-11-24T08:30:00Z"), "start")).toBe(570);
    expect(missingTime(axis, clock)).toEqual([]);
    expect(hourMarks(axis)).toHaveLength(24);
  });

  it("keeps what lies outside the day at the day's edges", () => {
    expect(axisMinute(axis, clock, at("2026-11-20T00:00:00Z"), "start")).toBe(0);
    expect(axisMinute(axis, clock, at("2026-11-25T10:00:00Z"), "end")).toBe(1440);
  });
});

describe("the axis of a week in which clocks go back", () => {
  const [before, sunday] = [day("2026-10-24"), day("2026-10-25")];
  const axis = axisOf([before, sunday]);

  it("tells the wall clock at each of its points, the repeated hour twice", () => {
    expect([0, 150, 180, 210, 240, 1499].map((minute) => wallMinuteAt(axis, minute))).toEqual([
      0, 150, 120, 150, 180, 1439,
    ]);
  });

  it("has 25 hours, the repeated one twice", () => {
    expect(axis.length).toBe(1500);
    expect(hourMarks(axis).slice(1, 5)).toEqual([
      { at: 60, minute: 60, again: false },
      { at: 120, minute: 120, again: false },
      { at: 180, minute: 120, again: true },
      { at: 240, minute: 180, again: false },
    ]);
  });

  it("puts the two half past twos of Sunday an hour apart, and three o'clock of all days in one line", () => {
    expect(axisMinute(axis, sunday, at("2026-10-25T00:30:00Z"), "start")).toBe(150);
    expect(axisMinute(axis, sunday, at("2026-10-25T01:30:00Z"), "start")).toBe(210);
    expect(axisMinute(axis, sunday, at("2026-10-25T02:00:00Z"), "start")).toBe(240);
    expect(axisMinute(axis, before, at("2026-10-24T01:00:00Z"), "start")).toBe(240);
  });

  it("ends at three what ends at three on a day that repeats nothing", () => {
    expect(axisMinute(axis, before, at("2026-10-24T01:00:00Z"), "end")).toBe(180);
  });

  it("leaves the second hour empty on the other days", () => {
    expect(missingTime(axis, before)).toEqual([{ from: 180, to: 240 }]);
    expect(missingTime(axis, sunday)).toEqual([]);
  });
});

describe("the axis of a week in which clocks go forward", () => {
  const sunday = day("2027-03-28");
  const axis = axisOf([day("2027-03-27"), sunday]);

  it("has 24 hours, one of which Sunday lacks", () => {
    expect(axis.length).toBe(1440);
    expect(missingTime(axis, sunday)).toEqual([{ from: 120, to: 180 }]);
    expect(axisMinute(axis, sunday, at("2027-03-28T01:00:00Z"), "start")).toBe(180);
  });
});

describe("the part that is shown", () => {
  const axis = axisOf([day("2026-11-24")]);

  it("is the working day when nothing lies outside it", () => {
    expect(shownPart(axis, [{ from: 600, to: 660 }])).toEqual({ from: 480, to: 1140 });
  });

  it("grows in whole hours to what lies outside", () => {
    expect(shownPart(axis, [{ from: 390, to: 1430 }])).toEqual({ from: 360, to: 1440 });
  });
});
