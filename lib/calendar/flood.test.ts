import { describe, expect, it } from "vitest";
import { needsQuietMs, type Sample, settled, startsFlood } from "./flood";

const looked = (waiting: number, rounds: number, perSecond = 20, newestAgoMs = 50) =>
  startsFlood({
    changeSeq: 100,
    syncedSeq: 100 - waiting,
    rounds,
    oldestSeq: 100 - perSecond / 2,
    oldestAgoMs: 500,
    newestAgoMs,
  });

describe("a message", () => {
  it.each([
    ["the first after a pause", looked(1, 0), false],
    ["many that came in a pause", looked(500, 0), false],
    ["the second after a pause, close to the first", looked(1, 1), true],
    ["the second after a pause, apart from the first", looked(1, 1, 20, 250), false],
    ["one of a stream that is read as it comes", looked(1, 8), false],
    ["one that met another in a stream", looked(3, 6), false],
    ["one of many that piled up", looked(11, 8), true],
    ["one of a stream that is too fast", looked(1, 8, 40), true],
    ["none at all", looked(0, 1), false],
  ])("%s is looked at: %s", (_, isLookedAt, expected) => {
    expect(isLookedAt).toBe(expected);
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
        expect(settled(samples(perSecond, 1_000), needsQuietMs(waiting))).toBe(false);
      }
    }
  });

  it("is not a pause in the middle of a great flood", () => {
    expect(settled(samples(200, 1_200, [600, 1_200]), needsQuietMs(300))).toBe(false);
    expect(settled(samples(200, 1_520, [600, 1_520]), needsQuietMs(300))).toBe(true);
  });

  it("cannot be told before it lasted", () => {
    expect(settled([], 120)).toBe(false);
    expect(settled([{ atMs: 5, changeSeq: 1 }], 120)).toBe(false);
    expect(settled(samples(0, 40), 120)).toBe(false);
  });
});
