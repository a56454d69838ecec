import { afterAll, beforeAll } from "vitest";
import { GET, POST, PUT } from "@/app/api/inngest/route";
import { adoptRuntime, type Runtime } from "@/inngest/runtime";
import { type Background, startBackground } from "@/inngest/start";
import type { Services } from "@/lib/connections/services";
import { KEYS } from "@/scripts/inngest/server-process";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createCalendar, createConnection, createPerson, type Person } from "@/tests/support/factories";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";
import { createTestRuntime } from "@/tests/support/test-runtime";
import { type InngestStandIn, startStandIn } from "./stand-in";

export interface ServeWorld {
  database: TestDatabase;
  google: GoogleBench;
  server: InngestStandIn;
  runtime: Runtime;
  services: Services;
  background: Background;
  /** The product's own route, in production's mode. */
  call(request: Request): Promise<Response>;
  /** A person with a connected, listed, unread calendar. */
  person(): Promise<Connected>;
}

export interface Connected {
  person: Person;
  connectionId: string;
  calendarId: string;
  email: string;
}

/** An installation whose jobs a (stand-in of a) server runs, with keys. Filled before the first test of a file. */
export function serveWorld(): ServeWorld {
  const world = {} as ServeWorld;
  let serial = 0;
  beforeAll(async () => {
    world.database = await createTestDatabase();
    world.google = await openGoogle();
    world.server = await startStandIn();
    world.runtime = createTestRuntime(world.database.url, Object.fromEntries(world.google.origins), {
      ...{ GOOGLE_CLIENT_ID: CLIENT.clientId, GOOGLE_CLIENT_SECRET: CLIENT.clientSecret },
      ...{ INNGEST_SIGNING_KEY: KEYS.signing, INNGEST_EVENT_KEY: KEYS.event },
      INNGEST_BASE_URL: world.server.origin,
    });
    world.services = world.runtime.services;
    adoptRuntime(world.runtime);
    world.background = await startBackground(world.runtime);
  });
  afterAll(async () => {
    await world.background?.stop();
    await Promise.all([world.runtime?.handle.close(), world.runtime?.webhooks.close()]);
    await world.server?.close();
    await world.google?.[Symbol.asyncDispose]();
    await world.database?.drop();
  });
  world.call = (request) => {
    const handler = { GET, POST, PUT }[request.method];
    if (handler === undefined) throw new Error(`no ${request.method}`);
    return handler(request, {});
  };
  world.person = async () => {
    serial += 1;
    const account = world.google.account(`served-${serial}@example.test`);
    const person = await createPerson(world.database.db);
    const connectionId = await createConnection(world.services, person, {
      ...account,
      ...{ accountEmail: account.email, subject: `served-${serial}` },
    });
    const calendarId = await createCalendar(world.services, connectionId, person, {
      externalId: account.email,
    });
    return { person, connectionId, calendarId, email: account.email };
  };
  return world;
}
