import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { calendarSyncLogs, calendars } from "@/db/schema/calendars";
import type { Runtime } from "@/inngest/runtime";
import { requestSync } from "@/lib/connections/request-sync";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { createCalendar, createConnection, createPerson, type Person } from "@/tests/support/factories";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";
import { discardWorkerFile } from "./bundle-worker";
import { unfinished } from "./busy-life";
import { installationEnv, installationRuntime } from "./installation";
import { type Killable, startWorker } from "./processes";
import { storedRows, truthOf } from "./vendor-world";

const PEOPLE = 12;

let database: TestDatabase;
let google: GoogleBench;
let runtime: Runtime;
let person: Person;
let workers: Killable[] = [];
const made: { person: Person; connectionId: string; calendarId: string; email: string }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  google = await openGoogle();
  const client = { id: CLIENT.clientId, secret: CLIENT.clientSecret, name: "Entente", redirectUris: [] };
  google.sandbox.oauth.clients.set(client.id, client);
  const googleOrigin = [...google.origins.values()][0] ?? "";
  const env = installationEnv({ databaseUrl: database.url, googleOrigin });
  runtime = installationRuntime(env);
  for (let index = 0; index < PEOPLE; index += 1) {
    person = await createPerson(database.db);
    const account = google.account(`shared-${index}@example.test`);
    await google.act("bulk", { account: account.email, count: 30, days: 80 });
    const connectionId = await createConnection(runtime.services, person, {
      ...account,
      subject: `s-${index}`,
    });
    // Not due before both processes are there, however long they take to start.
    const calendarId = await createCalendar(runtime.services, connectionId, person, {
      externalId: account.email,
      nextSyncAt: new Date(runtime.services.clock.now().getTime() + 14 * 60_000),
    });
    made.push({ person, connectionId, calendarId, email: account.email });
  }
  workers = await Promise.all([0, 1].map(() => startWorker({ ...env, LIVE_USER: person.userId })));
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await runtime?.handle.close();
  await google?.[Symbol.asyncDispose]();
  await database?.drop();
  discardWorkerFile();
});

const lists = () => google.sandbox.ledger.count("calendar.events.list");
const live = (worker: Killable) => worker.lines.filter((line) => line.startsWith("live"));
const atRest = async () => (await unfinished(database)).length === 0;

it("two processes on one database fire a cron once, share the work without doing any twice, and both tell open pages", async () => {
  // Due and never read: the schedule alone takes them, at the next full minute.
  expect(lists()).toBe(0);
  await database.db.update(calendars).set({ nextSyncAt: runtime.services.clock.now() });
  await eventually("the schedule read every calendar", () => lists() >= PEOPLE);
  await eventually("rest", atRest);
  expect(lists()).toBe(PEOPLE);
  const claims = await database.db.execute<{ at: string }>(
    sql`select scheduled_at::text as at from cron_claims where function_id like '%sync-tick'`,
  );
  expect(claims.length).toBeGreaterThan(0);
  const runs = await database.db.select().from(calendarSyncLogs);
  expect(runs).toHaveLength(PEOPLE);
  await eventually("both told open pages", () => workers.every((worker) => live(worker).length > 0));

  // One wish for each: both processes are nudged, one of them reads.
  for (const one of made) {
    await requestSync(runtime.services, one.person.ctx(), one.connectionId);
  }
  await eventually("every wish is answered", atRest);
  expect(lists()).toBe(2 * PEOPLE);
  await eventually("both heard the same", () => {
    const [told, alsoTold] = workers.map((worker) => live(worker).join("\n"));
    return told === alsoTold;
  });
  for (const one of made) {
    expect(await storedRows(database, one.calendarId)).toEqual(await truthOf(google, one.email, new Date()));
  }
});
