import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  freeSlots,
  horizonEnd,
  judgeSlot,
  knownPart,
  nearestSlots,
  type Schedule,
  type SlotRules,
} from "@/lib/calendar/slots";
import { merge, type TimeRange } from "@/lib/calendar/time-range";

const NOW = new Date("2026-11-23T09:00:00Z");
const RULES: SlotRules = {
  durationMinutes: 60,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  slotStepMinutes: 30,
  noticeMinutes: 0,
  horizonDays: 92,
};

const hours = (from: string, to: string): TimeRange => ({
  start: new Date(`2026-11-24T${from}:00Z`),
  end: new Date(`2026-11-24T${to}:00Z`),
});
const DAY = hours("00:00", "23:59");

type Overrides = Partial<Omit<Schedule, "rules">> & { rules?: Partial<SlotRules> };

function schedule({ rules = {}, ...others }: Overrides = {}): Schedule {
  return {
    working: [hours("09:00", "12:00")],
    busy: [],
    booked: [],
    ...others,
    rules: { ...RULES, ...rules },
  };
}

const starts = (given: Schedule, range = DAY, now = NOW) =>
  freeSlots(given, range, now).map(({ start }) => start.toISOString().slice(11, 16));
const verdict = (given: Schedule, time: string, now = NOW) =>
  judgeSlot(given, hours(time, "23:59").start, now);
const booked = (from: string, to: string, before = 0, after = 0) => ({
  range: hours(from, to),
  bufferBeforeMinutes: before,
  bufferAfterMinutes: after,
});

describe("slots of a day", () => {
  it("lie on the grid of each working interval and end within it", () => {
    expect(starts(schedule())).toEqual(["09:00", "09:30", "10:00", "10:30", "11:00"]);
    const uneven = [hours("09:10", "10:20"), hours("13:00", "14:00")];
    expect(starts(schedule({ working: uneven }))).toEqual(["09:10", "13:00"]);
  });

  it("may touch what is busy, on both sides", () => {
    expect(starts(schedule({ busy: [hours("10:00", "10:30")] }))).toEqual(["09:00", "10:30", "11:00"]);
    expect(starts(schedule({ busy: [hours("08:00", "09:00"), hours("12:00", "13:00")] }))).toHaveLength(5);
  });

  it("keep the service's buffers free of anything, also outside working hours", () => {
    const rules = { bufferBeforeMinutes: 15, bufferAfterMinutes: 30 };
    expect(starts(schedule({ rules, busy: [hours("08:50", "09:00")] }))).toEqual([
      "09:30",
      "10:00",
      "10:30",
      "11:00",
    ]);
    expect(starts(schedule({ rules, busy: [hours("12:20", "12:40")] }))).toEqual([
      "09:00",
      "09:30",
      "10:00",
      "10:30",
    ]);
  });

  it("keep out of the buffers of other bookings, which count once, not twice", () => {
    const neighbour = [booked("10:00", "10:30", 0, 30)];
    expect(starts(schedule({ booked: neighbour }))).toEqual(["09:00", "11:00"]);
    const rules = { bufferBeforeMinutes: 30 };
    expect(starts(schedule({ rules, booked: neighbour }))).toEqual(["09:00", "11:00"]);
    expect(starts(schedule({ booked: [booked("10:00", "10:30", 30)] }))).toEqual(["10:30", "11:00"]);
  });

  it("belong to the range in which they begin", () => {
    expect(starts(schedule(), hours("09:30", "10:30"))).toEqual(["09:30", "10:00"]);
    expect(starts(schedule(), hours("09:01", "09:30"))).toEqual([]);
  });

  it("respect the notice and the horizon", () => {
    const now = new Date("2026-11-24T08:45:00Z");
    expect(starts(schedule({ rules: { noticeMinutes: 60 } }), DAY, now)).toEqual(["10:00", "10:30", "11:00"]);
    const past = new Date("2026-11-24T09:30:00Z");
    expect(starts(schedule(), DAY, past)).toEqual(["09:30", "10:00", "10:30", "11:00"]);
    const early = new Date("2026-11-23T10:00:00Z");
    expect(starts(schedule({ rules: { horizonDays: 1 } }), DAY, early)).toEqual(["09:00", "09:30"]);
    expect(horizonEnd({ horizonDays: 400 }, NOW)).toEqual(new Date(NOW.getTime() + 92 * 86_400_000));
  });
});

describe("the judgement of one slot", () => {
  it.each([
    ["past", schedule(), "09:00", new Date("2026-11-24T09:01:00Z")],
    ["notice", schedule({ rules: { noticeMinutes: 30 } }), "09:00", new Date("2026-11-24T08:31:00Z")],
    ["too_far", schedule({ rules: { horizonDays: 1 } }), "09:00", new Date("2026-11-23T09:00:00Z")],
    ["outside_hours", schedule(), "11:30", NOW],
    ["outside_hours", schedule(), "08:59", NOW],
    ["off_grid", schedule(), "09:10", NOW],
    ["busy", schedule({ busy: [hours("09:59", "10:30")] }), "09:00", NOW],
    ["booked", schedule({ booked: [booked("10:00", "10:30", 1)] }), "09:00", NOW],
    [
      "booked",
      schedule({ rules: { bufferAfterMinutes: 1 }, booked: [booked("10:00", "10:30")] }),
      "09:00",
      NOW,
    ],
  ] as const)("names %s", (reason, given, time, now) => {
    expect(verdict(given, time, now)).toEqual({ ok: false, reason });
  });

  it("accepts a free one", () => {
    expect(verdict(schedule({ busy: [hours("10:00", "11:00")] }), "09:00")).toEqual({ ok: true });
  });
});

