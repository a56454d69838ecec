import { describe, expect, it } from "vitest";
import { layOut, type Placeable } from "./layout";
import { DAY_MS, type Week, weekAround } from "./week";

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);
const week = weekAround("Europe/Paris", "2026-11-24", 0);

/** An event on the Tuesday, hours on the clock in Paris. */
function onTuesday(from: number, to: number): Placeable {
  const midnight = at("2026-11-23T23:00:00Z");
  return { start: midnight + from * HOUR, end: midnight + to * HOUR };
}

function wholeDays(first: string, last: string): Placeable {
  const days = { first: at(first), last: at(last) };
  return { start: days.first - HOUR, end: days.last + DAY_MS - HOUR, days };
}

function tuesday(items: Placeable[], shown: Week = week) {
  return layOut(shown, items).blocks[1]?.map(({ from, to, column, columns }) => [from, to, column, columns]);
}

describe("a week", () => {
  it("runs from Monday to Monday around any of its days", () => {
    for (const day of ["2026-11-23", "2026-11-26", "2026-11-29"]) {
      const { days, from, to } = weekAround("Europe/Paris", day, 0);
      expect(new Date(days[0] ?? 0).toISOString()).toBe("2026-11-23T00:00:00.000Z");
      expect(days).toHaveLength(7);
      expect([from, to]).toEqual([at("2026-11-22T23:00:00Z"), at("2026-11-29T23:00:00Z")]);
    }
  });

  it("is the reader's current one without a day, or with one that does not exist", () => {
    const sundayNightInParis = at("2026-11-22T22:59:00Z");
    const mondayInParis = at("2026-11-22T23:00:00Z");
    for (const day of [undefined, "", "2026-02-30", "soon"]) {
      expect(weekAround("Europe/Paris", day, sundayNightInParis).days[0]).toBe(at("2026-11-16"));
      expect(weekAround("Europe/Paris", day, mondayInParis).days[0]).toBe(at("2026-11-23"));
    }
  });

  it("has an hour more or less when the clock changes", () => {
    const length = (zone: string, day: string) => {
      const { from, to } = weekAround(zone, day, 0);
      return (to - from) / HOUR;
    };
    expect(length("Europe/Paris", "2026-10-25")).toBe(7 * 24 + 1);
    expect(length("Europe/Paris", "2027-03-28")).toBe(7 * 24 - 1);
    expect(length("Australia/Lord_Howe", "2026-10-04")).toBe(7 * 24 - 0.5);
    expect(length("Asia/Kolkata", "2026-10-25")).toBe(7 * 24);
  });
});

describe("timed events", () => {
  it("that do not overlap have the whole width", () => {
    expect(tuesday([onTuesday(9, 10), onTuesday(10, 11)])).toEqual([
      [540, 600, 0, 1],
      [600, 660, 0, 1],
    ]);
  });

  it("that overlap stand beside each other, and a free column is used again", () => {
    expect(tuesday([onTuesday(9, 12), onTuesday(9.5, 10.5), onTuesday(11, 13), onTuesday(14, 15)])).toEqual([
      [540, 720, 0, 2],
      [570, 630, 1, 2],
      [660, 780, 1, 2],
      [840, 900, 0, 1],
    ]);
  });

  it("of a chain of overlaps share the widest number of columns", () => {
    const columns = tuesday([onTuesday(9, 11), onTuesday(9, 10), onTuesday(9, 9.75), onTuesday(10.5, 12)]);
    expect(columns?.map(([, , column, all]) => [column, all])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
      [1, 3],
    ]);
  });

  it("of a few minutes are drawn long enough to be hit, and push neighbours aside", () => {
    expect(tuesday([onTuesday(9, 9), onTuesday(9.25, 10), onTuesday(23.9, 24)])).toEqual([
      [540, 570, 0, 2],
      [555, 600, 1, 2],
      [1_410, 1_440, 0, 1],
    ]);
  });

  it("over midnight have a block on both days and begin in the first one", () => {
    const { blocks } = layOut(week, [onTuesday(22, 26)]);
    expect(blocks.map((day) => day.map(({ from, to, begins }) => [from, to, begins]))).toEqual([
      [],
      [[1_320, 1_440, true]],
      [[0, 120, false]],
      [],
      [],
      [],
      [],
    ]);
  });

  it("that began last week begin where they are first seen", () => {
    const { blocks } = layOut(week, [
      { start: week.from - HOUR, end: week.from + HOUR },
      { start: week.from - HOUR, end: week.from },
    ]);
    expect(blocks[0]).toMatchObject([{ from: 0, to: 60, begins: true }]);
  });

  it("stand at the reading of the clock on days when it changes", () => {
    const autumn = weekAround("Europe/Paris", "2026-10-25", 0);
    const { blocks } = layOut(autumn, [
      { start: at("2026-10-25T00:30:00Z"), end: at("2026-10-25T01:15:00Z") },
      { start: at("2026-10-25T09:00:00Z"), end: at("2026-10-25T10:00:00Z") },
    ]);
    expect(blocks[6]?.map(({ from, to }) => [from, to])).toEqual([
      [150, 195],
      [600, 660],
    ]);
    const spring = weekAround("Europe/Paris", "2027-03-28", 0);
    const skipped = { start: at("2027-03-28T00:30:00Z"), end: at("2027-03-28T01:30:00Z") };
    expect(layOut(spring, [skipped]).blocks[6]).toMatchObject([{ from: 90, to: 210 }]);
  });
});

describe("all-day events", () => {
  it("span their days and stack where they meet", () => {
    const { bars, lanes } = layOut(week, [
      wholeDays("2026-11-24", "2026-11-26"),
      wholeDays("2026-11-25", "2026-11-25"),
      wholeDays("2026-11-27", "2026-11-27"),
    ]);
    expect(bars.map(({ day, span, lane }) => [day, span, lane])).toEqual([
      [1, 3, 0],
      [2, 1, 1],
      [4, 1, 0],
    ]);
    expect(lanes).toBe(2);
  });

  it("are cut at both ends of the week", () => {
    const { bars } = layOut(week, [
      wholeDays("2026-11-01", "2026-11-23"),
      wholeDays("2026-11-29", "2026-12-24"),
    ]);
    expect(bars.map(({ day, span }) => [day, span])).toEqual([
      [0, 1],
      [6, 1],
    ]);
    expect(layOut(week, [wholeDays("2026-11-21", "2026-11-22")])).toMatchObject({ bars: [], lanes: 0 });
  });

  it("are joined by timed events of a day or longer", () => {
    const { bars, blocks } = layOut(week, [onTuesday(9, 33), onTuesday(9, 32.5)]);
    expect(bars.map(({ day, span }) => [day, span])).toEqual([[1, 2]]);
    expect(blocks.map((day) => day.length)).toEqual([0, 1, 1, 0, 0, 0, 0]);
  });
});
