import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  ALICE,
  allow,
  authorizationUrl,
  BOB,
  CALLBACK,
  choose,
  EVENTS,
  exchange,
  LIST,
  obtainCode,
  startSandbox,
  type TestSandbox,
} from "../../testing/test-sandbox";
import { DEMO_CLIENT } from "../seed-accounts";

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.reset());

const REVOKED = { error: "invalid_grant", error_description: "Token has been expired or revoked." };
const DAY_MS = 86_400_000;

const grant = async (account = ALICE, scopes = [EVENTS, LIST]) =>
  (await sandbox.control("grant", { account, scopes })) as { accessToken: string; refreshToken: string };
const refresh = (token: string) => sandbox.token({ grant_type: "refresh_token", refresh_token: token });
const listCalendars = (token: string) =>
  fetch(`${sandbox.origin}/calendar/v3/users/me/calendarList`, {
    headers: { authorization: `Bearer ${token}` },
  });
const revoke = (token: string) =>
  fetch(`${sandbox.origin}/revoke`, { method: "POST", body: new URLSearchParams({ token }) });

test("A63 a refresh token comes with offline access and the first consent only", async () => {
  const online = await exchange(sandbox, await obtainCode(sandbox, { access_type: undefined }));
  expect(online.body).not.toHaveProperty("refresh_token");
  const first = await exchange(sandbox, await obtainCode(sandbox));
  expect(first.body.refresh_token).toMatch(/^1\/\/SECRET-/);
  expect(first.body.access_token).toMatch(/^ya29\.SECRET-/);
  expect(first.body.expires_in).toBe(3599);
  const second = await exchange(sandbox, await obtainCode(sandbox));
  expect(second.body).not.toHaveProperty("refresh_token");
});

test("A63 prompt=consent asks again and brings another refresh token", async () => {
  await obtainCode(sandbox);
  const browser = sandbox.browser();
  const page = await choose(browser, await browser.open(authorizationUrl({ prompt: "consent" })), ALICE);
  expect(page.html).toContain('name="scope"');
  const end = await allow(browser, page);
  const { body } = await exchange(sandbox, end.left?.searchParams.get("code") ?? "");
  expect(body.refresh_token).toBeTruthy();
});

test("A63 a refresh answers without a refresh token and keeps the old one good", async () => {
  const { refreshToken } = await grant();
  const first = await refresh(refreshToken);
  expect(first.status).toBe(200);
  expect(first.body).not.toHaveProperty("refresh_token");
  expect((await refresh(refreshToken)).status).toBe(200);
});

test("A63 the 101st refresh token silently kills the oldest", async () => {
  const oldest = await grant();
  const second = await grant();
  for (let count = 2; count < 100; count += 1)
    sandbox.vault.issueRefresh({ account: ALICE, clientId: DEMO_CLIENT.id, scopes: [EVENTS] });
  expect((await refresh(oldest.refreshToken)).status).toBe(200);
  const bob = await grant(BOB);
  await grant();
  expect((await refresh(oldest.refreshToken)).body).toEqual(REVOKED);
  expect((await refresh(second.refreshToken)).status).toBe(200);
  expect((await refresh(bob.refreshToken)).status).toBe(200);
});

test("A64 a code is single use", async () => {
  const code = await obtainCode(sandbox);
  expect((await exchange(sandbox, code)).status).toBe(200);
  const again = await exchange(sandbox, code);
  expect(again).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
});