describe("the nearest free slots", () => {
  it("come in order of time, from both sides", () => {
    const given = schedule({ busy: [hours("10:00", "11:00")] });
    const near = nearestSlots(given, hours("10:00", "11:00").start, NOW, 2);
    expect(near.map(({ start }) => start.toISOString().slice(11, 16))).toEqual(["09:00", "11:00"]);
    expect(nearestSlots(schedule({ working: [] }), NOW, NOW, 3)).toEqual([]);
  });
});

describe("the known part of working time", () => {
  it("begins on the grid and ends where knowledge does", () => {
    const known = { start: hours("10:10", "11:00").start, end: hours("11:00", "11:40").end };
    expect(knownPart([hours("09:00", "12:00"), hours("13:00", "14:00")], known, 30)).toEqual([
      { start: hours("10:30", "11:00").start, end: known.end },
    ]);
  });
});

const MINUTE_MS = 60_000;
const at = (minutes: number) => new Date(NOW.getTime() + minutes * MINUTE_MS);
const anyRange = fc
  .tuple(fc.integer({ min: -300, max: 2_000 }), fc.integer({ min: 1, max: 300 }))
  .map(([start, length]) => ({ start: at(start), end: at(start + length) }));
const anySchedule = fc.record({
  rules: fc.record({
    durationMinutes: fc.constantFrom(5, 20, 45, 60),
    bufferBeforeMinutes: fc.constantFrom(0, 5, 30),
    bufferAfterMinutes: fc.constantFrom(0, 10, 60),
    slotStepMinutes: fc.constantFrom(5, 15, 25),
    noticeMinutes: fc.constantFrom(0, 7, 120),
    horizonDays: fc.constantFrom(1, 2, 92),
  }),
  working: fc.array(anyRange, { maxLength: 6 }).map(merge),
  busy: fc.array(anyRange, { maxLength: 12 }).map(merge),
  booked: fc.array(
    fc.record({
      range: anyRange,
      bufferBeforeMinutes: fc.constantFrom(0, 15, 45),
      bufferAfterMinutes: fc.constantFrom(0, 20),
    }),
    { maxLength: 5 },
  ),
});

describe("any schedule", () => {
  it("offers exactly the grid places that are judged free, one by one", () => {
    fc.assert(
      fc.property(anySchedule, anyRange, (given, range) => {
        const step = given.rules.slotStepMinutes * MINUTE_MS;
        const length = given.rules.durationMinutes * MINUTE_MS;
        const naive = given.working.flatMap((interval) => {
          const places: TimeRange[] = [];
          for (let start = interval.start; start < interval.end; start = new Date(start.getTime() + step)) {
            if (start < range.start || start >= range.end || !judgeSlot(given, start, NOW).ok) continue;
            places.push({ start, end: new Date(start.getTime() + length) });
          }
          return places;
        });
        expect(freeSlots(given, range, NOW)).toEqual(naive);
      }),
      { numRuns: 2_000 },
    );
  });

  it("judges by time alone: free of busy time with the service's buffers, of bookings with both", () => {
    fc.assert(
      fc.property(anySchedule, fc.integer({ min: 0, max: 1_500 }), (given, minute) => {
        const { rules } = given;
        const taken = (from: number, to: number, blocks: readonly TimeRange[]) => {
          for (let m = from; m < to; m += 1)
            if (blocks.some(({ start, end }) => start <= at(m) && at(m) < end)) return true;
          return false;
        };
        const end = minute + rules.durationMinutes;
        const wide = [minute - rules.bufferBeforeMinutes, end + rules.bufferAfterMinutes] as const;
        const bare = given.booked.map((one) => one.range);
        const guarded = given.booked.map((one) => ({
          start: new Date(one.range.start.getTime() - one.bufferBeforeMinutes * MINUTE_MS),
          end: new Date(one.range.end.getTime() + one.bufferAfterMinutes * MINUTE_MS),
        }));
        const collides = taken(...wide, given.busy) || taken(...wide, bare) || taken(minute, end, guarded);
        const judged = judgeSlot(given, at(minute), NOW);
        const refused = !judged.ok && (judged.reason === "busy" || judged.reason === "booked");
        const others = !judged.ok && !refused;
        if (!others) expect(refused).toBe(collides);
      }),
      { numRuns: 1_000 },
    );
  });

  it("of 90 days and 5,000 blocks is swept once: each block is looked at a bounded number of times", () => {
    let reads = 0;
    const counted = (range: TimeRange): TimeRange => ({
      get start() {
        reads += 1;
        return range.start;
      },
      end: range.end,
    });
    const working = Array.from({ length: 90 }, (_, day) => ({
      start: at(day * 1_440),
      end: at(day * 1_440 + 480),
    }));
    const busy = Array.from({ length: 5_000 }, (_, n) =>
      counted({ start: at(n * 26 + 3), end: at(n * 26 + 8) }),
    );
    const slots = freeSlots(
      schedule({ working, busy, rules: { durationMinutes: 15, slotStepMinutes: 5 } }),
      {
        start: at(0),
        end: at(90 * 1_440),
      },
      NOW,
    );
    expect(slots.length).toBeGreaterThan(1_000);
    expect(reads).toBeLessThanOrEqual(2 * busy.length);
  });
});
