import fc from "fast-check";
import { expect, it } from "vitest";
import { placeLanes } from "@/app/(dashboard)/calendar/_layout/lanes";

it("puts what shares a day into different lines and what does not into one", () => {
  const lanes = placeLanes([
    { first: 2, last: 2 },
    { first: 0, last: 3 },
    { first: 4, last: 6 },
  ]);
  expect(lanes).toEqual([1, 0, 0]);
});

it("never lets two entries of a line share a day, and wastes no line", () => {
  const span = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }));
  fc.assert(
    fc.property(fc.array(span, { maxLength: 20 }), (given) => {
      const spans = given.map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));
      const lanes = placeLanes(spans);
      const busiest = Math.max(
        0,
        ...Array.from(
          { length: 7 },
          (_, day) => spans.filter(({ first, last }) => first <= day && day <= last).length,
        ),
      );
      expect(new Set(lanes).size).toBe(busiest);
      for (const [i, a] of spans.entries()) {
        for (const [j, b] of spans.entries()) {
          if (i < j && lanes[i] === lanes[j]) expect(a.last < b.first || b.last < a.first).toBe(true);
        }
      }
    }),
  );
});