test("A64 a code lives ten minutes", async () => {
  const young = await obtainCode(sandbox);
  sandbox.clock.advance(590_000);
  expect((await exchange(sandbox, young)).status).toBe(200);
  const old = await obtainCode(sandbox);
  sandbox.clock.advance(600_000);
  expect(await exchange(sandbox, old)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
});

test("A64 a code is bound to its redirect address", async () => {
  const code = await obtainCode(sandbox);
  const other = "http://localhost:3000/api/auth/callback/google";
  expect(await exchange(sandbox, code, { redirect_uri: other })).toMatchObject({
    status: 400,
    body: { error: "invalid_grant" },
  });
});

test("A64 a code is bound to its client", async () => {
  await sandbox.control("clients", { id: "other", secret: "other-secret", redirectUris: [CALLBACK] });
  const code = await obtainCode(sandbox);
  const answer = await exchange(sandbox, code, { client_id: "other", client_secret: "other-secret" });
  expect(answer).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
});

test("A64 a code is bound to its PKCE verifier", async () => {
  const verifier = "a-verifier-that-is-long-enough-for-the-protocol-1234";
  const code_challenge = createHash("sha256").update(verifier).digest("base64url");
  const pkce = { code_challenge, code_challenge_method: "S256", prompt: "consent" };
  expect(await exchange(sandbox, await obtainCode(sandbox, pkce))).toMatchObject({
    status: 400,
    body: { error: "invalid_grant" },
  });
  const wrong = await exchange(sandbox, await obtainCode(sandbox, pkce), { code_verifier: `${verifier}x` });
  expect(wrong).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  expect((await exchange(sandbox, await obtainCode(sandbox, pkce), { code_verifier: verifier })).status).toBe(
    200,
  );
});

test("A65 an access token dies after its life and the API answers 401 authError", async () => {
  sandbox.switches.set("google.oauth.expiresIn", 60);
  const { accessToken } = await grant();
  expect((await listCalendars(accessToken)).status).toBe(200);
  sandbox.clock.advance(60_000);
  const response = await listCalendars(accessToken);
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({
    error: {
      errors: [
        {
          domain: "global",
          reason: "authError",
          message: "Invalid Credentials",
          locationType: "header",
          location: "Authorization",
        },
      ],
      code: 401,
      message: "Invalid Credentials",
    },
  });
});

test("A65 a token without the method's scope answers 403 ACCESS_TOKEN_SCOPE_INSUFFICIENT", async () => {
  const { accessToken } = await grant(ALICE, [EVENTS]);
  const response = await listCalendars(accessToken);
  expect(response.status).toBe(403);
  const { error } = (await response.json()) as { error: { status: string; details: { reason: string }[] } };
  expect(error.status).toBe("PERMISSION_DENIED");
  expect(error.details[0]?.reason).toBe("ACCESS_TOKEN_SCOPE_INSUFFICIENT");
});

test.each([
  ["invalid_grant", 400, REVOKED],
  ["admin_policy_enforced", 400, { error: "admin_policy_enforced" }],
  ["invalid_client", 401, { error: "invalid_client" }],
  ["unavailable", 503, { error: "temporarily_unavailable" }],
])("A66 refreshes fail with %s by switch, for one account or for all", async (kind, status, body) => {
  const alice = await grant();
  const bob = await grant(BOB);
  await sandbox.control("tokens/refresh-failure", { account: ALICE, kind });
  expect(await refresh(alice.refreshToken)).toMatchObject({ status, body });
  expect((await refresh(bob.refreshToken)).status).toBe(200);
  await sandbox.control("tokens/refresh-failure", { kind });
  expect((await refresh(bob.refreshToken)).status).toBe(status);
});

test("A66 refresh tokens of an app in testing die after 7 days, identity-only ones do not", async () => {
  const calendar = await grant();
  const identity = await grant(BOB, ["openid", "email"]);
  sandbox.switches.set("google.oauth.testingApp", true);
  sandbox.clock.advance(7 * DAY_MS - 1_000);
  expect((await refresh(calendar.refreshToken)).status).toBe(200);
  sandbox.clock.advance(2_000);
  expect((await refresh(calendar.refreshToken)).body).toEqual(REVOKED);
  expect((await refresh(identity.refreshToken)).status).toBe(200);
});

test("A66 a refresh token unused for six months and one with time-based access die", async () => {
  const { refreshToken } = await grant();
  sandbox.clock.advance(181 * DAY_MS);
  expect((await refresh(refreshToken)).body).toEqual(REVOKED);
  sandbox.switches.set("google.oauth.refreshTokenExpiresIn", 3_600);
  const { body } = await exchange(sandbox, await obtainCode(sandbox, { prompt: "consent" }));
  expect(body.refresh_token_expires_in).toBe(3_600);
  sandbox.clock.advance(3_601_000);
  expect((await refresh(String(body.refresh_token))).body).toEqual(REVOKED);
});

test("A67 revoking one token kills all of the user's for the client, and nobody else's", async () => {
  const first = await grant();
  const second = await grant();
  const bob = await grant(BOB);
  expect((await revoke(first.accessToken)).status).toBe(200);
  expect((await refresh(second.refreshToken)).body).toEqual(REVOKED);
  expect((await listCalendars(second.accessToken)).status).toBe(401);
  expect((await refresh(bob.refreshToken)).status).toBe(200);
  const again = await revoke(first.refreshToken);
  expect(again.status).toBe(400);
  expect(await again.json()).toMatchObject({ error: "invalid_token" });
});

test("A67 after a revocation consent is asked again and brings a refresh token", async () => {
  const { body } = await exchange(sandbox, await obtainCode(sandbox));
  await revoke(String(body.refresh_token));
  const again = await exchange(sandbox, await obtainCode(sandbox));
  expect(again.body.refresh_token).toBeTruthy();
});

test("A client is known by its body or by Basic, and refused otherwise", async () => {
  const { refreshToken } = await grant();
  const form = { grant_type: "refresh_token", refresh_token: refreshToken };
  const basic = `Basic ${Buffer.from(`${encodeURIComponent(DEMO_CLIENT.id)}:${DEMO_CLIENT.secret}`).toString("base64")}`;
  const byBasic = await fetch(`${sandbox.origin}/token`, {
    method: "POST",
    body: new URLSearchParams(form),
    headers: { authorization: basic },
  });
  expect(byBasic.status).toBe(200);
  expect(await sandbox.token({ ...form, client_secret: "wrong" })).toMatchObject({
    status: 401,
    body: { error: "invalid_client" },
  });
  expect(await sandbox.token({ ...form, client_id: "nobody" })).toMatchObject({
    status: 401,
    body: { error: "invalid_client" },
  });
  expect(await sandbox.token({ ...form, grant_type: "password" })).toMatchObject({
    status: 400,
    body: { error: "unsupported_grant_type" },
  });
});

test("A sandbox without seeds still knows the demo client, after a reset, too", async () => {
  const empty = await startSandbox({ seed: false });
  try {
    empty.reset();
    expect(empty.accounts.list()).toEqual([]);
    empty.accounts.add({ email: "only@example.test" });
    const { refreshToken } = await empty.control("grant", { account: "only@example.test", scopes: [EVENTS] });
    const form = { grant_type: "refresh_token", refresh_token: String(refreshToken) };
    expect((await empty.token(form)).status).toBe(200);
  } finally {
    await empty.close();
  }
});
