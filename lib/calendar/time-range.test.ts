import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clip,
  contains,
  containsInstant,
  intersect,
  isEmpty,
  merge,
  overlaps,
  sameRange,
  subtract,
  type TimeRange,
} from "@/lib/calendar/time-range";

// The model: time is forty minutes, and a range is the set of the minutes in it.
const MINUTES = Array.from({ length: 40 }, (_, minute) => minute);
const at = (minute: number) => new Date(Date.UTC(2027, 2, 28, 0, minute));
const range = (start: number, end: number): TimeRange => ({ start: at(start), end: at(end) });
const anyRange = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }))
  .map(([start, end]) => range(start, end));
const anyRanges = fc.array(anyRange, { maxLength: 12 });
const covered = (ranges: readonly TimeRange[]) =>
  MINUTES.filter((minute) => ranges.some((one) => containsInstant(one, at(minute))));

function expectFewest(ranges: readonly TimeRange[]): void {
  ranges.forEach((one, index) => {
    expect(isEmpty(one)).toBe(false);
    const next = ranges[index + 1];
    if (next) expect(one.end.getTime()).toBeLessThan(next.start.getTime());
  });
}

describe("two ranges", () => {
  it.each([
    ["apart", range(0, 5), range(6, 9), false],
    ["touching", range(0, 5), range(5, 9), false],
    ["crossing", range(0, 6), range(5, 9), true],
    ["nested", range(0, 9), range(3, 4), true],
    ["equal", range(0, 9), range(0, 9), true],
    ["one empty inside", range(0, 9), range(3, 3), false],
    ["one backwards inside", range(0, 9), range(5, 3), false],
    ["both empty", range(3, 3), range(3, 3), false],
  ])("that are %s", (_, a, b, shared) => {
    expect(overlaps(a, b)).toBe(shared);
    expect(overlaps(b, a)).toBe(shared);
  });

  it("share exactly the minutes that lie in both", () => {
    fc.assert(
      fc.property(anyRange, anyRange, (a, b) => {
        const inBoth = covered([a]).filter((minute) => containsInstant(b, at(minute)));
        const shared = intersect(a, b);
        expect(covered(shared ? [shared] : [])).toEqual(inBoth);
        expect(overlaps(a, b)).toBe(inBoth.length > 0);
      }),
    );
  });

  it("contain each other when no minute sticks out", () => {
    fc.assert(
      fc.property(anyRange, anyRange, (outer, inner) => {
        const inside = covered([inner]).every((minute) => containsInstant(outer, at(minute)));
        expect(contains(outer, inner)).toBe(inside);
      }),
    );
  });

  it("are the same only with the same ends", () => {
    expect(sameRange(range(1, 2), range(1, 2))).toBe(true);
    expect(sameRange(range(1, 2), range(1, 3))).toBe(false);
    expect(sameRange(range(1, 2), range(0, 2))).toBe(false);
  });
});

describe("an instant", () => {
  it("lies in a range from its start to just before its end", () => {
    expect(containsInstant(range(1, 2), at(1))).toBe(true);
    expect(containsInstant(range(1, 2), at(2))).toBe(false);
    expect(containsInstant(range(1, 1), at(1))).toBe(false);
  });
});

describe("merge", () => {
  it("joins what touches", () => {
    expect(merge([range(5, 9), range(0, 5), range(12, 12)])).toEqual([range(0, 9)]);
  });

  it("keeps every minute, in the fewest ranges", () => {
    fc.assert(
      fc.property(anyRanges, (ranges) => {
        const merged = merge(ranges);
        expect(covered(merged)).toEqual(covered(ranges));
        expectFewest(merged);
        expect(merge(merged)).toEqual(merged);
      }),
    );
  });

  it("does not depend on the order and changes nothing it was given", () => {
    fc.assert(
      fc.property(anyRanges, (ranges) => {
        const before = structuredClone(ranges);
        expect(merge([...ranges].reverse())).toEqual(merge(ranges));
        expect(ranges).toEqual(before);
      }),
    );
  });
});

describe("subtract", () => {
  it.each([
    ["a hole inside", [range(0, 9)], [range(3, 5)], [range(0, 3), range(5, 9)]],
    ["a hole over the start", [range(2, 9)], [range(0, 5)], [range(5, 9)]],
    ["a hole over the end", [range(2, 9)], [range(5, 12)], [range(2, 5)]],
    ["a hole over all", [range(2, 9)], [range(0, 12)], []],
    ["a hole across two ranges", [range(0, 4), range(6, 9)], [range(2, 7)], [range(0, 2), range(7, 9)]],
    ["an empty hole", [range(0, 9)], [range(4, 4)], [range(0, 9)]],
    ["no hole", [range(0, 9)], [], [range(0, 9)]],
  ])("cuts out %s", (_, ranges, holes, left) => {
    expect(subtract(ranges, holes)).toEqual(left);
  });

  it("leaves exactly the minutes outside the holes", () => {
    fc.assert(
      fc.property(anyRanges, anyRanges, (ranges, holes) => {
        const left = subtract(ranges, holes);
        const outside = covered(ranges).filter(
          (minute) => !holes.some((hole) => containsInstant(hole, at(minute))),
        );
        expect(covered(left)).toEqual(outside);
        expectFewest(left);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("clip", () => {
  it("keeps exactly the minutes inside the window", () => {
    fc.assert(
      fc.property(anyRanges, anyRange, (ranges, window) => {
        const inside = covered(ranges).filter((minute) => containsInstant(window, at(minute)));
        expect(covered(clip(ranges, window))).toEqual(inside);
      }),
    );
  });
});
