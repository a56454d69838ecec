import { describe, expect, it } from "vitest";
import { calendarHref, viewRange } from "@/app/(dashboard)/calendar/_layout/view-range";
import type { IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

const PARIS = "Europe/Paris" as TimeZoneId;
const NOW = new Date("2026-11-22T23:30:00Z");
const range = (date: string, view = "week") => viewRange({ date, view }, NOW, PARIS);

describe("the range of a view", () => {
  it("is the week of the person's own today when nothing is asked", () => {
    expect(range("").today).toBe("2026-11-23");
    expect(range("").days).toEqual([
      "2026-11-23",
      "2026-11-24",
      "2026-11-25",
      "2026-11-26",
      "2026-11-27",
      "2026-11-28",
      "2026-11-29",
    ]);
  });

  it("is the Monday to Sunday around the date asked for", () => {
    expect(range("2026-10-25").days.at(0)).toBe("2026-10-19");
    expect(range("2026-10-25").days.at(-1)).toBe("2026-10-25");
    expect([range("2026-10-25").previous, range("2026-10-25").next]).toEqual(["2026-10-18", "2026-11-01"]);
  });

  it("is one day in the day view", () => {
    expect(range("2026-10-25", "day")).toMatchObject({ days: ["2026-10-25"], next: "2026-10-26" });
  });

  it.each(["2026-02-30", "0001-01-01", "9999-12-31", "tomorrow"])("falls back to today for %s", (date) => {
    expect(range(date, "nonsense")).toMatchObject({ date: "2026-11-23", view: "week" });
  });

  it("stands in the address", () => {
    expect(calendarHref("day", "2026-10-25" as IsoDate)).toBe("/calendar?date=2026-10-25&view=day");
    expect(calendarHref("week", null)).toBe("/calendar?view=week");
  });
});
