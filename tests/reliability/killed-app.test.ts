import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Runtime } from "@/inngest/runtime";
import { createApiKey } from "@/lib/organizations/api-keys";
import { freePort } from "@/scripts/lib/ports";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";
import { type BusyLife, busyLife, expectNothingLost, fiveMinutesPass, seeded, unfinished } from "./busy-life";
import { installationEnv, installationRuntime } from "./installation";
import { ensureBuilt, type Killable, startApp } from "./processes";

const SEED = Number(process.env.SEED ?? 20_261_121);
/** A few by default, beside the many of the background process; `KILLS=50` takes some minutes. */
const KILLS = Number(process.env.KILLS ?? 5);
const LIMIT_MS = 600_000 + KILLS * 30_000;

let database: TestDatabase;
let google: GoogleBench;
let runtime: Runtime;
let env: Record<string, string>;
let port: number;
let app: Killable | undefined;

beforeAll(async () => {
  await ensureBuilt();
  database = await createTestDatabase();
  google = await openGoogle();
  const client = { id: CLIENT.clientId, secret: CLIENT.clientSecret, name: "Entente", redirectUris: [] };
  google.sandbox.oauth.clients.set(client.id, client);
  port = await freePort();
  const googleOrigin = [...google.origins.values()][0] ?? "";
  env = installationEnv({ databaseUrl: database.url, googleOrigin, appUrl: `http://localhost:${port}` });
  runtime = installationRuntime(env);
}, 900_000);
afterAll(async () => {
  await app?.kill();
  await runtime?.handle.close();
  await google?.[Symbol.asyncDispose]();
  await database?.drop();
});

/** Asks the running app for a sync over its API; only what it answered 202 to counts as promised. */
async function askForSync(life: BusyLife, keys: Map<string, string>): Promise<void> {
  const living = life.connected.filter(({ left }) => !left);
  const one = living[life.promised.length % living.length];
  if (one === undefined) return;
  const actor = { type: "system", job: "test" } as const;
  const wish = { userId: one.person.userId, scopes: ["read", "write"] as const, actor };
  const { connectionId } = one;
  const key = keys.get(connectionId) ?? (await createApiKey(runtime.services.db, wish, new Date())).key;
  keys.set(connectionId, key);
  const url = `http://127.0.0.1:${port}/api/v1/integrations/${connectionId}/sync`;
  const headers = { authorization: `Bearer ${key}` };
  // A killed app may also break off between the head of its answer and the body.
  const answer = await fetch(url, { method: "POST", headers, signal: AbortSignal.timeout(5_000) })
    .then(async (response) => ({ status: response.status, body: await response.text() }))
    .catch(() => null);
  if (answer?.status !== 202) return;
  const { runIds } = JSON.parse(answer.body) as { runIds: string[] };
  life.promised.push(...runIds.map((runId) => ({ runId, connectionId })));
}

it(
  `loses no work, and no answer it gave, when the built app is killed at ${KILLS} random moments (seed ${SEED})`,
  async () => {
    const random = seeded(SEED);
    const life = busyLife(google, runtime, seeded(SEED + 1));
    const keys = new Map<string, string>();
    for (const operation of ["calendar.events.list", "oauth.token.refresh", "oauth.revoke"]) {
      google.sandbox.faults.arm({ operation, kind: "slow", delayMs: 80, count: 0 });
    }
    let over = false;
    const living = async () => {
      while (!over) {
        await life.step();
        await askForSync(life, keys);
        await pause(20);
      }
    };
    const lives = living();
    for (let killed = 0; killed < KILLS; killed += 1) {
      app = await startApp(env, port);
      await pause(300 + random() * 1_700);
      await app.kill();
      await fiveMinutesPass(database);
    }
    over = true;
    await lives;
    expect(keys.size).toBeGreaterThan(0);

    // The next one lives, and its own schedule finds what is left to do.
    google.sandbox.faults.disarm();
    await fiveMinutesPass(database);
    app = await startApp(env, port);
    await eventually("all work at rest", async () => (await unfinished(database)).length === 0).catch(
      () => undefined,
    );
    await expectNothingLost(life, google, database);
  },
  LIMIT_MS,
);
