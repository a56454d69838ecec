import { expect, test } from "vitest";
import { createFaults, matchesOperation } from "./faults";

test.each([
  ["calendar.events.list", "calendar.events.list", true],
  ["calendar.events", "calendar.events.list", true],
  ["calendar.event", "calendar.events.list", false],
  ["calendar.*", "calendar.events.list", true],
  ["*.list", "calendar.events.list", true],
  ["calendar.*.insert", "calendar.events.list", false],
  ["calendar.*.list", "calendar.events.list", true],
  ["*", "anything", true],
  ["oauth.*", "calendar.events.list", false],
])("%s over %s is %s", (pattern, operation, expected) => {
  expect(matchesOperation(pattern, operation)).toBe(expected);
});

test("Of two faults on one call the first armed strikes, and both count the call", () => {
  const faults = createFaults();
  faults.arm({ operation: "x", kind: "unavailable" });
  faults.arm({ operation: "x", kind: "not_found", onCall: 2 });
  expect(faults.strike("x", undefined)?.kind).toBe("unavailable");
  expect(faults.strike("x", undefined)?.kind).toBe("not_found");
  expect(faults.strike("x", undefined)).toBeUndefined();
});

test("A fault with count 0 strikes until it is cleared", () => {
  const faults = createFaults();
  const { id } = faults.arm({ operation: "x", kind: "unavailable", count: 0 });
  for (let call = 0; call < 5; call += 1) expect(faults.strike("x", undefined)).toBeDefined();
  faults.disarm(id);
  expect(faults.strike("x", undefined)).toBeUndefined();
});

test("A fault with a percentage strikes that share of calls, the same ones for the same seed", () => {
  const struck = (seed: number) => {
    const faults = createFaults();
    faults.arm({ operation: "x", kind: "unavailable", count: 0, percentage: 20, seed });
    return Array.from({ length: 1_000 }, () => faults.strike("x", undefined) !== undefined);
  };
  const [first, again, other] = [struck(7), struck(7), struck(8)];
  expect(first).toEqual(again);
  expect(first).not.toEqual(other);
  const share = first.filter(Boolean).length;
  expect(share).toBeGreaterThan(150);
  expect(share).toBeLessThan(250);
});
