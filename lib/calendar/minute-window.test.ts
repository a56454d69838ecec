import { describe, expect, it } from "vitest";
import { createMinuteWindow } from "@/lib/calendar/minute-window";

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20, 12) + seconds * 1_000);

describe("the last sixty seconds", () => {
  it("forget what is older, and not a moment before", () => {
    const window = createMinuteWindow();
    window.add(3, at(0.999), at(0.999));
    window.add(4, at(30), at(30));
    expect(window.used(at(60.9))).toBe(7);
    expect(window.used(at(61))).toBe(4);
    expect(window.used(at(91))).toBe(0);
  });

  it("say when there is room again", () => {
    const window = createMinuteWindow();
    expect(window.freeIn(1, at(0))).toBe(0);
    window.add(5, at(0), at(0));
    window.add(5, at(10), at(10));
    expect(window.freeIn(11, at(20))).toBe(0);
    expect(window.freeIn(10, at(20))).toBe(41_000);
    expect(window.freeIn(5, at(20))).toBe(51_000);
    expect(window.freeIn(10, at(61))).toBe(0);
  });

  it("never hold more than the limit, wherever the minute is laid", () => {
    const window = createMinuteWindow();
    const taken: number[] = [];
    for (let second = 0; second < 400; second += 0.05) {
      if (window.freeIn(100, at(second)) > 0) continue;
      window.add(1, at(second), at(second));
      taken.push(second);
    }
    for (const start of taken) {
      expect(taken.filter((one) => one >= start && one < start + 60).length).toBeLessThanOrEqual(100);
    }
    expect(taken.length).toBeGreaterThan(600);
  });

  it("take what others tell late for as old as it is, and nothing that has passed", () => {
    const window = createMinuteWindow();
    window.add(5, at(0), at(50));
    window.add(9, at(-20), at(50));
    expect(window.used(at(60))).toBe(5);
    expect(window.used(at(61))).toBe(0);
  });

  it("begin anew when the clock was set back", () => {
    const window = createMinuteWindow();
    window.add(5, at(3_600), at(3_600));
    expect(window.used(at(0))).toBe(0);
    window.add(2, at(0), at(0));
    expect(window.used(at(1))).toBe(2);
  });
});
