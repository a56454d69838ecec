import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { allDaySpan, dayOf, dayRange, spanRange, startOfDay, toInstant } from "@/lib/calendar/event-time";
import { addDays, type IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

const HOUR_MS = 3_600_000;
const HARD_ZONES = [
  "UTC",
  "Europe/Paris",
  "Europe/London",
  "America/New_York",
  "America/St_Johns",
  "America/Havana",
  "Africa/Cairo",
  "Asia/Beirut",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Pacific/Kiritimati",
  "Pacific/Chatham",
] as TimeZoneId[];
const anyZone = fc.constantFrom(...HARD_ZONES);
const anyDay = fc.integer({ min: 0, max: 30 * 365 }).map((days) => addDays("2010-01-01" as IsoDate, days));

describe("startOfDay", () => {
  it.each([
    ["2026-11-20", "UTC", "2026-11-20T00:00:00.000Z"],
    ["2026-11-20", "Asia/Kathmandu", "2026-11-19T18:15:00.000Z"],
    ["2026-11-20", "America/St_Johns", "2026-11-20T03:30:00.000Z"],
    ["2027-03-28", "Europe/Paris", "2027-03-27T23:00:00.000Z"],
    ["2027-03-29", "Europe/Paris", "2027-03-28T22:00:00.000Z"],
    ["2027-03-14", "America/New_York", "2027-03-14T05:00:00.000Z"],
    ["2027-03-15", "America/New_York", "2027-03-15T04:00:00.000Z"],
  ])("of %s in %s is %s", (date, zone, instant) => {
    expect(startOfDay(date as IsoDate, zone as TimeZoneId).toISOString()).toBe(instant);
  });

  it.each([
    ["2026-04-24", "Africa/Cairo", "2026-04-23T22:00:00.000Z"],
    ["2027-03-28", "Asia/Beirut", "2027-03-27T22:00:00.000Z"],
    ["2027-03-14", "America/Havana", "2027-03-14T05:00:00.000Z"],
  ])("is one o'clock where midnight is skipped: %s in %s", (date, zone, instant) => {
    const start = startOfDay(date as IsoDate, zone as TimeZoneId);
    expect(start.toISOString()).toBe(instant);
    const clock = Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainTime().toString();
    expect(clock).toBe("01:00:00");
  });

  it("is half past twelve where the hour around midnight is skipped", () => {
    const start = startOfDay("1919-03-31" as IsoDate, "America/Toronto" as TimeZoneId);
    expect(start.toISOString()).toBe("1919-03-31T04:30:00.000Z");
  });

  it("is the earlier midnight where it comes twice", () => {
    const start = startOfDay("2026-11-01" as IsoDate, "America/Havana" as TimeZoneId);
    expect(start.toISOString()).toBe("2026-11-01T04:00:00.000Z");
  });

  it("is the next day's start for the day Samoa skipped", () => {
    const apia = "Pacific/Apia" as TimeZoneId;
    expect(startOfDay("2011-12-30" as IsoDate, apia)).toEqual(startOfDay("2011-12-31" as IsoDate, apia));
    expect(startOfDay("2011-12-31" as IsoDate, apia).toISOString()).toBe("2011-12-30T10:00:00.000Z");
  });

  it("begins the day: the instant lies in it and the one before does not", () => {
    fc.assert(
      fc.property(anyDay, anyZone, (date, zone) => {
        fc.pre(!(zone === "Pacific/Apia" && date === "2011-12-30"));
        const start = startOfDay(date, zone);
        expect(dayOf(start, zone)).toBe(date);
        expect(dayOf(new Date(start.getTime() - 1), zone) < date).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it("hands out a new Date each time, so that nobody can spoil another's", () => {
    const zone = "Europe/Paris" as TimeZoneId;
    startOfDay("2026-11-20" as IsoDate, zone).setUTCFullYear(1999);
    expect(startOfDay("2026-11-20" as IsoDate, zone).getUTCFullYear()).toBe(2026);
  });

  it("keeps answering after more days than it remembers", () => {
    const zone = "Europe/Paris" as TimeZoneId;
    const days = Array.from({ length: 12_000 }, (_, n) => addDays("2010-01-01" as IsoDate, n));
    for (const day of days) startOfDay(day, zone);
    expect(startOfDay("2027-03-28" as IsoDate, zone).toISOString()).toBe("2027-03-27T23:00:00.000Z");
  });
});

describe("dayRange", () => {
  it.each([
    ["2027-03-28", "Europe/Paris", 23],
    ["2026-10-25", "Europe/Paris", 25],
    ["2027-03-14", "America/New_York", 23],
    ["2026-11-01", "America/New_York", 25],
    ["2026-11-01", "America/Havana", 25],
    ["2026-04-24", "Africa/Cairo", 23],
    ["2026-10-04", "Australia/Lord_Howe", 23.5],
    ["2026-11-20", "Asia/Kathmandu", 24],
    ["2011-12-30", "Pacific/Apia", 0],
  ])("of %s in %s lasts %d hours", (date, zone, hours) => {
    const range = dayRange(date as IsoDate, addDays(date as IsoDate, 1), zone as TimeZoneId);
    expect((range.end.getTime() - range.start.getTime()) / HOUR_MS).toBe(hours);
  });

  it("lays day after day without gap or overlap", () => {
    fc.assert(
      fc.property(anyDay, anyZone, (date, zone) => {
        const today = dayRange(date, addDays(date, 1), zone);
        const tomorrow = dayRange(addDays(date, 1), addDays(date, 2), zone);
        expect(today.end).toEqual(tomorrow.start);
        expect(today.start.getTime()).toBeLessThanOrEqual(today.end.getTime());
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a span", () => {
  const paris = "Europe/Paris" as TimeZoneId;
  const instant = (text: string) => ({ kind: "instant", at: new Date(text), zone: paris }) as const;

  it("of days blocks the whole local day, not the day of Greenwich", () => {
    const range = spanRange(
      allDaySpan("2026-07-14" as IsoDate, "2026-07-15" as IsoDate),
      "America/Los_Angeles" as TimeZoneId,
    );
    expect(range.start.toISOString()).toBe("2026-07-14T07:00:00.000Z");
    expect(range.end.toISOString()).toBe("2026-07-15T07:00:00.000Z");
  });

  it.each([null, "2026-07-14", "2026-07-01"])("of days with end %s is one day", (end) => {
    const span = allDaySpan("2026-07-14" as IsoDate, end as IsoDate | null);
    expect(span.end).toEqual({ kind: "day", date: "2026-07-15" });
  });

  it("of instants takes no notice of the zone for days", () => {
    const span = { start: instant("2026-07-14T08:00:00Z"), end: instant("2026-07-14T09:00:00Z") };
    expect(spanRange(span, "Asia/Kathmandu" as TimeZoneId)).toEqual({
      start: span.start.at,
      end: span.end.at,
    });
    expect(toInstant(span.start, paris)).toEqual(span.start.at);
  });

  it("that ends before it starts is empty", () => {
    const span = { start: instant("2026-07-14T09:00:00Z"), end: instant("2026-07-14T08:00:00Z") };
    expect(spanRange(span, paris)).toEqual({ start: span.start.at, end: span.start.at });
  });
});
