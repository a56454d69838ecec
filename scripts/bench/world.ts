import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { eq } from "drizzle-orm";
import { type DatabaseHandle, openDatabase } from "@/db/client";
import { migrate } from "@/db/migrate";
import { calendarSyncEvents, calendars } from "@/db/schema/calendars";
import { createRequestLedger } from "@/lib/connections/request-ledger";
import type { Services } from "@/lib/connections/services";
import { systemClock } from "@/lib/platform/clock";
import { createProviderFetch, type OutboundRecord } from "@/lib/platform/http";
import { VENDOR_ORIGINS } from "@/lib/platform/origins";
import { createGoogleProvider } from "@/lib/providers/google/google-provider";
import { createProviders } from "@/lib/providers/registry";
import { root } from "../lib/paths";
import { freePort } from "../lib/ports";
import { answers, startService, untilReady } from "../lib/service";
import { startPostgres } from "../postgres/launcher";

export interface BenchWorld {
  services: Services;
  handle: DatabaseHandle;
  databaseUrl: string;
  googleOrigin: string;
  /** Requests our side sent since it was last emptied. */
  sent: OutboundRecord[];
  account(email: string): Promise<{ accessToken: string; refreshToken: string }>;
  act(path: string, body: object): Promise<unknown>;
  /** Forgets what was imported, so that the next round is full and first. */
  forget(calendarId: string): Promise<void>;
  stop(): Promise<void>;
}

const CLIENT = {
  clientId: "entente-demo-client.apps.example.test",
  clientSecret: "sandbox-client-secret-not-for-production",
};

/** PostgreSQL as in production (durable), the vendor's stand-in as a process of its own, the engine in this one. */
export async function openWorld(): Promise<BenchWorld> {
  const directory = mkdtempSync(join(tmpdir(), "entente-bench-"));
  const database = await startPostgres({ state: join(directory, "postgres"), durable: true });
  const now = systemClock().now();
  await migrate(database.url, now);
  const port = await freePort();
  const googleOrigin = `http://127.0.0.1:${port}`;
  const sandbox = startService({
    name: "sandbox",
    command: process.execPath,
    args: ["--import", "tsx", resolve(root, "sandbox/main.ts"), "--memory", "--port", String(port)],
    cwd: root,
    env: process.env,
    log: join(directory, "sandbox.log"),
  });
  await untilReady(sandbox, () => answers(`${googleOrigin}/.well-known/openid-configuration`), 30_000);
  const handle = openDatabase(database.url, { max: 10, name: "entente-bench" });
  const sent: OutboundRecord[] = [];
  const clock = systemClock();
  const budgets = { vendors: { google: null, microsoft: null }, person: Number.MAX_SAFE_INTEGER };
  const requests = createRequestLedger({
    db: handle.db,
    clock,
    budgets,
    quotas: { google: null, microsoft: null },
  });
  const origins = new Map(
    VENDOR_ORIGINS.filter((vendor) => vendor.includes("google")).map((v) => [v, googleOrigin]),
  );
  const fetch = createProviderFetch({ origins, observe: (record) => sent.push(record) });
  const post = async (path: string, body: object): Promise<unknown> => {
    const response = await globalThis.fetch(`${googleOrigin}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.json();
  };
  return {
    handle,
    databaseUrl: database.url,
    googleOrigin,
    sent,
    services: {
      db: handle.db,
      clock,
      requests,
      random: Math.random,
      providers: createProviders([createGoogleProvider({ ...CLIENT, fetch })]),
      masterKeys: [{ id: "bench", key: randomBytes(32) }],
      appOrigin: "http://localhost:3000",
      origins,
      mail: null,
    },
    act: (path, body) => post(`/sandbox/api/calendar/${path}`, body),
    account: async (email) => {
      await post("/sandbox/api/accounts", { email, name: email, timeZone: "Europe/Paris" });
      const scopes = ["calendar.events", "calendar.calendarlist.readonly"].map(
        (scope) => `https://www.googleapis.com/auth/${scope}`,
      );
      const grant = await post("/sandbox/api/grant", { account: email, clientId: CLIENT.clientId, scopes });
      return grant as { accessToken: string; refreshToken: string };
    },
    forget: async (calendarId) => {
      await handle.db.delete(calendarSyncEvents).where(eq(calendarSyncEvents.calendarId, calendarId));
      await handle.db
        .update(calendars)
        .set({ cursor: null, cursorVersion: null })
        .where(eq(calendars.id, calendarId));
    },
    stop: async () => {
      await handle.close();
      await sandbox.stop(5_000);
      await database.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
