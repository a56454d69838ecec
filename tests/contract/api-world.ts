import { afterAll, beforeAll, expect } from "vitest";
import { GET as unknownAddress } from "@/app/api/v1/[[...unknown]]/route";
import { adoptRuntime, type Runtime } from "@/inngest/runtime";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import type { Services } from "@/lib/connections/services";
import { createApiKey } from "@/lib/organizations/api-keys";
import type { ApiScope } from "@/lib/organizations/context";
import { openSession } from "@/lib/organizations/sessions";
import { randomToken } from "@/lib/platform/crypto";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createConnection, createPerson, type Person } from "@/tests/support/factories";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";
import { createTestRuntime, TEST_ORIGIN } from "@/tests/support/test-runtime";
import { expectConformance } from "./conformance";
import { type FoundRoute, findRoutes, type Method, match } from "./routes";

export interface Caller extends Person {
  key: string;
}

interface CallOptions {
  key?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Connected {
  id: string;
  /** The account's e-mail, which is also its main calendar's id at the vendor. */
  account: string;
  /** Its main calendar here. */
  calendarId: string;
}

export interface ApiWorld {
  database: TestDatabase;
  google: GoogleBench;
  runtime: Runtime;
  services: Services;
  routes: FoundRoute[];
  /** Calls the route that serves a path below `/api/v1`; the answer must be as described. */
  call(method: Method, path: string, options?: CallOptions): Promise<Response>;
  caller(scopes?: ApiScope[]): Promise<Caller>;
  keyFor(person: Person, scopes: ApiScope[]): Promise<string>;
  cookieFor(person: Person): Promise<string>;
  /** An account of the vendor, connected and listed, nothing checked yet. */
  connect(person: Person): Promise<Connected>;
}

/** An installation with Google's stand-in, for the tests of one file. Filled before the first of them. */
export function apiWorld(settings: Record<string, string> = {}): ApiWorld {
  const world = {} as ApiWorld;
  let serial = 0;

  beforeAll(async () => {
    world.database = await createTestDatabase();
    world.google = await openGoogle();
    world.runtime = createTestRuntime(world.database.url, Object.fromEntries(world.google.origins), {
      GOOGLE_CLIENT_ID: CLIENT.clientId,
      GOOGLE_CLIENT_SECRET: CLIENT.clientSecret,
      RATE_LIMITS: JSON.stringify({ apiRefused: 10_000, sync: 10_000, connect: 10_000, api: 100_000 }),
      ...settings,
    });
    world.services = world.runtime.services;
    adoptRuntime(world.runtime);
    world.routes = await findRoutes();
  });
  afterAll(async () => {
    await world.runtime?.handle.close();
    await world.google?.[Symbol.asyncDispose]();
    await world.database?.drop();
  });

  world.call = async (method, path, { key, body, headers = {} } = {}) => {
    const url = new URL(`/api/v1${path}`, TEST_ORIGIN);
    const request = new Request(url, {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const found = match(world.routes, url.pathname.slice("/api/v1".length));
    const handler = found?.handlers[method];
    if (found === null || handler === undefined) return unknownAddress();
    const response = await handler(request, { params: Promise.resolve(found.params) });
    const definition = handler.definition;
    if (definition !== undefined) await expectConformance(definition, response);
    return response;
  };
  world.caller = async (scopes = ["read", "write", "connect"]) => {
    const person = await createPerson(world.database.db);
    return { ...person, key: await world.keyFor(person, scopes) };
  };
  world.keyFor = async ({ userId }, scopes) => {
    const wish = { userId, scopes, actor: { type: "system", job: "test" } as const };
    return (await createApiKey(world.services.db, wish, world.services.clock.now())).key;
  };
  world.cookieFor = async ({ userId }) => {
    const token = randomToken();
    const expiresAt = new Date(world.services.clock.now().getTime() + 3_600_000);
    await openSession(world.services.db, { token, userId, expiresAt, replaces: null });
    return `next-auth.session-token=${token}`;
  };
  world.connect = async (person) => {
    serial += 1;
    const account = world.google.account(`account${serial}@example.test`);
    const { email, accessToken, refreshToken } = account;
    const id = await createConnection(world.services, person, {
      accessToken,
      refreshToken,
      accountEmail: email,
      subject: `subject-${serial}`,
    });
    const listed = await refreshCalendars(world.services, id);
    return { id, account: email, calendarId: listed?.added[0] ?? "" };
  };
  return world;
}

/** The JSON of an answer that must be a problem, with everything a problem needs. */
export async function expectProblem(response: Response, status: number, code: string) {
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).toMatchObject({ status, code, title: expect.any(String), detail: expect.any(String) });
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  return body;
}

export async function json<T = Record<string, unknown>>(response: Response, status = 200): Promise<T> {
  const body = (await response.json()) as T;
  expect({ status: response.status, body }).toMatchObject({ status });
  return body;
}
