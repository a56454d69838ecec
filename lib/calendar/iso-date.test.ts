import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDays,
  compareDates,
  daysBetween,
  type IsoDate,
  isIsoDate,
  parseIsoDate,
} from "@/lib/calendar/iso-date";

const anyDay = fc
  .date({ min: new Date("1000-01-01T00:00:00Z"), max: new Date("8999-12-31T00:00:00Z"), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10) as IsoDate);
const shift = fc.integer({ min: -100_000, max: 100_000 });

describe("parseIsoDate", () => {
  it.each(["2026-11-20", "2024-02-29", "2000-02-29", "0001-01-01", "0099-12-31", "9999-12-31"])(
    "reads %s",
    (text) => {
      expect(parseIsoDate(text)).toBe(text);
    },
  );

  it.each([
    "2026-02-30",
    "2025-02-29",
    "1900-02-29",
    "2026-04-31",
    "2026-13-01",
    "2026-00-10",
    "2026-01-00",
    "2026-2-3",
    "0000-01-01",
    "12026-01-01",
    "-2026-01-01",
    "2026-02-03T00:00:00Z",
    "2026-02-03 ",
    "2026-02-03\n",
    "20260203",
    "２０２６-02-03",
    "",
    null,
    undefined,
    20260203,
    {},
  ])("refuses %j", (input) => {
    expect(parseIsoDate(input)).toBeNull();
    expect(isIsoDate(input)).toBe(false);
  });
});

describe("day arithmetic", () => {
  it.each([
    ["2026-02-28", 1, "2026-03-01"],
    ["2024-02-28", 1, "2024-02-29"],
    ["2026-12-31", 1, "2027-01-01"],
    ["2026-01-01", -1, "2025-12-31"],
    ["2027-03-27", 2, "2027-03-29"],
    ["0099-12-31", 1, "0100-01-01"],
    ["2026-11-20", 0, "2026-11-20"],
  ] as [IsoDate, number, IsoDate][])("%s and %i days is %s", (date, days, expected) => {
    expect(addDays(date, days)).toBe(expected);
  });

  it("stops at the edges of the calendar", () => {
    expect(() => addDays("9999-12-31" as IsoDate, 1)).toThrow(RangeError);
    expect(() => addDays("0001-01-01" as IsoDate, -1)).toThrow(RangeError);
  });

  it("goes forth and back", () => {
    fc.assert(
      fc.property(anyDay, shift, (date, days) => {
        const other = addDays(date, days);
        expect(isIsoDate(other)).toBe(true);
        expect(addDays(other, -days)).toBe(date);
        expect(daysBetween(date, other)).toBe(days);
      }),
    );
  });

  it("orders days as their texts are ordered", () => {
    fc.assert(
      fc.property(anyDay, anyDay, (a, b) => {
        const byText = a < b ? -1 : Number(a > b);
        expect(Math.sign(compareDates(a, b))).toBe(byText);
      }),
    );
  });
});
