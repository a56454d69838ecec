import { expect, it } from "vitest";
import { isId, newId } from "@/lib/platform/ids";

it("makes ids that are ordered by time, well formed and never the same", () => {
  const early = Array.from({ length: 2_000 }, () => newId(new Date("2026-11-20T10:00:00.000Z")));
  const late = newId(new Date("2026-11-20T10:00:00.001Z"));
  expect(new Set(early).size).toBe(2_000);
  expect(early.every((id) => isId(id) && id < late && /^[0-9a-f-]{14}7.{4}[89ab]/.test(id))).toBe(true);
});

it.each(["", "1", "../x", "0199d3f2-0000-7000-8000-00000000000g", "0199d3f2-0000-7000-8000-0000000000001"])(
  "knows that %j is no id",
  (text) => expect(isId(text)).toBe(false),
);
