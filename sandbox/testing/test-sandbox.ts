import { createSandbox, type Sandbox, type SandboxOptions } from "../core/server";
import { DEMO_CLIENT } from "../google/seed-accounts";
import { createTestBrowser, type TestBrowser, type Visit } from "./test-browser";

export const CALLBACK = "http://localhost:3000/api/integrations/google/callback";
export const EVENTS = "https://www.googleapis.com/auth/calendar.events";
export const LIST = "https://www.googleapis.com/auth/calendar.calendarlist.readonly";
export const ALICE = "alice@example.test";
export const BOB = "bob@example.test";

export interface TestSandbox extends Sandbox {
  origin: string;
  browser(): TestBrowser;
  /** POSTs JSON to the control API. */
  control(path: string, body?: unknown): Promise<Record<string, unknown>>;
  /** POSTs a form to the token endpoint with the demo client's credentials. */
  token(form: Record<string, string>): Promise<{ status: number; body: Record<string, unknown> }>;
}

/** A sandbox on a free port, without a journal unless a directory is given. */
export async function startSandbox(options: SandboxOptions = {}): Promise<TestSandbox> {
  const sandbox = createSandbox(options);
  const origin = await sandbox.listen();
  return {
    ...sandbox,
    origin,
    browser: () => createTestBrowser(origin),
    async control(path, body = {}) {
      const response = await fetch(`${origin}/sandbox/api/${path}`, {
        method: "POST",
        body: JSON.stringify(body),
      });
      return (await response.json()) as Record<string, unknown>;
    },
    async token(form) {
      const credentials = { client_id: DEMO_CLIENT.id, client_secret: DEMO_CLIENT.secret };
      const body = new URLSearchParams({ ...credentials, ...form });
      const response = await fetch(`${origin}/token`, { method: "POST", body });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
  };
}

/** The address of an authorization request of the demo client. */
export function authorizationUrl(parameters: Record<string, string | undefined> = {}): string {
  const url = new URL("/o/oauth2/v2/auth", "http://sandbox");
  const all = {
    client_id: DEMO_CLIENT.id,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: `openid email profile ${EVENTS} ${LIST}`,
    state: "st",
    access_type: "offline",
    ...parameters,
  };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) url.searchParams.set(name, value);
  return `${url.pathname}${url.search}`;
}

/** Picks an account on the chooser. */
export function choose(browser: TestBrowser, page: Visit, account: string): Promise<Visit> {
  return browser.submit(page, "/signin/oauth/accountchooser", { account });
}

/** Ticks boxes and continues. */
export function allow(browser: TestBrowser, page: Visit, scopes: string[] = [EVENTS, LIST]): Promise<Visit> {
  return browser.submit(page, "/signin/oauth/consent", { scope: scopes, decision: "allow" });
}

/** Chooser, consent and the code that comes out. */
export async function obtainCode(
  sandbox: TestSandbox,
  parameters: Record<string, string | undefined> = {},
  account = ALICE,
): Promise<string> {
  const browser = sandbox.browser();
  const chosen = await choose(browser, await browser.open(authorizationUrl(parameters)), account);
  const end = chosen.left === undefined ? await allow(browser, chosen) : chosen;
  return end.left?.searchParams.get("code") ?? "";
}

/** Exchanges a code at the token endpoint. */
export function exchange(sandbox: TestSandbox, code: string, more: Record<string, string> = {}) {
  return sandbox.token({ grant_type: "authorization_code", code, redirect_uri: CALLBACK, ...more });
}
