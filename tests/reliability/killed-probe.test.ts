import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { calendarProbes } from "@/db/schema/probes";
import { JOBS } from "@/inngest/jobs";
import { adoptRuntime, type Runtime } from "@/inngest/runtime";
import { markPeers } from "@/lib/platform/rate-limit-address";
import { requestProbe } from "@/lib/sync/probe/request-probe";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { createCalendar, createConnection, createPerson, type Person } from "@/tests/support/factories";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";
import { holdCalls } from "@/tests/support/held-calls";
import { startWebhookServer, type WebhookServer } from "@/tests/support/webhook-server";
import { discardWorkerFile } from "./bundle-worker";
import { installationEnv, installationRuntime } from "./installation";
import { type Killable, startWorker } from "./processes";
import { truthOf } from "./vendor-world";

let database: TestDatabase;
let google: GoogleBench;
let server: WebhookServer;
let runtime: Runtime;
let env: Record<string, string>;
let person: Person;
let connectionId: string;
let calendarId: string;
const alive = new Set<Killable>();
const email = "probed@example.test";

beforeAll(async () => {
  markPeers();
  database = await createTestDatabase();
  google = await openGoogle();
  server = await startWebhookServer();
  const client = { id: CLIENT.clientId, secret: CLIENT.clientSecret, name: "Entente", redirectUris: [] };
  google.sandbox.oauth.clients.set(client.id, client);
  const googleOrigin = [...google.origins.values()][0] ?? "";
  env = installationEnv({ databaseUrl: database.url, googleOrigin, appUrl: server.origin });
  runtime = installationRuntime(env);
  adoptRuntime(runtime);
  person = await createPerson(database.db);
  connectionId = await createConnection(runtime.services, person, {
    ...google.account(email),
    subject: "probed",
  });
  calendarId = await createCalendar(runtime.services, connectionId, person, { externalId: email });
  await JOBS["sync-tick"](runtime.services);
  await JOBS["renew-watches"](runtime.services);
});
afterAll(async () => {
  await Promise.all([...alive].map((worker) => worker.kill()));
  await Promise.all([runtime?.handle.close(), runtime?.webhooks.close()]);
  await server?.close();
  await google?.[Symbol.asyncDispose]();
  await database?.drop();
  discardWorkerFile();
});

const start = async () => {
  const worker = await startWorker(env);
  alive.add(worker);
  return worker;
};
const ask = () =>
  requestProbe(runtime.services, person.ctx(runtime.services.clock.now()), connectionId, calendarId);
const row = async (id: string) => {
  const [found] = await database.db.select().from(calendarProbes).where(eq(calendarProbes.id, id));
  return found;
};
/** As if the minutes a lease lasts had passed. */
const leasesEnd = () =>
  database.db.execute(
    sql`update calendar_probes set lease_until = null, next_attempt_at = now() - interval '1 minute'`,
  );
const isOver = async (id: string) => (await row(id))?.removedAt != null;
const standing = () => truthOf(google, email, runtime.services.clock.now());

it("two processes share a test: it is written once and removed once", async () => {
  const workers = await Promise.all([start(), start()]);
  const { probeId } = await ask();
  await eventually("the test is over", () => isOver(probeId));
  const probe = await row(probeId);
  expect(probe).toMatchObject({ errorCode: null, pushTrouble: null });
  expect(probe?.pushedAt).not.toBeNull();
  expect(probe?.readAt).not.toBeNull();
  expect(google.sandbox.ledger.count("calendar.events.insert")).toBe(1);
  expect(google.sandbox.ledger.count("calendar.events.delete")).toBe(1);
  await Promise.all(workers.map((worker) => worker.kill()));
});

it.each(["calendar.events.insert", "calendar.events.delete"])(
  "a process killed while %s is on its way leaves no event behind",
  async (operation) => {
    const first = await start();
    const request = holdCalls(google.sandbox.faults, operation);
    const { probeId } = await ask();
    await request.arrived();
    await first.kill();
    // What was asked for is done all the same, with nobody there to hear of it.
    request.open();
    expect(await isOver(probeId)).toBe(false);
    await start();
    await leasesEnd();
    await JOBS["run-probes"](runtime.services);
    await eventually("the test is over", () => isOver(probeId));
    expect(await standing()).toEqual([]);
    for (const worker of alive) await worker.kill();
    alive.clear();
  },
);
