import { describe, expect, it } from "vitest";
import { planView } from "@/app/(dashboard)/calendar/_layout/plan";
import { addDays, type IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

const PARIS = "Europe/Paris" as TimeZoneId;
const week = (monday: string) => Array.from({ length: 7 }, (_, index) => addDays(monday as IsoDate, index));
const entry = (start: string, end: string, allDay = false) => ({
  start: new Date(start),
  end: new Date(end),
  allDay,
});

describe("the plan of a week", () => {
  it("draws an evening that passes midnight on both days", () => {
    const plan = planView([entry("2026-11-24T21:00:00Z", "2026-11-25T01:00:00Z")], week("2026-11-23"), PARIS);
    const parts = plan.days.flatMap(({ clock, hours }) =>
      hours.map(({ from, to, continues }) => ({ date: clock.date, from, to, continues })),
    );
    expect(parts).toEqual([
      { date: "2026-11-24", from: 1320, to: 1440, continues: { before: false, after: true } },
      { date: "2026-11-25", from: 0, to: 120, continues: { before: true, after: false } },
    ]);
    expect(plan.shown).toEqual({ from: 0, to: 1440 });
  });

  it("does not draw on the next day what ends at midnight", () => {
    const plan = planView([entry("2026-11-24T21:00:00Z", "2026-11-24T23:00:00Z")], week("2026-11-23"), PARIS);
    expect(plan.days.map(({ hours }) => hours.length)).toEqual([0, 1, 0, 0, 0, 0, 0]);
  });

  it("gives days and what lasts a day or longer a line above the hours", () => {
    const plan = planView(
      [
        entry("2026-11-23T23:00:00Z", "2026-11-25T23:00:00Z", true),
        entry("2026-11-20T10:00:00Z", "2026-11-23T10:00:00Z"),
        entry("2026-11-28T23:00:00Z", "2026-12-01T23:00:00Z", true),
      ],
      week("2026-11-23"),
      PARIS,
    );
    expect(plan.lanes).toBe(1);
    expect(
      plan.days.map(({ whole }) => whole.map(({ span, continues }) => ({ span, ...continues }))),
    ).toEqual([
      [{ span: 1, before: true, after: false }],
      [{ span: 2, before: false, after: false }],
      [{ span: 0, before: false, after: false }],
      [],
      [],
      [],
      [{ span: 1, before: false, after: true }],
    ]);
  });

  it("knows that a day of 23 hours is still a day", () => {
    const sunday = entry("2027-03-27T23:00:00Z", "2027-03-28T22:00:00Z", true);
    const plan = planView([sunday], week("2027-03-22"), PARIS);
    expect(plan.days.map(({ whole }) => whole.length)).toEqual([0, 0, 0, 0, 0, 0, 1]);
    expect(plan.days.at(-1)?.missing).toEqual([{ from: 120, to: 180 }]);
  });

  it("keeps a moment without length", () => {
    const plan = planView([entry("2026-11-24T09:00:00Z", "2026-11-24T09:00:00Z")], week("2026-11-23"), PARIS);
    expect(plan.days[1]?.hours).toMatchObject([{ from: 600, to: 600 }]);
  });
});
