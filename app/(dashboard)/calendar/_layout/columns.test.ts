import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeColumns, SHORTEST, type Stretch } from "@/app/(dashboard)/calendar/_layout/columns";

const stretches = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 1400 }), fc.integer({ min: 0, max: 300 }))
    .map(([from, length]) => ({ from, to: from + length })),
  { maxLength: 25 },
);

const drawn = ({ from, to }: Stretch) => ({ from, to: Math.max(to, from + SHORTEST) });

describe("columns of a day", () => {
  it("give an entry without neighbours the whole width", () => {
    expect(placeColumns([{ from: 60, to: 120 }])).toEqual([{ column: 0, columns: 1, span: 1 }]);
  });

  it("put two that overlap side by side, and let a third that fits take a free place", () => {
    const places = placeColumns([
      { from: 60, to: 240 },
      { from: 60, to: 120 },
      { from: 120, to: 180 },
    ]);
    expect(places.map(({ column }) => column)).toEqual([0, 1, 1]);
  });

  it("do not separate what only touches", () => {
    const places = placeColumns([
      { from: 60, to: 120 },
      { from: 120, to: 180 },
    ]);
    expect(places.map(({ columns }) => columns)).toEqual([1, 1]);
  });

  it("widen an entry over columns that are free beside it", () => {
    const places = placeColumns([
      { from: 0, to: 60 },
      { from: 0, to: 60 },
      { from: 0, to: 200 },
      { from: 100, to: 160 },
    ]);
    expect(places[3]).toMatchObject({ column: 1, columns: 3, span: 2 });
  });

  it("never draw one entry over another, nor past the last column", () => {
    fc.assert(
      fc.property(stretches, (given) => {
        const places = placeColumns(given);
        for (const [i, a] of given.entries()) {
          const mine = places[i];
          if (mine === undefined) throw new Error("an entry has no place");
          expect(mine.column + mine.span).toBeLessThanOrEqual(mine.columns);
          for (const [j, b] of given.entries()) {
            const other = places[j];
            const [x, y] = [drawn(a), drawn(b)];
            if (other === undefined || i === j || x.to <= y.from || y.to <= x.from) continue;
            const apart = mine.column + mine.span <= other.column || other.column + other.span <= mine.column;
            expect(apart).toBe(true);
          }
        }
      }),
    );
  });
});
