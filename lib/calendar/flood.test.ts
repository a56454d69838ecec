import { describe, expect, it } from "vitest";
import { needsQuietMs, type Sample, settled, startsFlood } from "./flood";

const recent = (changeSeq: number, syncedSeq: number, rounds: number, oldestSeq: number | null) =>
  startsFlood({ changeSeq, syncedSeq, rounds, oldestSeq });

describe("a message", () => {
  it.each([
    ["the first after a pause", recent(8, 7, 0, null), false],
    ["many that came in a pause", recent(500, 7, 0, null), false],
    ["the second after a pause", recent(9, 8, 1, 8), true],
    ["one of a stream that is read as it comes", recent(30, 29, 8, 22), false],
    ["one that met another in a stream", recent(30, 27, 6, 22), false],
    ["one of many that piled up", recent(40, 29, 8, 22), true],
    ["one of a stream that is too fast", recent(61, 60, 2, 30), true],
    ["none at all", recent(9, 9, 1, 9), false],
  ])("%s is looked at: %s", (_, looked, expected) => {
    expect(looked).toBe(expected);
  });
});

/** Messages at a rate, looked at every 40 ms; `pause` is a time without any. */
function samples(perSecond: number, ms: number, pause: [number, number] = [0, 0]): Sample[] {
  const all: Sample[] = [];
  for (let at = 0; at <= ms; at += 40) {
    const still = Math.max(0, Math.min(at, pause[1]) - pause[0]);
    all.push({ atMs: at, changeSeq: Math.floor(((at - still) * perSecond) / 1_000) });
  }
  return all;
}

describe("calm", () => {
  it("is what a stream of twenty a second leaves, however much had piled up", () => {
    for (const waiting of [1, 10, 100, 1_000]) {
      const quiet = needsQuietMs(waiting);
      expect(settled(samples(20, quiet + 40), quiet)).toBe(true);
    }
  });

  it("is not a flood, from fifty a second on", () => {
    for (const perSecond of [50, 100, 1_000]) {
      for (const waiting of [1, 10, 100, 1_000]) {
        expect(settled(samples(perSecond, 800), needsQuietMs(waiting))).toBe(false);
      }
    }
  });

  it("is not a pause in the middle of a great flood", () => {
    expect(settled(samples(200, 1_000, [600, 1_000]), needsQuietMs(300))).toBe(false);
    expect(settled(samples(200, 1_240, [600, 1_240]), needsQuietMs(300))).toBe(true);
  });

  it("cannot be told before it lasted", () => {
    expect(settled([], 80)).toBe(false);
    expect(settled([{ atMs: 5, changeSeq: 1 }], 80)).toBe(false);
    expect(settled(samples(0, 40), 80)).toBe(false);
  });
});
