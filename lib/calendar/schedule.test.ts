import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  backoffUntil,
  isReconcileDue,
  isSyncDue,
  LONGEST_SYNC_INTERVAL_MS,
  LONGEST_SYNC_WAIT_MS,
  LOOK_AHEAD_MS,
  nextReconcileAt,
  nextSyncAt,
  SYNC_INTERVAL_MS,
  syncInterval,
} from "@/lib/calendar/schedule";

const NOW = new Date("2026-11-20T12:00:00.000Z");
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const later = (ms: number) => new Date(NOW.getTime() + ms);
const anyNow = fc.date({
  min: new Date("2020-01-01T00:00:00Z"),
  max: new Date("2050-01-01T00:00:00Z"),
  noInvalidDate: true,
});

describe("the next sync of a calendar", () => {
  it("comes after the look-ahead and within one interval from there", () => {
    fc.assert(
      fc.property(fc.uuid(), anyNow, (id, now) => {
        const wait = nextSyncAt(id, now).getTime() - now.getTime();
        expect(wait).toBeGreaterThan(LOOK_AHEAD_MS);
        expect(wait).toBeLessThanOrEqual(LOOK_AHEAD_MS + SYNC_INTERVAL_MS);
      }),
    );
  });

  it("keeps its place in the interval for ever", () => {
    fc.assert(
      fc.property(fc.uuid(), anyNow, anyNow, (id, a, b) => {
        const place = (now: Date) => nextSyncAt(id, now).getTime() % SYNC_INTERVAL_MS;
        expect(place(a)).toBe(place(b));
      }),
    );
  });

  it("is taken once by each tick, whatever the tick's rhythm", () => {
    for (const rhythm of [MINUTE, 5 * MINUTE]) {
      let planned: Date | null = null;
      const taken: number[] = [];
      for (let tick = 0; tick < 6 * HOUR; tick += rhythm) {
        if (!isSyncDue({ nextSyncAt: planned, backoffUntil: null }, later(tick))) continue;
        taken.push(tick);
        planned = nextSyncAt("calendar", later(tick + 2 * SECOND));
      }
      const gaps = taken.slice(1).map((tick, index) => tick - (taken[index] ?? 0));
      expect(new Set(gaps.slice(1))).toEqual(new Set([SYNC_INTERVAL_MS]));
    }
  });

  it("spreads calendars evenly over the interval, even with ids in sequence", () => {
    const buckets = new Array<number>(20).fill(0);
    for (let n = 0; n < 10_000; n += 1) {
      const id = `01890000-0000-7000-8000-${String(n).padStart(12, "0")}`;
      const place = nextSyncAt(id, NOW).getTime() % SYNC_INTERVAL_MS;
      const bucket = Math.floor(place / (SYNC_INTERVAL_MS / 20));
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    expect(Math.min(...buckets)).toBeGreaterThan(400);
    expect(Math.max(...buckets)).toBeLessThan(600);
  });
});

describe("the interval of a calendar", () => {
  it.each([
    [0, true, 5],
    [0.79, true, 5],
    [0.8, true, 15],
    [0.99, true, 15],
    [1, true, 30],
    [1_000, true, 30],
    [Number.POSITIVE_INFINITY, true, 30],
    [0, false, 5],
    [0.9, false, 5],
    [1_000, false, 5],
  ])("under pressure %d, watch verified: %s, is %i minutes", (pressure, verified, minutes) => {
    expect(syncInterval({ pressure, verified })).toBe(minutes * MINUTE);
  });

  it("leaves the plan as it is where nothing presses", () => {
    fc.assert(
      fc.property(fc.uuid(), anyNow, fc.boolean(), (id, now, verified) => {
        const planned = nextSyncAt(id, now, syncInterval({ pressure: 0.5, verified }));
        expect(planned).toEqual(nextSyncAt(id, now));
      }),
    );
  });

  it("never plans further ahead than a plan is believed", () => {
    fc.assert(
      fc.property(fc.uuid(), anyNow, (id, now) => {
        const planned = nextSyncAt(id, now, LONGEST_SYNC_INTERVAL_MS);
        expect(planned.getTime() - now.getTime()).toBeLessThanOrEqual(LONGEST_SYNC_WAIT_MS);
        expect(isSyncDue({ nextSyncAt: planned, backoffUntil: null }, now)).toBe(false);
      }),
    );
  });
});

describe("a calendar", () => {
  it.each([
    ["never planned", null, null, true],
    ["planned for now", 0, null, true],
    ["overdue by a week", -7 * 24 * HOUR, null, true],
    ["planned within the look-ahead", MINUTE, null, true],
    ["planned just behind the look-ahead", MINUTE + 1, null, false],
    ["planned in five minutes", 5 * MINUTE, null, false],
    ["planned in half an hour, as under pressure", 31 * MINUTE, null, false],
    ["planned by a clock eight days ahead", 8 * 24 * HOUR, null, true],
    ["planned just further than any plan reaches", 35 * MINUTE + 1, null, true],
    ["due but backing off", -HOUR, HOUR, false],
    ["due with its backoff over", -HOUR, 0, true],
    ["due and backing off for a day", -HOUR, 24 * HOUR, false],
    ["due with a backoff no vendor asks for", -HOUR, 26 * HOUR, true],
    ["planned for the end of its backoff", 6 * HOUR, 6 * HOUR, false],
    ["backing off within the look-ahead", -HOUR, 30 * SECOND, false],
  ])("%s: %s %s is taken: %s", (_, planned, backoff, expected) => {
    const plan = {
      nextSyncAt: planned === null ? null : later(planned),
      backoffUntil: backoff === null ? null : later(backoff),
    };
    expect(isSyncDue(plan, NOW)).toBe(expected);
  });

  it.each([
    ["now", 0, false],
    ["by a process whose clock is a minute ahead", MINUTE, false],
    ["by a clock that went back since", 20 * MINUTE, true],
  ])("planned in some minutes and read %s is taken: %s %s", (_, read, expected) => {
    const plan = { nextSyncAt: later(read + 4 * MINUTE), backoffUntil: null, lastSyncedAt: later(read) };
    expect(isSyncDue(plan, NOW)).toBe(expected);
    expect(isSyncDue({ ...plan, backoffUntil: later(MINUTE) }, NOW)).toBe(false);
  });

  it("is taken again within the longest wait after the clock jumped ahead and back", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: -400 * 24 * HOUR, max: 400 * 24 * HOUR }), (id, jump) => {
        const plan = { nextSyncAt: nextSyncAt(id, later(jump)), backoffUntil: null };
        const ticks = Array.from({ length: 37 }, (_, n) => later(n * MINUTE));
        expect(ticks.some((tick) => isSyncDue(plan, tick))).toBe(true);
      }),
    );
  });
});

