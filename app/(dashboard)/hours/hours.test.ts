import { describe, expect, it } from "vitest";
import {
  copyDay,
  endFromShown,
  faultsNamed,
  faultsOf,
  type Hours,
  inOrder,
  nextFreeDate,
  sameHours,
  shownEnd,
  withOneMore,
} from "@/app/(dashboard)/hours/hours";

const range = (from: string, to: string) => ({ from, to });

function week(overrides: Partial<Hours["weekly"]> = {}, exceptions: Hours["exceptions"] = []): Hours {
  const weekly = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [], ...overrides };
  return { timeZone: "Europe/Paris", weekly, exceptions };
}

describe("one range more", () => {
  it("begins with the usual day and goes on after a pause", () => {
    expect(withOneMore([])).toEqual([range("09:00", "17:00")]);
    expect(withOneMore([range("09:00", "12:00")])).toEqual([
      range("09:00", "12:00"),
      range("13:00", "15:00"),
    ]);
  });

  it("never leaves the day", () => {
    expect(withOneMore([range("09:00", "24:00")]).at(-1)).toEqual(range("23:00", "24:00"));
  });
});

it("shows the end of the day as 00:00, which a time field knows", () => {
  expect(shownEnd("24:00")).toBe("00:00");
  expect(endFromShown("00:00")).toBe("24:00");
  expect(endFromShown("17:30")).toBe("17:30");
});

it("copies a day to others and leaves the rest", () => {
  const weekly = week({ mon: [range("08:00", "12:00")], sat: [range("10:00", "11:00")] }).weekly;
  const copied = copyDay(weekly, "mon", ["tue", "sat"]);
  expect(copied).toMatchObject({ tue: weekly.mon, sat: weekly.mon, wed: [] });
});

describe("faults", () => {
  it.each([
    ["incomplete", [range("", "12:00")]],
    ["order", [range("12:00", "12:00")]],
    ["order", [range("22:00", "06:00")]],
    ["overlap", [range("13:00", "15:00"), range("09:00", "13:30")]],
  ] as const)("says %s of %j", (fault, ranges) => {
    expect(faultsOf(week({ wed: [...ranges] }))).toEqual({ wed: fault });
  });

  it("has nothing against ranges that touch, or end with the day", () => {
    expect(faultsOf(week({ mon: [range("12:00", "24:00"), range("00:00", "12:00")] }))).toEqual({});
  });

  it("finds a date that is missing or comes twice", () => {
    const off = (date: string) => ({ date, ranges: [] });
    expect(faultsOf(week({}, [off("2026-12-24"), off(""), off("2026-12-24")]))).toEqual({
      1: "date",
      2: "twice",
    });
  });

  it("finds its place again in what a refusal names", () => {
    expect(faultsNamed(["weekly.thu.1.from", "exceptions.3.ranges.0", "timeZone"])).toEqual({
      thu: "order",
      3: "date",
    });
  });
});

it("sees no change in another order", () => {
  const a = week({ mon: [range("09:00", "12:00"), range("13:00", "17:00")] }, [
    { date: "2026-12-25", ranges: [] },
    { date: "2026-12-24", ranges: [] },
  ]);
  const b = inOrder({ ...a, weekly: { ...a.weekly, mon: a.weekly.mon.toReversed() } });
  expect(sameHours(a, b)).toBe(true);
  expect(sameHours(a, { ...a, timeZone: "Asia/Tokyo" })).toBe(false);
});

it("offers the first date that is not spoken for", () => {
  const exceptions = [
    { date: "2026-12-31", ranges: [] },
    { date: "2027-01-01", ranges: [] },
  ];
  expect(nextFreeDate(exceptions, "2026-12-31")).toBe("2027-01-02");
});
