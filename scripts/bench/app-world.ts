import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DatabaseHandle, openDatabase } from "@/db/client";
import type { Services } from "@/lib/connections/services";
import { createApiKey } from "@/lib/organizations/api-keys";
import { systemClock } from "@/lib/platform/clock";
import { parseMasterKeys } from "@/lib/platform/secrets";
import { type Person, testServices } from "@/tests/support/factories";
import { demoSecrets } from "../demo/secrets";
import { Parts, type Stack, startStack } from "../demo/stack";
import { freePort } from "../lib/ports";

/** The built app, the sandbox and PostgreSQL as processes of their own, and a way to fill the database beside them. */
export interface AppWorld {
  stack: Stack;
  /** What it leaves behind lies here until `stop`. */
  directory: string;
  handle: DatabaseHandle;
  services: Services;
  /** Statements this process sent, newest last. */
  statements: string[];
  keyFor(person: Person): Promise<string>;
  /** A request to the REST API, its answer parsed. */
  call(key: string, method: string, path: string, body?: object): Promise<{ status: number; body: unknown }>;
  /** A GET whose answer is read to its end and not looked into: a client that costs next to nothing itself. */
  get(key: string, path: string): Promise<{ status: number; bytes: number }>;
  stop(): Promise<void>;
}

/** A person's minute stays as Google has it: the stand-in refuses what goes beyond. */
const LIMITS = {
  api: 10_000_000,
  apiRefused: 10_000_000,
  sync: 1_000_000,
  publicBooking: 1_000_000,
  googleProject: 10_000_000,
};

/** So many requests that nothing measured here is slowed down to save them. */
const BUDGETS = { GOOGLE_DAILY_REQUESTS: "1000000000", USER_DAILY_REQUESTS: "1000000000" };

export async function openAppWorld(): Promise<AppWorld> {
  const directory = mkdtempSync(join(tmpdir(), "entente-bench-app-"));
  const parts = new Parts();
  const ports = { appPort: await freePort(), googlePort: await freePort(), smtpPort: await freePort() };
  const place = { directory, logs: join(directory, "logs"), host: "127.0.0.1", ...ports };
  const env = { RATE_LIMITS: JSON.stringify(LIMITS), LOG_LEVEL: "error", ...BUDGETS };
  const options = {
    ...place,
    env,
    mode: "start",
    fresh: false,
    durable: true,
    say: () => undefined,
  } as const;
  const stack = await startStack(options, parts);
  const statements: string[] = [];
  const handle = openDatabase(stack.databaseUrl, { onStatement: (text) => statements.push(text) });
  const origin = stack.appUrl.replace("localhost", "127.0.0.1");
  const agent = new Agent({ keepAlive: true });
  const masterKeys = parseMasterKeys(demoSecrets(directory).ENCRYPTION_KEYS).keys;
  return {
    stack,
    directory,
    handle,
    statements,
    services: testServices(handle.db, [], { masterKeys, appOrigin: stack.appUrl }),
    keyFor: async ({ userId }) => {
      const wish = { userId, scopes: ["read", "write"], actor: { type: "system", job: "bench" } } as const;
      return (await createApiKey(handle.db, wish, systemClock().now())).key;
    },
    call: async (key, method, path, body) => {
      const response = await fetch(`${origin}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    },
    get: (key, path) =>
      new Promise((done, fail) => {
        const headers = { authorization: `Bearer ${key}` };
        const sent = request(`${origin}/api/v1${path}`, { agent, headers }, (answer) => {
          let bytes = 0;
          answer.on("data", (chunk: Buffer) => {
            bytes += chunk.length;
          });
          answer.on("end", () => done({ status: answer.statusCode ?? 0, bytes }));
        });
        sent.on("error", fail).end();
      }),
    stop: async () => {
      agent.destroy();
      await handle.close();
      await parts.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
