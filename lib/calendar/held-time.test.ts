import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayRange } from "@/lib/calendar/event-time";
import { type FreedTime, heldTime } from "@/lib/calendar/held-time";
import { addDays, type IsoDate } from "@/lib/calendar/iso-date";
import { subtract } from "@/lib/calendar/time-range";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

const PARIS = "Europe/Paris" as TimeZoneId;
const TOKYO = "Asia/Tokyo" as TimeZoneId;

function days(start: string, end: string, zone = PARIS): FreedTime {
  const given = { start: start as IsoDate, end: end as IsoDate };
  return { ...dayRange(given.start, given.end, zone), days: given };
}

function hours(from: number, to: number): FreedTime {
  const at = (hour: number) => new Date(Date.UTC(2026, 10, 24, hour));
  return { start: at(from), end: at(to), days: null };
}

describe("held time", () => {
  it("covers overlapping and adjoining events with one piece", () => {
    expect(heldTime([hours(9, 10), hours(10, 12), hours(11, 11.5), hours(14, 15)], PARIS)).toEqual([
      hours(9, 12),
      hours(14, 15),
    ]);
  });

  it("keeps whole days whole, days in a row as one", () => {
    expect(heldTime([days("2026-11-25", "2026-11-26"), days("2026-11-24", "2026-11-25")], PARIS)).toEqual([
      days("2026-11-24", "2026-11-26"),
    ]);
  });

  it("holds a day of a calendar in another zone by its hours", () => {
    const [held, ...more] = heldTime([days("2026-11-24", "2026-11-25", TOKYO)], PARIS);
    expect(more).toEqual([]);
    expect(held).toEqual({
      ...dayRange("2026-11-24" as IsoDate, "2026-11-25" as IsoDate, TOKYO),
      days: null,
    });
  });

  it("covers all that was freed, and nothing else", () => {
    const freed = fc.oneof(
      fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 30 })).map(([from, long]) => hours(from, from + long)),
      fc
        .tuple(fc.nat(20), fc.integer({ min: 1, max: 4 }), fc.constantFrom(PARIS, TOKYO))
        .map(([from, long, zone]) => {
          const start = addDays("2026-11-20" as IsoDate, from);
          return days(start, addDays(start, long), zone);
        }),
    );
    fc.assert(
      fc.property(fc.array(freed, { maxLength: 30 }), (all) => {
        const held = heldTime(all, PARIS);
        expect(subtract(all, held)).toEqual([]);
        expect(subtract(held, all)).toEqual([]);
      }),
    );
  });
});
