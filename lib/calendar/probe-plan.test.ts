import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ProbeFacts, planProbe } from "@/lib/calendar/probe-plan";

const T0 = new Date("2026-12-01T09:00:00.000Z");
const later = (ms: number) => new Date(T0.getTime() + ms);
const WRITTEN: ProbeFacts = {
  requestedAt: T0,
  askedAt: T0,
  writtenAt: T0,
  pushedAt: null,
  pushTrouble: null,
  readAt: null,
  finishedAt: null,
  removedAt: null,
  attempts: 0,
  obstacle: null,
  unwatched: null,
  heardBefore: true,
  roundError: null,
};
const plan = (facts: Partial<ProbeFacts>, ms = 0) => planProbe({ ...WRITTEN, ...facts }, later(ms));

describe("what a test needs next", () => {
  it("is to be written, however often that failed, for twenty seconds", () => {
    const unwritten = { askedAt: null, writtenAt: null };
    expect(plan(unwritten)).toEqual({ do: "write" });
    expect(plan({ ...unwritten, attempts: 5 }, 19_999)).toEqual({ do: "write" });
    expect(plan({ ...unwritten, attempts: 5 }, 20_000)).toEqual({ do: "end", code: "transient" });
    // One whose nudge was late was never tried.
    expect(plan(unwritten, 3_600_000)).toEqual({ do: "write" });
  });

  it("is a message, looked for less and less often", () => {
    const looks: number[] = [];
    for (let ms = 0; ms < 30_000; ) {
      const step = plan({}, ms);
      if (step.do !== "wait" || step.until === null) throw new Error(step.do);
      ms = step.until.getTime() - T0.getTime();
      looks.push(ms / 1_000);
    }
    expect(looks).toEqual([1, 2, 4, 8, 16, 26, 30]);
    expect(plan({}, 30_000)).toEqual({ do: "doubt", trouble: "silent" });
    expect(plan({ heardBefore: false }, 30_000)).toEqual({ do: "doubt", trouble: "unreachable" });
  });

  it("is to be read by asking at once where nobody tells", () => {
    expect(plan({ unwatched: "off" })).toEqual({ do: "doubt", trouble: "off" });
  });

  it("is a reading, for half a minute from the message or from when none was waited for any longer", () => {
    expect(plan({ pushedAt: later(400) }, 30_399)).toMatchObject({ do: "wait" });
    expect(plan({ pushedAt: later(400) }, 30_400)).toEqual({ do: "end", code: "not_read" });
    expect(plan({ pushTrouble: "silent", roundError: "transient" }, 59_999)).toMatchObject({ do: "wait" });
    expect(plan({ pushTrouble: "silent", roundError: "transient" }, 60_000)).toEqual({
      do: "end",
      code: "transient",
    });
  });

  it("is its removal, though not before the message came or was given up", () => {
    expect(plan({ readAt: later(100) }, 200)).toMatchObject({ do: "wait" });
    expect(plan({ readAt: later(100), pushedAt: later(90) }, 200)).toEqual({ do: "remove" });
    expect(plan({ readAt: later(100), pushTrouble: "pending" }, 200)).toEqual({ do: "remove" });
    expect(plan({ finishedAt: later(100) }, 200)).toEqual({ do: "remove" });
  });

  it("is nothing while its account is dead, and nothing once it is gone", () => {
    const obstacle = "reauthorization_required";
    expect(plan({ obstacle })).toEqual({ do: "end", code: obstacle });
    expect(plan({ obstacle, finishedAt: T0 })).toEqual({ do: "wait", until: null });
    expect(plan({ finishedAt: T0, removedAt: T0 })).toEqual({ do: "wait", until: null });
  });

  it("is never a look in the past, nor one beyond half a minute, wherever the clock went", () => {
    const at = fc.option(fc.integer({ min: -100_000_000, max: 100_000_000 }).map(later), { nil: null });
    fc.assert(
      fc.property(
        at,
        at,
        at,
        fc.integer({ min: -200_000_000, max: 200_000_000 }),
        (pushed, read, trouble, ms) => {
          const pushTrouble = trouble === null ? null : ("silent" as const);
          const step = plan({ pushedAt: pushed, readAt: read, pushTrouble }, ms);
          if (step.do !== "wait" || step.until === null) return;
          const wait = step.until.getTime() - later(ms).getTime();
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(70_000);
        },
      ),
    );
  });
});
