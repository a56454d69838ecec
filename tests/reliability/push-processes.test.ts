import { and, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { calendarSyncLogs, calendars } from "@/db/schema/calendars";
import { JOBS } from "@/inngest/jobs";
import { adoptRuntime, type Runtime } from "@/inngest/runtime";
import { markPeers } from "@/lib/platform/rate-limit-address";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { createCalendar, createConnection, createPerson } from "@/tests/support/factories";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";
import { holdCalls } from "@/tests/support/held-calls";
import { startWebhookServer, type WebhookServer } from "@/tests/support/webhook-server";
import { discardWorkerFile } from "./bundle-worker";
import { installationEnv, installationRuntime } from "./installation";
import { type Killable, startWorker } from "./processes";

let database: TestDatabase;
let google: GoogleBench;
let server: WebhookServer;
let runtime: Runtime;
let workers: Killable[] = [];
let calendarId: string;
const email = "burst@example.test";

beforeAll(async () => {
  markPeers();
  database = await createTestDatabase();
  google = await openGoogle();
  server = await startWebhookServer();
  const client = { id: CLIENT.clientId, secret: CLIENT.clientSecret, name: "Entente", redirectUris: [] };
  google.sandbox.oauth.clients.set(client.id, client);
  const googleOrigin = [...google.origins.values()][0] ?? "";
  const env = installationEnv({ databaseUrl: database.url, googleOrigin, appUrl: server.origin });
  runtime = installationRuntime(env);
  adoptRuntime(runtime);
  const person = await createPerson(database.db);
  const account = google.account(email);
  const connectionId = await createConnection(runtime.services, person, { ...account, subject: "burst" });
  calendarId = await createCalendar(runtime.services, connectionId, person, { externalId: email });
  await JOBS["sync-tick"](runtime.services);
  workers = await Promise.all([0, 1].map(() => startWorker(env)));
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await Promise.all([runtime?.handle.close(), runtime?.webhooks.close()]);
  await server?.close();
  await google?.[Symbol.asyncDispose]();
  await database?.drop();
  discardWorkerFile();
});

const pushed = () =>
  database.db
    .select()
    .from(calendarSyncLogs)
    .where(and(eq(calendarSyncLogs.calendarId, calendarId), eq(calendarSyncLogs.trigger, "push")));

it("two processes on one database read a burst of messages in a few rounds, never two at a time", async () => {
  expect(await JOBS["renew-watches"](runtime.services)).toMatchObject({ made: 1 });
  await eventually("the channel is heard", async () => {
    const [row] = await database.db.execute(
      sql`select id from calendar_watches where verified_at is not null`,
    );
    return row !== undefined;
  });
  const start = new Date(Date.now() + 86_400_000);
  const time = (hours: number) => ({ dateTime: new Date(start.getTime() + hours * 3_600_000).toISOString() });
  google.sandbox.switches.set("google.push.delay", 3_600);
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      google.act("events/create", {
        account: email,
        event: { summary: `Burst ${index}`, start: time(index), end: time(index + 1) },
      }),
    ),
  );
  google.sandbox.switches.set("google.push.delay", 0);
  // Whoever hears the first message is kept from reading until the last one came, however slowly they come.
  const list = holdCalls(google.sandbox.faults, "calendar.events.list");
  const [origin] = google.origins.values();
  const delivered = fetch(`${origin}/sandbox/api/channels/deliver`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  await list.arrived();
  await delivered;
  list.open();
  await eventually("everything is here, and nothing waits", async () => {
    const [row] = await database.db.execute<{ events: number; open: boolean }>(sql`
      select (select count(*)::int from calendar_sync_events where calendar_id = ${calendarId}) as events,
        exists (
          select from calendars where id = ${calendarId} and (change_seq > synced_seq or lease_until is not null)
        ) as open
    `);
    return row?.events === 40 && row.open === false;
  });
  const runs = await pushed();
  expect(runs.length).toBeGreaterThan(0);
  expect(runs.length).toBeLessThanOrEqual(2);
  const spans = runs.map(({ startedAt, finishedAt }) => [startedAt.getTime(), finishedAt?.getTime() ?? 0]);
  spans.sort(([a = 0], [b = 0]) => a - b);
  for (const [index, [began = 0]] of spans.entries()) {
    expect(began).toBeGreaterThanOrEqual(spans[index - 1]?.[1] ?? 0);
  }
  expect(runs.reduce((sum, run) => sum + run.imported, 0)).toBeLessThanOrEqual(40);
  const [calendar] = await database.db.select().from(calendars).where(eq(calendars.id, calendarId));
  expect(calendar?.changeSeq).toBeGreaterThan(runs.length);
});
