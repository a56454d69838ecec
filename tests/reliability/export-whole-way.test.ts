import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { users } from "@/db/schema/users";
import type { Runtime } from "@/inngest/runtime";
import { createApiKey } from "@/lib/organizations/api-keys";
import { freePort } from "@/scripts/lib/ports";
import { createServiceRow } from "@/tests/support/booking-factories";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { createCalendar, createConnection, createPerson } from "@/tests/support/factories";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";
import { remoteEvents } from "./export-world";
import { installationEnv, installationRuntime } from "./installation";
import { ensureBuilt, type Killable, startApp } from "./processes";

const ACCOUNT = "anna@example.test";

let database: TestDatabase;
let google: GoogleBench;
let runtime: Runtime;
let port: number;
let app: Killable | undefined;

beforeAll(async () => {
  await ensureBuilt();
  [database, google, port] = [await createTestDatabase(), await openGoogle(), await freePort()];
  const client = { id: CLIENT.clientId, secret: CLIENT.clientSecret, name: "Entente", redirectUris: [] };
  google.sandbox.oauth.clients.set(client.id, client);
  const googleOrigin = [...google.origins.values()][0] ?? "";
  const appUrl = `http://localhost:${port}`;
  const env = installationEnv({ databaseUrl: database.url, googleOrigin, appUrl });
  runtime = installationRuntime(env);
  app = await startApp(env, port);
}, 900_000);
afterAll(async () => {
  await app?.stop();
  await runtime?.handle.close();
  await google?.[Symbol.asyncDispose]();
  await database?.drop();
});

it("a booking made over the built app's API is in its provider's calendar, in their language, and goes with it", async () => {
  const { services } = runtime;
  const person = await createPerson(database.db);
  await database.db.update(users).set({ locale: "fr" }).where(eq(users.id, person.userId));
  const connectionId = await createConnection(services, person, google.account(ACCOUNT));
  const targetCalendarId = await createCalendar(services, connectionId, person, { externalId: ACCOUNT });
  await database.db
    .update(calendarConnections)
    .set({ targetCalendarId })
    .where(eq(calendarConnections.id, connectionId));
  const service = await createServiceRow(database.db, person.userId, {
    kind: "interview",
    name: "Premier échange",
  });
  const actor = { type: "system", job: "test" } as const;
  const scopes = ["read", "write"] as const;
  const { key } = await createApiKey(
    services.db,
    { userId: person.userId, scopes, actor },
    services.clock.now(),
  );
  const api = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, init);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const events = () => remoteEvents(google.sandbox, [...google.origins.values()][0] ?? "", ACCOUNT);
  await api("POST", `/integrations/${connectionId}/sync`);
  await eventually("the calendar is read", async () =>
    (await database.db.select().from(calendars)).some(({ syncedThrough }) => syncedThrough !== null),
  );

  const week = 7 * 86_400_000;
  const [from, to] = [0, week].map((ms) =>
    new Date(services.clock.now().getTime() + 86_400_000 + ms).toISOString(),
  );
  const free = await api("GET", `/availability?serviceId=${service.id}&from=${from}&to=${to}`);
  const [slot, other] = free.body.slots as { start: string; end: string }[];
  const client = { name: "Zoé Martin", email: "zoe@example.test", phone: "+33 6 12 34 56 78" };
  const made = await api("POST", "/bookings", { serviceId: service.id, start: slot?.start, client });
  expect(made.status).toBe(201);
  await eventually("the event is there", async () => (await events()).length === 1);
  const [event] = await events();
  expect(event).toMatchObject({ summary: "Entretien\u00a0: Premier échange – Zoé Martin" });
  expect(new Date(event?.start ?? "").toISOString()).toBe(slot?.start);
  expect(event?.description).toContain(`http://localhost:${port}/bookings/${made.body.id}`);
  await eventually("the booking says so", async () =>
    JSON.stringify((await api("GET", `/bookings/${made.body.id}`)).body).includes('"synced"'),
  );

  await api("PATCH", `/bookings/${made.body.id}`, { start: other?.start });
  await eventually("the event moved", async () =>
    (await events()).some(({ start }) => new Date(start).toISOString() === other?.start),
  );
  await api("DELETE", `/bookings/${made.body.id}`);
  await eventually("the event is gone", async () => (await events()).length === 0);
  // A run is noted after what it did, and takes along what was asked for meanwhile.
  const history = async () =>
    (await api("GET", `/integrations/${connectionId}/history?trigger=booking`)).body.data as {
      kind: string;
      status: string;
      exported: number;
    }[];
  const exported = async () => (await history()).reduce((sum, run) => sum + run.exported, 0);
  await eventually("the history says so", async () => (await exported()) === 3);
  for (const run of await history()) expect(run).toMatchObject({ kind: "export", status: "succeeded" });
});
