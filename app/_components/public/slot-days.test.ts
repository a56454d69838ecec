import { describe, expect, it } from "vitest";
import { comesTwice, pageOfDays, slotsByDay } from "@/app/_components/public/slot-days";
import type { IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

const PARIS = "Europe/Paris" as TimeZoneId;
const HONOLULU = "Pacific/Honolulu" as TimeZoneId;

function halfHours(first: string, count: number) {
  return Array.from({ length: count }, (_, index) => {
    const start = new Date(first).getTime() + index * 1_800_000;
    return { start: new Date(start).toISOString(), end: new Date(start + 1_800_000).toISOString() };
  });
}

describe("slots by day", () => {
  it("fall into the days of the zone they are shown in", () => {
    const slots = [...halfHours("2026-12-01T22:00:00Z", 3), ...halfHours("2026-12-04T08:00:00Z", 1)];
    expect(slotsByDay(slots, PARIS).map(({ date, slots: of }) => [date, of.length])).toEqual([
      ["2026-12-01", 2],
      ["2026-12-02", 1],
      ["2026-12-04", 1],
    ]);
    expect(slotsByDay(slots, HONOLULU).map(({ date, slots: of }) => [date, of.length])).toEqual([
      ["2026-12-01", 3],
      ["2026-12-03", 1],
    ]);
  });

  it("say which times the clock shows twice, also where only one of the two is free", () => {
    // In Paris 02:00 to 03:00 comes twice on 25 October 2026: at 00:00 and at 01:00 UTC.
    const [day] = slotsByDay(halfHours("2026-10-24T23:30:00Z", 6), PARIS);
    expect(day?.slots.map((slot) => slot.comesTwice)).toEqual([false, true, true, true, true, false]);
    expect(comesTwice(new Date("2026-10-25T01:30:00Z"), PARIS)).toBe(true);
    expect(comesTwice(new Date("2026-10-25T01:30:00Z"), HONOLULU)).toBe(false);
  });

  it("are listed some days at a time, and the next page begins where days are free", () => {
    const slots = ["01", "02", "05", "09"].flatMap((day) => halfHours(`2026-12-${day}T08:00:00Z`, 1));
    const days = slotsByDay(slots, PARIS);
    expect(pageOfDays(days, null, 2)).toMatchObject({ next: "2026-12-05", days: { length: 2 } });
    expect(pageOfDays(days, "2026-12-03" as IsoDate, 2)).toMatchObject({ next: null, days: { length: 2 } });
    expect(pageOfDays(days, "2027-01-01" as IsoDate, 2)).toEqual({ next: null, days: [] });
  });
});
