import { request as httpRequest } from "node:http";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { calendarSyncLogs, calendars } from "@/db/schema/calendars";
import { calendarWatches } from "@/db/schema/watches";
import { JOBS } from "@/inngest/jobs";
import type { Runtime } from "@/inngest/runtime";
import { createApiKey } from "@/lib/organizations/api-keys";
import { freePort } from "@/scripts/lib/ports";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { createCalendar, createConnection, createPerson } from "@/tests/support/factories";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";
import { installationEnv, installationRuntime } from "./installation";
import { ensureBuilt, type Killable, startApp } from "./processes";

const ACCOUNT = "bea@example.test";

let database: TestDatabase;
let google: GoogleBench;
let runtime: Runtime;
let port: number;
let app: Killable | undefined;
let key: string;
let connectionId: string;

beforeAll(async () => {
  await ensureBuilt();
  [database, google, port] = [await createTestDatabase(), await openGoogle(), await freePort()];
  const client = { id: CLIENT.clientId, secret: CLIENT.clientSecret, name: "Entente", redirectUris: [] };
  google.sandbox.oauth.clients.set(client.id, client);
  const googleOrigin = [...google.origins.values()][0] ?? "";
  const appUrl = `http://localhost:${port}`;
  const env = installationEnv({ databaseUrl: database.url, googleOrigin, appUrl });
  runtime = installationRuntime(env);
  const { services } = runtime;
  const person = await createPerson(database.db);
  connectionId = await createConnection(services, person, google.account(ACCOUNT));
  await createCalendar(services, connectionId, person, { externalId: ACCOUNT });
  await JOBS["sync-tick"](services);
  const actor = { type: "system", job: "test" } as const;
  const made = { userId: person.userId, scopes: ["read", "write"] as const, actor };
  key = (await createApiKey(services.db, made, services.clock.now())).key;
  app = await startApp({ ...env, LOG_LEVEL: "info" }, port);
  expect(await JOBS["renew-watches"](services)).toMatchObject({ made: 1 });
}, 900_000);
afterAll(async () => {
  await app?.stop();
  await Promise.all([runtime?.handle.close(), runtime?.webhooks.close()]);
  await google?.[Symbol.asyncDispose]();
  await database?.drop();
});

const api = async (path: string) => {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return (await answer.json()) as Record<string, unknown>;
};
const url = () => `http://127.0.0.1:${port}/api/webhooks/google`;
const watch = async () =>
  (await database.db.select().from(calendarWatches).where(eq(calendarWatches.subject, "events")))[0];

describe("the built app", () => {
  it("shows a change at Google without anybody having asked for it, and how long that took", async () => {
    await eventually("the channel is heard", async () => (await watch())?.verifiedAt != null);
    const start = Date.now() + 86_400_000;
    const time = (ms: number) => ({ dateTime: new Date(ms).toISOString() });
    const event = { summary: "Private words", start: time(start), end: time(start + 3_600_000) };
    await google.act("events/create", { account: ACCOUNT, event });
    const range = `from=${new Date(start - 3_600_000).toISOString()}&to=${new Date(start + 7_200_000).toISOString()}`;
    await eventually("the time is taken", async () =>
      JSON.stringify(await api(`/unavailabilities?${range}`)).includes("Private words"),
    );
    await eventually("the run is over", async () => {
      const runs = await database.db
        .select()
        .from(calendarSyncLogs)
        .where(eq(calendarSyncLogs.trigger, "push"));
      return runs.some(({ delayMs }) => delayMs !== null);
    });
    expect(await api(`/integrations/${connectionId}`)).toMatchObject({
      status: "connected",
      calendars: [{ push: "active", pushExpiresAt: (await watch())?.expiresAt?.toISOString() }],
    });
    const lines = (app?.lines ?? []).filter((line) => line.includes('"webhook"'));
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(lines.join("\n")).not.toMatch(/Private words|bea@example/);
    expect(lines.some((line) => line.includes('"stamped"'))).toBe(true);
  });

  it("attacks 65, 73 and 75: refuses what is forged, huge or another method before it is read", async () => {
    const [before] = await database.db.select().from(calendars);
    const id = (await watch())?.id ?? "";
    const forged = {
      "x-goog-channel-id": id,
      "x-goog-channel-token": "guess",
      "x-goog-resource-id": (await watch())?.resourceId ?? "",
      "x-goog-resource-state": "exists",
      "x-goog-message-number": "900",
    };
    const post = (headers: Record<string, string>, body?: string) =>
      fetch(url(), { method: "POST", headers, ...(body !== undefined && { body }) });
    expect((await post(forged)).status).toBe(401);
    expect((await post({ ...forged, "x-goog-channel-id": "unknown" })).status).toBe(200);
    expect((await post({}, "{not json")).status).toBe(400);
    for (const method of ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      const answer = await fetch(url(), { method });
      expect([method, answer.status, answer.headers.get("allow")]).toEqual([method, 405, "POST"]);
    }
    expect(await unfinished({ ...forged, "content-length": "5000000" })).toBe(413);
    expect(await unfinished({ ...forged, "transfer-encoding": "chunked" })).toBe(401);
    const [after] = await database.db.select().from(calendars);
    expect(after?.changeSeq).toBe(before?.changeSeq);
  });
});

/** Sends the head and one byte of a body that never comes, and tells the answer's status. */
function unfinished(headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url(), { method: "POST", headers }, (response) => {
      resolve(response.statusCode);
      request.destroy();
    });
    request.on("error", reject);
    request.write("a");
  });
}