describe("the daily round", () => {
  it("comes within a day, at a place of its own", () => {
    fc.assert(
      fc.property(fc.uuid(), anyNow, (id, now) => {
        const next = nextReconcileAt(id, now);
        const wait = next.getTime() - now.getTime();
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(24 * HOUR);
        expect(nextReconcileAt(id, next).getTime() - next.getTime()).toBe(24 * HOUR);
      }),
    );
  });

  it("spreads calendars over the hours of the day", () => {
    const hours = new Array<number>(24).fill(0);
    for (let n = 0; n < 4_800; n += 1) {
      const hour = nextReconcileAt(`calendar-${n}`, NOW).getUTCHours();
      hours[hour] = (hours[hour] ?? 0) + 1;
    }
    expect(Math.min(...hours)).toBeGreaterThan(140);
    expect(Math.max(...hours)).toBeLessThan(260);
  });

  it.each([
    [null, true],
    [0, true],
    [1, false],
    [24 * HOUR, false],
    [26 * HOUR, true],
  ])("planned %s ms ahead is due: %s", (wait, expected) => {
    expect(isReconcileDue(wait === null ? null : later(wait), NOW)).toBe(expected);
  });
});

describe("backoff", () => {
  const wait = (failures: number, retryAfterMs: number | null, random: number) =>
    backoffUntil({ failures, retryAfterMs, random, now: NOW }).getTime() - NOW.getTime();

  it.each([
    [1, 15 * SECOND],
    [2, 30 * SECOND],
    [3, MINUTE],
    [4, 2 * MINUTE],
    [5, 4 * MINUTE],
    [6, 5 * MINUTE],
    [7, 5 * MINUTE],
    [10_000, 5 * MINUTE],
  ])("after %i failures waits at most %i ms", (failures, limit) => {
    expect(wait(failures, null, 0.999_999_999)).toBeCloseTo(limit, -2);
    expect(wait(failures, null, 0.5)).toBe(limit / 2);
  });

  it("never waits less than a second, so that nothing spins", () => {
    expect(wait(1, null, 0)).toBe(SECOND);
    expect(wait(0, 0, 0)).toBe(SECOND);
    expect(wait(1, -5_000, 0)).toBe(SECOND);
  });

  it("waits as long as the vendor asks, spread by up to 15 s", () => {
    expect(wait(1, 10 * MINUTE, 0)).toBe(10 * MINUTE);
    expect(wait(1, 10 * MINUTE, 0.5)).toBe(10 * MINUTE + 7.5 * SECOND);
  });

  it("waits longer than asked when its own turn comes later", () => {
    expect(wait(6, SECOND, 0.9)).toBe(4.5 * MINUTE);
  });

  it("believes a vendor for a day at most", () => {
    expect(wait(1, 400 * 24 * HOUR, 0.5)).toBe(24 * HOUR);
    expect(wait(1, Number.POSITIVE_INFINITY, 0.5)).toBe(24 * HOUR);
  });

  it("always lets the calendar be taken again when it is over, and not before", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 50 }),
        fc.option(fc.nat({ max: 90_000_000 })),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failures, retryAfterMs, random) => {
          const until = backoffUntil({ failures, retryAfterMs, random, now: NOW });
          const plan = { nextSyncAt: NOW, backoffUntil: until };
          expect(isSyncDue(plan, NOW)).toBe(false);
          expect(isSyncDue(plan, until)).toBe(true);
        },
      ),
    );
  });
});
