import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll } from "vitest";
import { calendarSyncLogs } from "@/db/schema/calendars";
import { JOBS } from "@/inngest/jobs";
import { adoptRuntime, type Runtime } from "@/inngest/runtime";
import { markPeers } from "@/lib/platform/rate-limit-address";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createCalendar, createConnection, createPerson, type Person } from "@/tests/support/factories";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";
import { startWebhookServer, type WebhookServer } from "@/tests/support/webhook-server";
import { discardWorkerFile } from "./bundle-worker";
import { installationEnv, installationRuntime } from "./installation";

export interface PushedWorld {
  database: TestDatabase;
  google: GoogleBench;
  server: WebhookServer;
  runtime: Runtime;
  /** What the processes that a test starts are given. */
  env: Record<string, string>;
  /** Somebody whose account has one calendar, which was read. */
  connect(email: string): Promise<{ person: Person; connectionId: string; calendarId: string }>;
  /** Runs of a calendar that a message asked for. */
  pushed(calendarId: string): Promise<(typeof calendarSyncLogs.$inferSelect)[]>;
}

/** An installation beside Google's stand-in, whose messages reach it over HTTP; its jobs run in processes of their own. */
export function pushedWorld(): PushedWorld {
  const world = {} as PushedWorld;
  beforeAll(async () => {
    markPeers();
    world.database = await createTestDatabase();
    world.google = await openGoogle();
    world.server = await startWebhookServer();
    const client = { id: CLIENT.clientId, secret: CLIENT.clientSecret, name: "Entente", redirectUris: [] };
    world.google.sandbox.oauth.clients.set(client.id, client);
    const googleOrigin = [...world.google.origins.values()][0] ?? "";
    const databaseUrl = world.database.url;
    world.env = installationEnv({ databaseUrl, googleOrigin, appUrl: world.server.origin });
    world.runtime = installationRuntime(world.env);
    adoptRuntime(world.runtime);
  });
  afterAll(async () => {
    await Promise.all([world.runtime?.handle.close(), world.runtime?.webhooks.close()]);
    await world.server?.close();
    await world.google?.[Symbol.asyncDispose]();
    await world.database?.drop();
    discardWorkerFile();
  });

  world.connect = async (email) => {
    const { services } = world.runtime;
    const person = await createPerson(world.database.db);
    const account = { ...world.google.account(email), subject: email };
    const connectionId = await createConnection(services, person, account);
    const calendarId = await createCalendar(services, connectionId, person, { externalId: email });
    await JOBS["sync-tick"](services);
    return { person, connectionId, calendarId };
  };
  world.pushed = (calendarId) =>
    world.database.db
      .select()
      .from(calendarSyncLogs)
      .where(and(eq(calendarSyncLogs.calendarId, calendarId), eq(calendarSyncLogs.trigger, "push")));
  return world;
}
