import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { endConsent } from "@/app/api/integrations/end-consent";
import { startConsent } from "@/app/api/integrations/start-consent";
import { calendarConnections } from "@/db/schema/connections";
import { sessions } from "@/db/schema/users";
import type { Runtime } from "@/inngest/runtime";
import { openSession } from "@/lib/organizations/sessions";
import { randomToken } from "@/lib/platform/crypto";
import { VENDOR_ORIGINS } from "@/lib/platform/origins";
import type { Sandbox } from "@/sandbox/core/server";
import { createTestBrowser } from "@/sandbox/testing/test-browser";
import { createTestDatabase, type TestDatabase } from "./database";
import { createPerson, type Person } from "./factories";
import { CLIENT } from "./google";
import { startTestSandbox } from "./sandbox";
import { createTestRuntime, TEST_ORIGIN } from "./test-runtime";

const SCOPE = "https://www.googleapis.com/auth/";
export const ALL_SCOPES = [`${SCOPE}calendar.events`, `${SCOPE}calendar.calendarlist.readonly`];
export const READ_ONLY = [`${SCOPE}calendar.events.readonly`, `${SCOPE}calendar.calendarlist.readonly`];

export interface ConnectWorld {
  database: TestDatabase;
  sandbox: Sandbox;
  sandboxOrigin: string;
  runtime: Runtime;
  /** Moves the product's clock ahead of everybody else's. */
  wait(ms: number): void;
  /** Requests the stand-in received for an operation. */
  asked(operation: string): number;
}

/** An installation beside a stand-in of Google, for the tests of one file. Faults and clock start anew each time. */
export function connectWorld(): ConnectWorld {
  const world = {} as ConnectWorld;
  let offset = 0;
  beforeAll(async () => {
    const { sandbox, origin } = await startTestSandbox();
    const origins = Object.fromEntries(
      VENDOR_ORIGINS.filter((vendor) => vendor.includes("google")).map((vendor) => [vendor, origin]),
    );
    world.sandbox = sandbox;
    world.sandboxOrigin = origin;
    world.database = await createTestDatabase();
    const runtime = createTestRuntime(world.database.url, origins, {
      GOOGLE_CLIENT_ID: CLIENT.clientId,
      GOOGLE_CLIENT_SECRET: CLIENT.clientSecret,
      RATE_LIMITS: JSON.stringify({ connect: 100_000 }),
    });
    const { clock } = runtime.services;
    const shifted = { now: () => new Date(clock.now().getTime() + offset) };
    world.runtime = { ...runtime, services: { ...runtime.services, clock: shifted } };
    world.wait = (ms) => {
      offset += ms;
    };
    world.asked = (operation) => sandbox.ledger.count(operation);
  });
  beforeEach(() => {
    offset = 0;
    world.sandbox.reset();
  });
  afterAll(async () => {
    await world.runtime?.handle.close();
    await world.database?.drop();
    await world.sandbox?.close();
  });
  return world;
}

export interface SignedInWorld extends ConnectWorld {
  person: SignedInPerson;
}

/** A connect world with somebody new signed in for each test. */
export function signedInWorld(): SignedInWorld {
  const world = connectWorld() as SignedInWorld;
  beforeEach(async () => {
    // Accounts of the stand-in are the same in each test, so connections of earlier tests must not hold them.
    await world.database.db.delete(calendarConnections);
    world.person = await signIn(world);
  });
  return world;
}

/** Somebody at the product, and the browser they are signed in with. */
export interface SignedInPerson extends Person {
  cookie: string;
  sessionHash: string;
}

export async function signIn(world: ConnectWorld, known?: Person): Promise<SignedInPerson> {
  const { db } = world.database;
  const person = known ?? (await createPerson(db));
  const token = randomToken();
  const expiresAt = new Date("2099-01-01T00:00:00.000Z");
  await openSession(db, { token, userId: person.userId, expiresAt, replaces: null });
  const rows = await db.select().from(sessions).where(eq(sessions.userId, person.userId));
  const sessionHash = rows.at(-1)?.tokenHash ?? "";
  return { ...person, cookie: `next-auth.session-token=${token}`, sessionHash };
}

export function get(path: string, cookie: string | null): Request {
  return new Request(new URL(path, TEST_ORIGIN), { headers: cookie === null ? {} : { cookie } });
}

/** Leaves for the vendor; the answer is the consent page's address. */
export async function leave(world: ConnectWorld, person: SignedInPerson, query = ""): Promise<URL> {
  const request = get(`/api/integrations/google/connect${query}`, person.cookie);
  const response = await startConsent(world.runtime, request, "google");
  const location = response.headers.get("location");
  if (response.status !== 302 || location === null) throw new Error(`no redirect: ${await response.text()}`);
  return new URL(location);
}

export interface Choice {
  account?: string;
  /** Boxes ticked; all by default. `deny` presses Cancel. */
  tick?: readonly string[] | "deny";
}

/** What the person does on the vendor's pages; the answer is the callback their browser is sent to. */
export async function decide(world: ConnectWorld, consent: URL, choice: Choice = {}): Promise<URL> {
  const { account = "alice@example.test", tick = ALL_SCOPES } = choice;
  const browser = createTestBrowser(world.sandboxOrigin);
  const chooser = await browser.open(consent.href);
  const page = await browser.submit(chooser, "/signin/oauth/accountchooser", { account });
  const form: Record<string, string | string[]> =
    tick === "deny" ? { decision: "deny" } : { decision: "allow", scope: [...tick] };
  const done = page.left === undefined ? await browser.submit(page, "/signin/oauth/consent", form) : page;
  if (done.left === undefined) throw new Error(`the consent did not lead back: ${done.html.slice(0, 300)}`);
  return done.left;
}

export function comeBack(world: ConnectWorld, callback: URL, cookie: string | null): Promise<Response> {
  return endConsent(world.runtime, get(callback.pathname + callback.search, cookie), "google");
}

/** The outcome an answer of the callback leads to. */
export function outcomeOf(response: Response): string | null {
  const url = new URL(response.headers.get("location") ?? "", TEST_ORIGIN);
  return url.searchParams.get("connect") ?? url.searchParams.get("outcome");
}

/** The whole way, in one go. */
export async function connectAs(
  world: ConnectWorld,
  person: SignedInPerson,
  choice: Choice & { query?: string } = {},
): Promise<string | null> {
  const callback = await decide(world, await leave(world, person, choice.query), choice);
  return outcomeOf(await comeBack(world, callback, person.cookie));
}
