import fc from "fast-check";
import { expect, it } from "vitest";
import { instantWriter } from "@/lib/platform/instant-text";

it("writes every instant as toISOString does, whole minutes and others, in any order", () => {
  const write = instantWriter();
  const whole = fc.integer({ min: -30_000_000, max: 130_000_000 }).map((minute) => new Date(minute * 60_000));
  const any = fc.date({ noInvalidDate: true });
  fc.assert(
    fc.property(fc.oneof(whole, any), (at) => {
      expect(write(at)).toBe(at.toISOString());
    }),
    { numRuns: 2_000 },
  );
});
