import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import {
  ALICE,
  EVENTS,
  exchange,
  LIST,
  obtainCode,
  startSandbox,
  type TestSandbox,
} from "../testing/test-sandbox";
import { createSandbox } from "./server";

const directories: string[] = [];
const open: TestSandbox[] = [];

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "sandbox-"));
  directories.push(directory);
  return directory;
}

async function start(dataDirectory?: string): Promise<TestSandbox> {
  const sandbox = await startSandbox(dataDirectory === undefined ? {} : { dataDirectory });
  open.push(sandbox);
  return sandbox;
}

afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

const statusOf = (sandbox: TestSandbox, token: string) =>
  fetch(`${sandbox.origin}/calendar/v3/users/me/calendarList`, {
    headers: { authorization: `Bearer ${token}` },
  }).then(({ status }) => status);

test("A restart finds accounts, tokens, clock, switches and signing key again", async () => {
  const directory = temporaryDirectory();
  const first = await start(directory);
  await first.control("accounts", { email: "carol@example.test", name: "Carol Diaz" });
  const grant = await first.control("grant", { account: ALICE, scopes: [EVENTS, LIST] });
  const { body } = await exchange(first, await obtainCode(first, { prompt: "consent" }));
  await first.control("clock", { advanceMs: 60_000 });
  first.switches.set("google.quota.perUser", 7);
  const keys = await (await fetch(`${first.origin}/oauth2/v3/certs`)).json();
  await open.splice(0)[0]?.close();

  const second = await start(directory);
  expect(second.accounts.get("carol@example.test")?.givenName).toBe("Carol");
  expect(await statusOf(second, String(grant.accessToken))).toBe(200);
  const refreshed = await second.token({
    grant_type: "refresh_token",
    refresh_token: String(body.refresh_token),
  });
  expect(refreshed.status).toBe(200);
  expect(second.clock.offset()).toBe(60_000);
  expect(second.switches.get("google.quota.perUser")).toBe(7);
  expect(await (await fetch(`${second.origin}/oauth2/v3/certs`)).json()).toEqual(keys);
});

test("What was done a moment before a kill is in the journal, and a torn last line is dropped", async () => {
  const directory = temporaryDirectory();
  const first = await start(directory);
  await first.control("accounts", { email: "dora@example.test" });
  const read = () => readFileSync(join(directory, "google.jsonl"), "utf8");
  await expect.poll(read, { timeout: 120_000 }).toContain("dora@example.test");
  const copy = temporaryDirectory();
  const journal = read();
  writeFileSync(join(copy, "google.jsonl"), `${journal}{"c":"google.accounts","k":"torn@exa`);

  const second = await start(copy);
  expect(second.accounts.get("dora@example.test")).toBeDefined();
  await second.control("accounts", { email: "emil@example.test" });
  second.store.flush();
  const lines = readFileSync(join(copy, "google.jsonl"), "utf8").trim().split("\n");
  expect(() => lines.map((line) => JSON.parse(line))).not.toThrow();
  expect(second.accounts.get("torn@example.test")).toBeUndefined();
});

test("The control API answers this machine under its own name only", async () => {
  const sandbox = await start();
  const { port } = new URL(sandbox.origin);
  const status = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const call = request({ port, host: "127.0.0.1", path: "/sandbox/api/state", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.on("error", reject).end();
    });
  expect(await status({ host: `127.0.0.1:${port}` })).toBe(200);
  expect(await status({ host: `localhost:${port}`, origin: `http://localhost:${port}` })).toBe(200);
  expect(await status({ host: "rebound.example" })).toBe(403);
  expect(await status({ host: `127.0.0.1:${port}`, origin: "https://evil.example" })).toBe(403);
});

test("Production refuses the sandbox unless it is meant as a demonstration", async () => {
  const before = process.env.NODE_ENV;
  Object.assign(process.env, { NODE_ENV: "production" });
  try {
    expect(() => createSandbox()).toThrow("production");
    await createSandbox({ demo: true }).close();
  } finally {
    Object.assign(process.env, { NODE_ENV: before });
  }
});

test("Bad control requests are refused with a reason", async () => {
  const sandbox = await start();
  expect(await sandbox.control("faults", { operation: "*", kind: "nonsense" })).toHaveProperty("error");
  expect(await sandbox.control("switches", { "google.nonsense": true })).toHaveProperty("error");
  expect(await sandbox.control("switches", { "google.quota.perUser": "many" })).toHaveProperty("error");
  expect(await sandbox.control("grant", { account: "nobody@example.test" })).toHaveProperty("error");
  expect(await sandbox.control("clock", {})).toHaveProperty("error");
});

test("The panel arms and clears faults, moves the clock and turns switches", async () => {
  const sandbox = await start();
  const browser = sandbox.browser();
  const page = await browser.open("/sandbox/faults");
  expect(page.html).toContain("google.quota.perUser");
  const fields = { operation: "calendar.*", kind: "unavailable", count: "0", onCall: "1" };
  const armed = await browser.submit(page, "/sandbox/faults/arm", fields);
  expect(armed.html).toContain("503 backendError");
  expect(sandbox.faults.list()).toMatchObject([{ operation: "calendar.*", count: 0 }]);
  await browser.submit(page, "/sandbox/faults/disarm", {});
  expect(sandbox.faults.list()).toEqual([]);
  await browser.submit(page, "/sandbox/faults/clock", { advanceMs: "3600000" });
  expect(sandbox.clock.offset()).toBe(3_600_000);
  await browser.submit(page, "/sandbox/faults/switch", { name: "google.oauth.testingApp", value: "true" });
  expect(sandbox.switches.get("google.oauth.testingApp")).toBe(true);
});

test("The accounts page lists what was allowed and withdraws it", async () => {
  const sandbox = await start();
  const { refreshToken } = await sandbox.control("grant", { account: ALICE, scopes: [EVENTS] });
  const browser = sandbox.browser();
  const page = await browser.open("/sandbox/accounts");
  expect(page.html).toContain("Remove access");
  await browser.submit(page, "/sandbox/accounts/revoke", { account: ALICE });
  const answer = await sandbox.token({ grant_type: "refresh_token", refresh_token: String(refreshToken) });
  expect(answer.status).toBe(400);
});

test("The request page filters", async () => {
  const sandbox = await start();
  await fetch(`${sandbox.origin}/oauth2/v3/certs`);
  await fetch(`${sandbox.origin}/.well-known/openid-configuration`);
  const page = await sandbox.browser().open("/sandbox/requests?operation=oauth.certs");
  expect(page.html).toContain("/oauth2/v3/certs");
  expect(page.html).not.toContain("openid-configuration");
});
