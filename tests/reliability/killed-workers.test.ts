import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { JOBS } from "@/inngest/jobs";
import type { Runtime } from "@/inngest/runtime";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";
import { discardWorkerFile } from "./bundle-worker";
import { busyLife, expectNothingLost, fiveMinutesPass, seeded, unfinished } from "./busy-life";
import { installationEnv, installationRuntime } from "./installation";
import { type Killable, startWorker } from "./processes";

const SEED = Number(process.env.SEED ?? 20_261_120);
const KILLS = 45;
const AT_ONCE = 3;
/** Of so many steps some are those of people who leave, whatever the seed. */
const ENOUGH = 120;

let database: TestDatabase;
let google: GoogleBench;
let runtime: Runtime;
let env: Record<string, string>;
const alive = new Set<Killable>();

beforeAll(async () => {
  database = await createTestDatabase();
  google = await openGoogle();
  const client = { id: CLIENT.clientId, secret: CLIENT.clientSecret, name: "Entente", redirectUris: [] };
  google.sandbox.oauth.clients.set(client.id, client);
  const googleOrigin = [...google.origins.values()][0] ?? "";
  env = installationEnv({ databaseUrl: database.url, googleOrigin });
  runtime = installationRuntime(env);
});
afterAll(async () => {
  await Promise.all([...alive].map((worker) => worker.kill()));
  await runtime?.handle.close();
  await google?.[Symbol.asyncDispose]();
  await database?.drop();
  discardWorkerFile();
});

/** Whether some worker holds a calendar or a token, or takes its nudges, at this moment. */
async function isAtWork(): Promise<boolean> {
  const rows = await database.db.execute(sql`
    select from calendars where lease_until > clock_timestamp()
    union all select from oauth_tokens where refresh_lease_until > clock_timestamp()
    union all select from outbox where attempts > 0`);
  return rows.length > 0;
}

async function start(): Promise<Killable> {
  const worker = await startWorker(env);
  alive.add(worker);
  return worker;
}

it(`loses no work when the app's background, without its web server, is killed at ${KILLS} random moments (seed ${SEED})`, async () => {
  const random = seeded(SEED);
  const life = busyLife(google, runtime, seeded(SEED + 1));
  for (const operation of ["calendar.events.list", "oauth.token.refresh", "oauth.revoke"]) {
    google.sandbox.faults.arm({ operation, kind: "slow", delayMs: 80, count: 0 });
  }
  let killed = 0;
  let atWork = 0;
  let steps = 0;
  // Most of the dead are to have been in the middle of something, however the machine divides its time.
  const goesOn = () => killed < KILLS || (atWork <= KILLS / 2 && killed < 4 * KILLS);
  const lane = async () => {
    while (goesOn()) {
      killed += 1;
      const worker = await start();
      await pause(random() * 900);
      if (await isAtWork()) atWork += 1;
      await worker.kill();
      alive.delete(worker);
      await fiveMinutesPass(database);
    }
  };
  let over = false;
  const living = async () => {
    while (!over || steps < ENOUGH) {
      steps += 1;
      await life.step();
      await pause(30);
    }
  };
  const lives = living();
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  over = true;
  await lives;
  expect(atWork).toBeGreaterThan(KILLS / 2);
  expect(life.connected.some(({ left }) => left)).toBe(true);

  // The dead are followed by one that lives. Its crons would fire at the next full minute; here they fire now.
  google.sandbox.faults.disarm();
  await fiveMinutesPass(database);
  await start();
  await JOBS["finish-disconnects"](runtime.services);
  await JOBS["sync-tick"](runtime.services);
  await eventually("all work at rest", async () => (await unfinished(database)).length === 0).catch(
    () => undefined,
  );
  await expectNothingLost(life, google, database);
}, 1_200_000);
