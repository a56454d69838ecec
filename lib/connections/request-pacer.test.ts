import { describe, expect, it } from "vitest";
import { createRequestPacer } from "@/lib/connections/request-pacer";
import { testClock } from "@/tests/support/factories";

const ORIGIN = "https://www.googleapis.com";
const QUOTAS = { google: { origin: ORIGIN, project: 1_000, person: 100 }, microsoft: null };

function pacerAt(noon = "2026-11-20T12:00:00.000Z") {
  const clock = testClock(noon);
  const slept: number[] = [];
  const sleep = async (ms: number) => {
    slept.push(ms);
    clock.advance(ms);
  };
  return { clock, slept, pacer: createRequestPacer({ clock, quotas: QUOTAS, sleep }) };
}

const request = (overrides: object = {}) =>
  ({ vendor: "google", origin: ORIGIN, person: "anna", patient: true, ...overrides }) as const;

async function ask(pacer: ReturnType<typeof pacerAt>["pacer"], count: number, overrides: object = {}) {
  for (let n = 0; n < count; n += 1) await pacer.admit(request(overrides));
}

describe("the door's gate", () => {
  it("keeps work nobody waits for away from the last fifth of a minute, person by person", async () => {
    const { clock, pacer } = pacerAt();
    await ask(pacer, 79);
    expect(pacer.hasRoom("google", "anna")).toBe(true);
    await ask(pacer, 1);
    expect(pacer.hasRoom("google", "anna")).toBe(false);
    expect(pacer.hasRoom("google", "bela")).toBe(true);
    expect(pacer.hasRoom("microsoft", "anna")).toBe(true);
    clock.advance(61_000);
    expect(pacer.hasRoom("google", "anna")).toBe(true);
  });

  it("waits for room for some seconds, and no longer", async () => {
    const { clock, pacer, slept } = pacerAt();
    await ask(pacer, 80);
    expect(await pacer.awaitRoom("google", "anna")).toBe(false);
    expect(slept).toEqual([]);
    clock.advance(57_000);
    expect(await pacer.awaitRoom("google", "anna")).toBe(true);
    expect(slept).toEqual([4_000]);
  });

  it("and from the last fifth of all people's minute together", async () => {
    const { pacer } = pacerAt();
    for (let n = 0; n < 800; n += 1) await pacer.admit(request({ person: `person-${n % 20}` }));
    expect(pacer.hasRoom("google", "somebody-new")).toBe(false);
  });

  it("refuses a patient request that would have to wait long, and says how long", async () => {
    const { pacer, slept, clock } = pacerAt();
    await ask(pacer, 95);
    await expect(ask(pacer, 1)).rejects.toMatchObject({ fault: "held_back", retryAfterMs: 61_000 });
    clock.advance(30_000);
    await expect(ask(pacer, 1)).rejects.toMatchObject({ fault: "held_back", retryAfterMs: 31_000 });
    expect(slept).toEqual([]);
  });

  it("lets it wait where that takes seconds", async () => {
    const { pacer, slept, clock } = pacerAt();
    await ask(pacer, 95);
    clock.advance(57_000);
    await ask(pacer, 1);
    expect(slept).toEqual([4_000]);
  });

  it("never keeps back what a person waits for, which counts all the same", async () => {
    const { pacer, slept } = pacerAt();
    await ask(pacer, 95);
    await ask(pacer, 60, { patient: false });
    expect(slept).toEqual([]);
    await expect(ask(pacer, 1)).rejects.toMatchObject({ fault: "held_back" });
  });

  it("does not count what the vendor's calendar does not", async () => {
    const { pacer } = pacerAt();
    await ask(pacer, 200, { origin: "https://oauth2.googleapis.com" });
    await ask(pacer, 200, { person: null });
    expect(pacer.hasRoom("google", "anna")).toBe(true);
  });

  it("heeds what other processes told", async () => {
    const { pacer, clock } = pacerAt();
    pacer.learn({ vendor: "google", person: "anna", count: 90, at: clock.now() });
    expect(pacer.hasRoom("google", "anna")).toBe(false);
    expect(pacer.hasRoom("google", "bela")).toBe(true);
    pacer.learn({ vendor: "google", person: null, count: 800, at: clock.now() });
    expect(pacer.hasRoom("google", "bela")).toBe(false);
  });

  it("has a stream of changes read at a pace that lasts, never to be held back", async () => {
    const { clock, pacer, slept } = pacerAt();
    const paced: number[] = [];
    const end = clock.now().getTime() + 180_000;
    // Thirty changes a minute more than the quota has, each read as it comes unless rounds keep their distance.
    while (clock.now().getTime() < end) {
      await ask(pacer, 1);
      const apart = Math.max(pacer.spacing("google", "anna"), 60_000 / 130);
      paced.push(apart);
      clock.advance(apart);
    }
    expect(slept).toEqual([]);
    expect(Math.min(...paced)).toBeLessThan(500);
    expect(Math.max(...paced)).toBeLessThanOrEqual(2_400);
    expect(pacer.spacing("google", "bela")).toBe(0);
    expect(pacer.spacing("microsoft", "anna")).toBe(0);
  });
});
