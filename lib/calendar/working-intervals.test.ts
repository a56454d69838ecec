import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import { type WallRange, type WorkingHours, workingIntervals } from "@/lib/calendar/working-intervals";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

const everyDay = (...ranges: WallRange[]) =>
  Object.fromEntries(DAYS.map((day) => [day, ranges])) as unknown as WorkingHours["weekly"];
const on = (days: Partial<Record<(typeof DAYS)[number], WallRange[]>>): WorkingHours => ({
  weekly: { ...everyDay(), ...days },
  exceptions: [],
});
const range = (from: string, to: string): WallRange => ({ from, to });

function intervals(hours: WorkingHours, zone: string, from: string, to: string) {
  return workingIntervals(hours, zone as TimeZoneId, { start: new Date(from), end: new Date(to) }).map(
    ({ start, end }) => `${start.toISOString().slice(0, 16)} ${end.toISOString().slice(0, 16)}`,
  );
}

const OFFICE: WorkingHours = { weekly: everyDay(range("09:00", "17:00")), exceptions: [] };
const SUNDAY = on({ sun: [range("09:00", "17:00")] });
const SUNDAY_NIGHT = on({ sun: [range("00:00", "06:00")] });
const ALWAYS: WorkingHours = { weekly: everyDay(range("00:00", "24:00")), exceptions: [] };

describe("working time on days that are not 24 hours long", () => {
  it.each([
    ["Paris, 23 hours", SUNDAY, "Europe/Paris", "2027-03-28", ["2027-03-28T07:00 2027-03-28T15:00"]],
    ["Paris, 25 hours", SUNDAY, "Europe/Paris", "2026-10-25", ["2026-10-25T08:00 2026-10-25T16:00"]],
    [
      "a night an hour shorter",
      SUNDAY_NIGHT,
      "Europe/Paris",
      "2027-03-28",
      ["2027-03-27T23:00 2027-03-28T04:00"],
    ],
    [
      "a night an hour longer",
      SUNDAY_NIGHT,
      "Europe/Paris",
      "2026-10-25",
      ["2026-10-24T22:00 2026-10-25T05:00"],
    ],
    [
      "a start that is skipped",
      on({ sun: [range("02:30", "04:00")] }),
      "Europe/Paris",
      "2027-03-28",
      ["2027-03-28T01:00 2027-03-28T02:00"],
    ],
    [
      "an end that is skipped",
      on({ sun: [range("01:00", "02:30")] }),
      "Europe/Paris",
      "2027-03-28",
      ["2027-03-28T00:00 2027-03-28T01:00"],
    ],
    ["all of it skipped", on({ sun: [range("02:00", "03:00")] }), "Europe/Paris", "2027-03-28", []],
    [
      "an hour that comes twice, both passes",
      on({ sun: [range("02:00", "03:00")] }),
      "Europe/Paris",
      "2026-10-25",
      ["2026-10-25T00:00 2026-10-25T02:00"],
    ],
    [
      "half of a doubled hour, in each pass",
      on({ sun: [range("01:00", "02:30")] }),
      "Europe/Paris",
      "2026-10-25",
      ["2026-10-24T23:00 2026-10-25T00:30", "2026-10-25T01:00 2026-10-25T01:30"],
    ],
    [
      "midnight skipped",
      on({ sun: [range("00:00", "03:00")] }),
      "America/Santiago",
      "2026-09-06",
      ["2026-09-06T04:00 2026-09-06T06:00"],
    ],
    [
      "a quarter-hour zone",
      on({ tue: [range("09:00", "10:00")] }),
      "Asia/Kathmandu",
      "2026-11-24",
      ["2026-11-24T03:15 2026-11-24T04:15"],
    ],
    [
      "a half-hour zone with summer time",
      on({ sun: [range("00:30", "03:00")] }),
      "America/St_Johns",
      "2027-03-14",
      ["2027-03-14T04:00 2027-03-14T05:30"],
    ],
    [
      "a change of clocks by half an hour",
      on({ sun: [range("01:00", "03:00")] }),
      "Australia/Lord_Howe",
      "2027-04-04",
      ["2027-04-03T14:00 2027-04-03T16:30"],
    ],
  ] as const)("%s", (_name, hours, zone, date, expected) => {
    const around = (days: number) => new Date(Date.parse(date) + days * 86_400_000).toISOString();
    expect(intervals(hours, zone, around(-2), around(3))).toEqual(expected);
  });

  it("knows no day that a zone skips: Apia had no 30 December 2011", () => {
    expect(intervals(OFFICE, "Pacific/Apia", "2011-12-28T00:00:00Z", "2012-01-01T00:00:00Z")).toEqual([
      "2011-12-27T19:00 2011-12-28T03:00",
      "2011-12-28T19:00 2011-12-29T03:00",
      "2011-12-29T19:00 2011-12-30T03:00",
      "2011-12-30T19:00 2011-12-31T03:00",
      "2011-12-31T19:00 2012-01-01T03:00",
    ]);
    const friday = on({ fri: [range("09:00", "17:00")] });
    expect(intervals(friday, "Pacific/Apia", "2011-12-28T00:00:00Z", "2012-01-02T00:00:00Z")).toEqual([]);
  });
});

