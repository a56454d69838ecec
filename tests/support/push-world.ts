import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { calendarWatches } from "@/db/schema/watches";
import { JOBS } from "@/inngest/jobs";
import { performOutbox } from "@/inngest/perform-outbox";
import { adoptRuntime, type Runtime } from "@/inngest/runtime";
import type { ConnectionView } from "@/lib/connections/integration-view";
import { getConnection } from "@/lib/connections/queries";
import type { Services } from "@/lib/connections/services";
import { updateSettings } from "@/lib/connections/settings";
import { markPeers } from "@/lib/platform/rate-limit-address";
import { createTestDatabase, type TestDatabase } from "./database";
import {
  createCalendar,
  createConnection,
  createPerson,
  type Person,
  type TestClock,
  testClock,
} from "./factories";
import { CLIENT, type GoogleBench, openGoogle } from "./google";
import { createTestRuntime } from "./test-runtime";
import { startWebhookServer, type WebhookServer } from "./webhook-server";

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

interface Channel {
  id: string;
  state: string;
}

/** Watches and channels are those of the calendar; the list's are `list-world`'s. */
export interface PushWorld {
  database: TestDatabase;
  google: GoogleBench;
  server: WebhookServer;
  runtime: Runtime;
  clock: TestClock;
  services: Services;
  person: Person;
  account: { email: string; accessToken: string; refreshToken: string };
  connectionId: string;
  calendarId: string;
  /** Everybody's clock moves on; tokens of before are renewed on use. */
  pass(ms: number): void;
  /** The schedule's look at what is due. */
  tick(): ReturnType<(typeof JOBS)["sync-tick"]>;
  renew(): ReturnType<(typeof JOBS)["renew-watches"]>;
  /** Everything on its way arrives; then what it asked for is done. Answers how many nudges that were. */
  deliver(): Promise<number>;
  set(name: string, value: string | number | boolean): void;
  watches(): Promise<(typeof calendarWatches.$inferSelect)[]>;
  /** The calendar as its person sees it. */
  view(): Promise<ConnectionView["calendars"][number] | undefined>;
  settle(settings: object): ReturnType<typeof updateSettings>;
  calendar(): Promise<typeof calendars.$inferSelect>;
  /** The stand-in's channels of this account, by state. */
  channels(): Promise<Channel[]>;
  control(path: string, body: object): Promise<unknown>;
  addEvent(summary?: string, hours?: number): Promise<{ id: string }>;
  titles(): Promise<string[]>;
  asked(operation: string): number;
}

/** Google's stand-in and the route its messages come to, both over HTTP, and a person whose calendar was read. */
export function pushWorld(): PushWorld {
  const world = {} as PushWorld;
  let serial = 0;
  beforeAll(async () => {
    markPeers();
    world.database = await createTestDatabase();
    world.google = await openGoogle();
    const client = { id: CLIENT.clientId, secret: CLIENT.clientSecret, name: "Entente", redirectUris: [] };
    world.google.sandbox.oauth.clients.set(client.id, client);
    world.server = await startWebhookServer();
  });
  afterAll(async () => {
    await Promise.all([world.runtime?.handle.close(), world.runtime?.webhooks.close()]);
    await world.server?.close();
    await world.google?.[Symbol.asyncDispose]();
    await world.database?.drop();
  });
  beforeEach(async () => {
    serial += 1;
    const { google, database, server } = world;
    google.sandbox.faults.disarm();
    google.sandbox.clock.reset();
    google.sandbox.switches.reset();
    server.before = null;
    await Promise.all([world.runtime?.handle.close(), world.runtime?.webhooks.close()]);
    world.clock = testClock(new Date());
    google.sandbox.clock.set(world.clock.now());
    const runtime = createTestRuntime(database.url, Object.fromEntries(google.origins), {
      APP_URL: server.origin,
      GOOGLE_CLIENT_ID: CLIENT.clientId,
      GOOGLE_CLIENT_SECRET: CLIENT.clientSecret,
    });
    world.services = { ...runtime.services, clock: world.clock, random: () => 0.5 };
    world.runtime = { ...runtime, services: world.services };
    adoptRuntime(world.runtime);
    world.person = await createPerson(database.db);
    world.account = google.account(`pushed-${serial}@example.test`);
    world.connectionId = await createConnection(world.services, world.person, {
      ...world.account,
      accountEmail: world.account.email,
      subject: `pushed-${serial}`,
    });
    world.calendarId = await createCalendar(world.services, world.connectionId, world.person, {
      externalId: world.account.email,
    });
    await world.tick();
    google.sandbox.ledger.reset();
    server.answers.length = 0;
  });

  world.pass = (ms) => {
    world.clock.advance(ms);
    world.google.sandbox.clock.set(world.clock.now());
    world.google.sandbox.vault.expireAccess(world.account.email);
  };
  world.tick = () => JOBS["sync-tick"](world.services, { connectionId: world.connectionId });
  world.renew = () => JOBS["renew-watches"](world.services, { connectionId: world.connectionId });
  world.control = async (path, body) => {
    const [origin] = world.google.origins.values();
    const response = await fetch(`${origin}/sandbox/api/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.json();
  };
  world.deliver = async () => {
    await world.control("channels/deliver", {});
    return (await performOutbox(world.services)).nudges;
  };
  world.set = (name, value) => void world.google.sandbox.switches.set(`google.push.${name}`, value);
  world.watches = () =>
    world.database.db
      .select()
      .from(calendarWatches)
      .where(and(eq(calendarWatches.connectionId, world.connectionId), eq(calendarWatches.subject, "events")))
      .orderBy(calendarWatches.requestedAt, calendarWatches.id);
  world.view = async () => {
    const ctx = world.person.ctx(world.clock.now());
    const { calendars: shown } = await getConnection(world.services, ctx, world.connectionId);
    return shown.find(({ id }) => id === world.calendarId);
  };
  world.settle = (settings) =>
    updateSettings(world.services, world.person.ctx(world.clock.now()), world.connectionId, settings);
  world.calendar = async () => {
    const [row] = await world.database.db.select().from(calendars).where(eq(calendars.id, world.calendarId));
    if (row === undefined) throw new Error("the calendar is gone");
    return row;
  };
  world.channels = async () => {
    const [origin] = world.google.origins.values();
    const account = encodeURIComponent(world.account.email);
    const answer = await fetch(`${origin}/sandbox/api/channels?account=${account}`);
    const { channels } = (await answer.json()) as { channels: (Channel & { calendarId?: string })[] };
    return channels.filter(({ calendarId }) => calendarId !== undefined);
  };
  world.addEvent = (summary = "Lunch", hours = 48) => {
    const start = world.clock.now().getTime() + hours * 3_600_000;
    const time = (ms: number) => ({ dateTime: new Date(ms).toISOString() });
    return world.google.act("events/create", {
      account: world.account.email,
      event: { summary, start: time(start), end: time(start + 3_600_000) },
    });
  };
  world.titles = async () => {
    const rows = await world.database.db.query.calendarSyncEvents.findMany({
      where: (event, { eq: same }) => same(event.calendarId, world.calendarId),
    });
    return rows.map((row) => row.title ?? "").sort();
  };
  world.asked = (operation) => world.google.sandbox.ledger.count(operation);
  return world;
}
