import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

interface Lock {
  packages: Record<string, { version?: string }>;
}

const root = resolve(import.meta.dirname, "..");
const lock = JSON.parse(readFileSync(resolve(root, "package-lock.json"), "utf8")) as Lock;

/** The lowest version without a known hole that matters here. Every copy in the tree counts. */
const FLOORS: readonly { name: string; floor: string; why: string; required: boolean }[] = [
  { name: "next", floor: "16.4.5", why: "CVE-2026-119347, GHSA-2464-fhr4-w9xw", required: true },
  { name: "sharp", floor: "0.35.5", why: "GHSA-2464-fhr4-w9xw", required: false },
  { name: "react", floor: "19.2.6", why: "CVE-2026-23870", required: true },
  { name: "react-dom", floor: "19.2.6", why: "CVE-2026-23870", required: true },
  { name: "next-auth", floor: "4.24.15", why: "CVE-2026-73418, GHSA-7rqj-j65f-68wh", required: true },
  { name: "nodemailer", floor: "9.0.1", why: "GHSA-p6gq-j5cr-w38f", required: false },
  { name: "drizzle-orm", floor: "0.45.2", why: "CVE-2026-39356", required: true },
  { name: "inngest", floor: "3.54.0", why: "CVE-2026-42047", required: true },
  { name: "postcss", floor: "8.5.12", why: "CVE-2026-45623", required: false },
];

function copiesOf(name: string): string[] {
  return Object.entries(lock.packages).flatMap(([path, { version }]) =>
    path.endsWith(`node_modules/${name}`) && version !== undefined ? [version] : [],
  );
}

/** Compares releases number by number; what a pre-release names is not reached yet. */
function isAtLeast(version: string, floor: string): boolean {
  const [release = "", tag] = version.split("-", 2);
  const numbers = (text: string) => text.split(".").map(Number);
  const [ours, theirs] = [numbers(release), numbers(floor)];
  for (const [at, wanted] of theirs.entries()) {
    const difference = (ours[at] ?? 0) - wanted;
    if (difference !== 0) return difference > 0;
  }
  return tag === undefined;
}

describe("versions", () => {
  it.each(FLOORS)("$name is $floor or newer ($why)", ({ name, floor, required }) => {
    const versions = copiesOf(name);
    if (required) expect(versions).not.toEqual([]);
    expect(versions.filter((version) => !isAtLeast(version, floor))).toEqual([]);
  });

  it("are pinned exactly, so that a clean install is the one that was tested", () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
      readFileSync(resolve(root, "package.json"), "utf8"),
    ) as Record<string, Record<string, string>>;
    const wanted = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(wanted.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it.each([
    ["16.4.5", "16.4.5", true],
    ["16.10.0", "16.4.5", true],
    ["16.4.4", "16.4.5", false],
    ["15.9.9", "16.4.5", false],
    ["17.0.0", "16.4.5", true],
    ["16.4.5-canary.1", "16.4.5", false],
  ])("compare as releases do: %s against %s", (version, floor, expected) => {
    expect(isAtLeast(version, floor)).toBe(expected);
  });
});