describe("working time", () => {
  const week = ["2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"] as const;

  it("over midnight is one interval", () => {
    const shift = on({ mon: [range("22:00", "24:00")], tue: [range("00:00", "06:00")] });
    expect(intervals(shift, "Europe/Paris", ...week)).toEqual(["2026-11-23T21:00 2026-11-24T05:00"]);
  });

  it("is merged where ranges touch, in whatever order they come", () => {
    const day = on({ mon: [range("13:00", "14:00"), range("09:00", "12:00"), range("12:00", "13:00")] });
    expect(intervals(day, "UTC", ...week)).toEqual(["2026-11-23T09:00 2026-11-23T14:00"]);
  });

  it("is on single days what these say: other hours, or none", () => {
    const exceptions = [
      { date: "2026-11-24", ranges: [] },
      { date: "2026-11-25", ranges: [range("20:00", "22:00")] },
      { date: "2026-11-28", ranges: [range("10:00", "11:00")] },
    ];
    const hours = { ...on({ mon: [range("09:00", "17:00")], tue: [range("09:00", "17:00")] }), exceptions };
    expect(intervals(hours, "UTC", ...week)).toEqual([
      "2026-11-23T09:00 2026-11-23T17:00",
      "2026-11-25T20:00 2026-11-25T22:00",
      "2026-11-28T10:00 2026-11-28T11:00",
    ]);
  });

  it("is not cut where the range begins, so that slots count from where work begins", () => {
    expect(intervals(OFFICE, "UTC", "2026-11-24T12:10:00Z", "2026-11-24T12:20:00Z")).toEqual([
      "2026-11-24T09:00 2026-11-24T17:00",
    ]);
    expect(intervals(OFFICE, "UTC", "2026-11-24T17:00:00Z", "2026-11-25T09:00:00Z")).toEqual([]);
  });

  it("without a pause counts from one moment, whatever the range", () => {
    const starts = [1, 9, 40, 90].map((days) => {
      const from = new Date(Date.UTC(2026, 10, days)).toISOString();
      const [line = ""] = intervals(ALWAYS, "Europe/Paris", from, "2027-03-01T00:00:00Z");
      return line.slice(0, 16);
    });
    expect(new Set(starts)).toEqual(new Set(["1969-12-28T23:00"]));
  });

  it("without a pause since a day off counts from the end of that day, however long ago", () => {
    const hours = { ...ALWAYS, exceptions: [{ date: "2026-01-05", ranges: [] }] };
    for (const from of ["2026-01-06T10:00:00Z", "2026-02-01T00:00:00Z", "2027-06-01T00:00:00Z"]) {
      const [line = ""] = intervals(hours, "Europe/Paris", from, "2027-06-02T00:00:00Z");
      expect(line.slice(0, 16)).toBe("2026-01-05T23:00");
    }
  });
});

const anyRanges = fc.uniqueArray(fc.integer({ min: 0, max: 48 }), { maxLength: 6 }).map((halves) => {
  const ends = halves
    .sort((a, b) => a - b)
    .map((half) => {
      const hour = String(Math.floor(half / 2)).padStart(2, "0");
      return `${hour}:${half % 2 === 0 ? "00" : "30"}`;
    });
  return ends.flatMap((to, at) => (at % 2 === 1 ? [{ from: ends[at - 1] ?? to, to }] : []));
});
const CHANGES = [
  ["Europe/Paris", "2026-10-24"],
  ["Europe/Paris", "2027-03-27"],
  ["America/St_Johns", "2006-10-28"],
  ["America/Havana", "2026-10-31"],
  ["America/Sao_Paulo", "2018-02-17"],
  ["Asia/Kathmandu", "2026-11-24"],
  ["Pacific/Apia", "2011-12-29"],
  ["Africa/Casablanca", "2026-02-14"],
  ["Australia/Lord_Howe", "2027-04-03"],
] as const;

/** What the wall clock of every quarter of an hour says, asked one by one. */
function worksAt(hours: WorkingHours, zone: string, at: number): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const date = local.toPlainDate().toString();
  const day = DAYS[local.dayOfWeek - 1] ?? "mon";
  const ranges = hours.exceptions.find((one) => one.date === date)?.ranges ?? hours.weekly[day];
  const time = local.toPlainTime().toString().slice(0, 5);
  return ranges.some(({ from, to }) => from <= time && time < to);
}

it("is what the wall clock says at every moment, in any zone", () => {
  const anyHours = fc.tuple(fc.tuple(...DAYS.map(() => anyRanges)), anyRanges).map(([week, single]) => ({
    weekly: Object.fromEntries(
      DAYS.map((day, at) => [day, week[at] ?? []]),
    ) as unknown as WorkingHours["weekly"],
    single,
  }));
  fc.assert(
    fc.property(anyHours, fc.constantFrom(...CHANGES), fc.boolean(), ({ weekly, single }, place, special) => {
      const [zone, date] = place;
      const start = new Date(`${date}T00:00:00Z`);
      const window = { start, end: new Date(start.getTime() + 3 * 86_400_000) };
      const next = new Date(start.getTime() + 86_400_000).toISOString().slice(0, 10);
      const hours = { weekly, exceptions: special ? [{ date: next, ranges: single }] : [] };
      const found = workingIntervals(hours, zone as TimeZoneId, window);
      for (const [at, one] of found.entries()) {
        expect(one.start < one.end).toBe(true);
        expect((found[at - 1]?.end ?? new Date(0)) < one.start || at === 0).toBe(true);
      }
      for (let at = start.getTime(); at < window.end.getTime(); at += 900_000) {
        const inside = found.some((one) => one.start.getTime() <= at && at < one.end.getTime());
        expect([new Date(at), inside]).toEqual([new Date(at), worksAt(hours, zone, at)]);
      }
    }),
    { numRuns: 60 },
  );
});
