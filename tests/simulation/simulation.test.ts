import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { disagreements, openWorld, settle, step } from "@/tests/simulation/world";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { type GoogleBench, openGoogle } from "@/tests/support/google";

// `npm run sim` sets these; `npm test` runs the same few seeds every time.
const first = Number(process.env.SEED ?? 1);
const seeds = Array.from({ length: Number(process.env.SEEDS ?? 12) }, (_, index) => first + index);
const steps = Number(process.env.STEPS ?? 40);

let database: TestDatabase;
let google: GoogleBench;
beforeAll(async () => {
  database = await createTestDatabase();
  google = await openGoogle();
});
afterAll(async () => {
  await google[Symbol.asyncDispose]();
  await database.drop();
});

describe(`a calendar's life of ${steps} steps, with faults, lost cursors, jumping clocks and changing choices`, () => {
  it.each(seeds)("ends in agreement within two cycles after the faults end (seed %i)", async (seed) => {
    const world = await openWorld(database, google, seed);
    for (let done = 0; done < steps; done += 1) await step(world);
    await settle(world);
    expect(
      await disagreements(world),
      `SEED=${seed} STEPS=${steps} npm run sim\n${world.trace.join(" ")}`,
    ).toEqual([]);
  });
});
