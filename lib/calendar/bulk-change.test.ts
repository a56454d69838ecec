import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  countThings,
  isHealed,
  judgeBulkChange,
  planDecision,
  type TouchedThing,
} from "@/lib/calendar/bulk-change";

const single = {
  gone: { lost: 1, elsewhere: 0, kept: 0, now: 0 },
  moved: { lost: 1, elsewhere: 1, kept: 1, now: 1 },
};
const times = (count: number, thing: TouchedThing) => Array.from({ length: count }, () => thing);

describe("what counts", () => {
  it("is an event that is gone or elsewhere, and a series once", () => {
    const series = { lost: 90, elsewhere: 0, kept: 0, now: 0 };
    expect(countThings([...times(3, single.gone), ...times(2, single.moved), series], 4)).toEqual({
      before: 10,
      gone: 4,
      moved: 2,
    });
  });

  it("is a series as moved from half of its occurrences on, made anew or not", () => {
    const less = { lost: 6, elsewhere: 0, kept: 7, now: 7 };
    const half = { lost: 6, elsewhere: 3, kept: 9, now: 9 };
    const anew = { lost: 13, elsewhere: 0, kept: 0, now: 13 };
    expect(countThings([less, half, anew], 0)).toEqual({ before: 3, gone: 0, moved: 2 });
  });
});

describe("a wholesale change", () => {
  it("is a calendar of five things or more that is empty, and no smaller one", () => {
    expect(judgeBulkChange({ before: 5, gone: 5, moved: 0 })).toBe("emptied");
    expect(judgeBulkChange({ before: 4, gone: 4, moved: 0 })).toBeNull();
    expect(judgeBulkChange({ before: 6, gone: 5, moved: 0 })).toBeNull();
    expect(judgeBulkChange({ before: 6, gone: 5, moved: 1 })).toBeNull();
  });

  it("is ten things or more gone or moved that are half of what there was", () => {
    expect(judgeBulkChange({ before: 20, gone: 4, moved: 6 })).toBe("wholesale");
    expect(judgeBulkChange({ before: 21, gone: 4, moved: 6 })).toBeNull();
    expect(judgeBulkChange({ before: 18, gone: 9, moved: 0 })).toBeNull();
  });

  it("needs as many things as it names, whatever is counted", () => {
    const thing = fc
      .record({ lost: fc.nat(20), stay: fc.nat(20), elsewhere: fc.nat(20), added: fc.nat(20) })
      .map(({ lost, stay, elsewhere, added }): TouchedThing => {
        const there = Math.min(lost, elsewhere);
        return { lost, elsewhere: there, kept: stay + there, now: stay + there + added };
      });
    fc.assert(
      fc.property(fc.array(thing, { maxLength: 60 }), fc.nat(100), (touched, untouched) => {
        const counts = countThings(touched, untouched);
        expect(counts.gone + counts.moved).toBeLessThanOrEqual(touched.length);
        expect(counts.before).toBe(touched.length + untouched);
        const verdict = judgeBulkChange(counts);
        if (verdict === "emptied") expect(untouched).toBe(0);
        if (verdict === null) return;
        expect(counts.gone + counts.moved).toBeGreaterThanOrEqual(5);
        // What was there besides can only make it less of a whole.
        expect(judgeBulkChange({ ...counts, before: counts.before * 3 })).toBeNull();
      }),
    );
  });

  it("is never made by one thing, such as a daily series, nor by what is only added", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.nat(50), (lost, untouched) => {
        expect(judgeBulkChange(countThings([{ lost, elsewhere: 0, kept: 0, now: 0 }], untouched))).toBeNull();
        const added = times(lost, { lost: 0, elsewhere: 0, kept: 0, now: 1 });
        expect(judgeBulkChange(countThings(added, untouched))).toBeNull();
      }),
    );
  });
});

describe("a hiccup", () => {
  it("is over when nine tenths of what went is back", () => {
    expect(isHealed({ went: 10, back: 9 })).toBe(true);
    expect(isHealed({ went: 10, back: 8 })).toBe(false);
    expect(isHealed({ went: 0, back: 0 })).toBe(false);
  });
});

describe("a decision", () => {
  it("does nothing twice, lets held time go later, and leaves settled what was settled", () => {
    expect(planDecision(null, "held")).toBe("hold");
    expect(planDecision(null, "accepted")).toBe("settle");
    expect(planDecision("held", "held")).toBe("nothing");
    expect(planDecision("held", "accepted")).toBe("settle");
    expect(planDecision("accepted", "accepted")).toBe("nothing");
    expect(planDecision("accepted", "held")).toBe("refuse");
  });
});
