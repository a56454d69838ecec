import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import type { Runtime } from "@/inngest/runtime";
import type { Browser } from "./auth-browser";
import { createTestDatabase, type TestDatabase } from "./database";
import { type ScriptedIssuer, startScriptedIssuer } from "./scripted-issuer";
import { createTestRuntime, TEST_ORIGIN } from "./test-runtime";

export const SESSION_COOKIE = "next-auth.session-token";

export interface SignInWorld {
  issuer: ScriptedIssuer;
  database: TestDatabase;
  runtime: Runtime;
}

/** An installation with an identity provider, for the tests of one file. Filled before the first of them. */
export function signInWorld(settings: Record<string, string> = {}): SignInWorld {
  const world = {} as SignInWorld;
  beforeAll(async () => {
    world.issuer = await startScriptedIssuer();
    world.database = await createTestDatabase();
    world.runtime = createTestRuntime(world.database.url, world.issuer.origins, settings);
  });
  beforeEach(() => world.issuer.forge({}));
  afterAll(async () => {
    await world.runtime?.handle.close();
    await world.database?.drop();
    await world.issuer?.stop();
  });
  return world;
}

let serial = 0;

export function somebody(name = "Ada Lovelace") {
  serial += 1;
  return { subject: `subject-${serial}`, email: `ada${serial}@example.test`, name };
}

/** The cause the sign-in page would be shown with, or null when the answer leads elsewhere. */
export function errorAfter(response: Response): string | null {
  expect(response.status).toBe(302);
  const target = new URL(response.headers.get("location") ?? "");
  expect(target.origin).toBe(TEST_ORIGIN);
  return target.pathname === "/sign-in" ? target.searchParams.get("error") : null;
}

export async function sessionOf(browser: Browser): Promise<object> {
  return (await (await browser.send("/api/auth/session")).json()) as object;
}
