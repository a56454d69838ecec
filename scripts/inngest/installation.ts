import { join, resolve } from "node:path";
import { eq } from "drizzle-orm";
import { openDatabase } from "@/db/client";
import { migrate } from "@/db/migrate";
import { enqueue } from "@/db/outbox";

import { calendarSyncEvents, calendars } from "@/db/schema/calendars";
import { calendarWatches, jobBeats } from "@/db/schema/watches";
import { systemClock } from "@/lib/platform/clock";
import { parseMasterKeys } from "@/lib/platform/secrets";
import { createCalendar, createConnection, createPerson, testServices } from "@/tests/support/factories";
import { CLIENT, openGoogle } from "@/tests/support/google";
import { demoEnvironment } from "../demo/environment";
import { demoSecrets } from "../demo/secrets";
import type { Parts } from "../demo/stack";
import { root } from "../lib/paths";
import { freePort } from "../lib/ports";
import { answers, type Service, startService, untilReady } from "../lib/service";
import { startPostgres } from "../postgres/launcher";

/** The built app, a database and Google's stand-in, all of it for one check, and one connected calendar. */
export interface Installation {
  appOrigin: string;
  app: Service;
  /** Asks, as a person would, for the calendar to be read and watched. */
  ask(): Promise<void>;
  addEvent(title: string): Promise<void>;
  wasRead(): Promise<boolean>;
  isWatched(): Promise<boolean>;
  has(title: string): Promise<boolean>;
  beats(): Promise<string[]>;
  ready(): Promise<unknown>;
}

export async function openInstallation(
  directory: string,
  parts: Parts,
  settings: Record<string, string>,
): Promise<Installation> {
  const postgres = await startPostgres({ state: join(directory, "postgres"), durable: false, fresh: true });
  parts.add(() => postgres.stop());
  await migrate(postgres.url, systemClock().now());
  const google = await openGoogle();
  parts.add(async () => google[Symbol.asyncDispose]());
  const port = await freePort();
  const appOrigin = `http://127.0.0.1:${port}`;
  const secrets = demoSecrets(directory);
  const addresses = { appUrl: appOrigin, googleOrigin: [...google.origins.values()][0] ?? "", smtpUrl: "" };
  const app = startService({
    name: "app",
    command: process.execPath,
    args: [resolve(root, "node_modules/next/dist/bin/next"), "start", "-p", String(port), "-H", "127.0.0.1"],
    cwd: root,
    env: {
      ...process.env,
      ...demoEnvironment(addresses, secrets),
      ...{ GOOGLE_CLIENT_ID: CLIENT.clientId, GOOGLE_CLIENT_SECRET: CLIENT.clientSecret },
      ...{
        SMTP_URL: "",
        MAIL_FROM: "",
        DATABASE_URL: postgres.url,
        NODE_ENV: "production",
        LOG_LEVEL: "info",
      },
      ...settings,
    },
    log: join(directory, "app.log"),
    echo: false,
  });
  parts.add(() => app.stop(10_000));
  await untilReady(app, () => answers(`${appOrigin}/api/health/ready`), 120_000);
  const handle = openDatabase(postgres.url, { max: 2, name: "inngest-check" });
  parts.add(() => handle.close());
  const { db } = handle;
  const masterKeys = parseMasterKeys(secrets.ENCRYPTION_KEYS).keys;
  const services = testServices(db, [google.provider], { masterKeys, appOrigin, origins: google.origins });
  const { connectionId, calendarId, email } = await connect(services, google);
  return {
    appOrigin,
    app,
    ask: async () => {
      const now = services.clock.now();
      await enqueue(db, { name: "connection/watches.due", data: { connectionId } }, now);
      await enqueue(
        db,
        { name: "calendar/sync.requested", data: { connectionId, calendarIds: [calendarId] } },
        now,
      );
    },
    addEvent: async (title) => {
      const at = (hours: number) => ({
        dateTime: new Date(services.clock.now().getTime() + hours * 3_600_000).toISOString(),
      });
      const event = { summary: title, start: at(48), end: at(49) };
      await google.act("events/create", { account: email, event });
    },
    wasRead: async () =>
      (await db.select().from(calendars).where(eq(calendars.id, calendarId))).some(
        ({ lastSyncedAt }) => lastSyncedAt !== null,
      ),
    isWatched: async () =>
      (await db.select().from(calendarWatches)).some(({ verifiedAt }) => verifiedAt !== null),
    has: async (title) =>
      (await db.select().from(calendarSyncEvents).where(eq(calendarSyncEvents.title, title))).length > 0,
    beats: async () => (await db.select().from(jobBeats)).map(({ job }) => job),
    ready: async () => (await fetch(`${appOrigin}/api/health/ready`)).json(),
  };
}

async function connect(
  services: ReturnType<typeof testServices>,
  google: Awaited<ReturnType<typeof openGoogle>>,
) {
  const { email, accessToken, refreshToken } = google.account("checked@example.test");
  const person = await createPerson(services.db);
  const connectionId = await createConnection(services, person, {
    accessToken,
    refreshToken,
    accountEmail: email,
  });
  // Not due by itself: only what the server calls can have read it soon.
  const nextSyncAt = new Date(services.clock.now().getTime() + 14 * 60_000);
  const calendarId = await createCalendar(services, connectionId, person, { externalId: email, nextSyncAt });
  return { connectionId, calendarId, email };
}
