import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "@/scripts/lib/paths";

interface Row {
  trap: string;
  where: string;
  test: string;
}

function readTable(): Row[] {
  const text = readFileSync(resolve(root, "docs/developer/traps.md"), "utf8");
  return text
    .split("\n")
    .filter((line) => /^\| \d/.test(line))
    .map((line) => {
      const [, trap = "", , where = "", test = ""] = line.split("|").map((cell) => cell.trim());
      return { trap, where, test };
    });
}

const rows = readTable();
const tested = rows.filter(({ where }) => where !== "cannot occur");

describe("the table of traps", () => {
  it("has a row for each of the eight, with a test or a reason", () => {
    expect(new Set(rows.map(({ trap }) => trap[0]))).toEqual(new Set("12345678"));
    expect(rows.filter(({ test }) => test.length < 15)).toEqual([]);
  });

  it.each(tested)("names a test of trap $trap that exists: $test", ({ where, test }) => {
    const path = resolve(root, where.replaceAll("`", ""));
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, "utf8")).toContain(test);
  });
});
