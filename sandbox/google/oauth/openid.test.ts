import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import * as client from "openid-client";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  ALICE,
  allow,
  BOB,
  CALLBACK,
  choose,
  EVENTS,
  LIST,
  startSandbox,
  type TestSandbox,
} from "../../testing/test-sandbox";
import { DEMO_CLIENT } from "../seed-accounts";

let sandbox: TestSandbox;
let config: client.Configuration;

const VENDOR =
  /^https:\/\/(accounts\.google\.com|oauth2\.googleapis\.com|openidconnect\.googleapis\.com|www\.googleapis\.com)/;

beforeAll(async () => {
  sandbox = await startSandbox();
  const viaSandbox: client.CustomFetch = (url, options) =>
    fetch(url.replace(VENDOR, sandbox.origin), options as RequestInit);
  const issuer = new URL("https://accounts.google.com");
  config = await client.discovery(issuer, DEMO_CLIENT.id, DEMO_CLIENT.secret, undefined, {
    [client.customFetch]: viaSandbox,
  });
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.reset());

async function signIn(account: string, scopes: string[] = []) {
  const verifier = client.randomPKCECodeVerifier();
  const nonce = client.randomNonce();
  const state = client.randomState();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: ["openid", "email", "profile", ...scopes].join(" "),
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    access_type: "offline",
    nonce,
    state,
  });
  expect(url.origin).toBe("https://accounts.google.com");
  const browser = sandbox.browser();
  const chosen = await choose(browser, await browser.open(`${url.pathname}${url.search}`), account);
  const { left } = chosen.left === undefined ? await allow(browser, chosen, scopes) : chosen;
  if (left === undefined) throw new Error("The browser never came back");
  const checks = {
    pkceCodeVerifier: verifier,
    expectedNonce: nonce,
    expectedState: state,
    idTokenExpected: true,
  };
  return { tokens: await client.authorizationCodeGrant(config, left, checks), nonce };
}

test("A68 openid-client signs in with PKCE, nonce and state, and reads the claims", async () => {
  const { tokens, nonce } = await signIn(ALICE, [EVENTS, LIST]);
  const claims = tokens.claims();
  expect(claims).toMatchObject({
    iss: "https://accounts.google.com",
    aud: DEMO_CLIENT.id,
    azp: DEMO_CLIENT.id,
    email: ALICE,
    email_verified: true,
    name: "Alice Martin",
    given_name: "Alice",
    family_name: "Martin",
    nonce,
  });
  expect(claims).not.toHaveProperty("hd");
  expect(claims?.at_hash).toBeTruthy();
  const info = await client.fetchUserInfo(config, tokens.access_token, claims?.sub ?? "");
  expect(info).toMatchObject({ email: ALICE, email_verified: true, given_name: "Alice" });
});

test("A68 the id token is RS256 and verifies with the published keys", async () => {
  const { tokens } = await signIn(ALICE);
  const keys = (await (await fetch(`${sandbox.origin}/oauth2/v3/certs`)).json()) as JSONWebKeySet;
  expect(keys.keys[0]).not.toHaveProperty("d");
  const verified = await jwtVerify(tokens.id_token ?? "", createLocalJWKSet(keys), {
    issuer: "https://accounts.google.com",
    audience: DEMO_CLIENT.id,
  });
  expect(verified.protectedHeader.alg).toBe("RS256");
});

test("A68 sub is stable for an account and differs between accounts", async () => {
  const first = (await signIn(ALICE)).tokens.claims()?.sub;
  const again = (await signIn(ALICE)).tokens.claims()?.sub;
  const bob = (await signIn(BOB)).tokens.claims()?.sub;
  expect(first).toMatch(/^\d{21}$/);
  expect(again).toBe(first);
  expect(bob).not.toBe(first);
});

test("A68 an account whose address is not verified says so", async () => {
  await sandbox.control("accounts", { email: "new@example.test", emailVerified: false });
  const { tokens } = await signIn("new@example.test");
  expect(tokens.claims()?.email_verified).toBe(false);
});

test("openid-client refreshes and revokes, and sees the refusal that follows", async () => {
  const { tokens } = await signIn(ALICE, [EVENTS]);
  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? "");
  expect(refreshed.claims()?.email).toBe(ALICE);
  await client.tokenRevocation(config, tokens.refresh_token ?? "");
  await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? "")).rejects.toMatchObject({
    error: "invalid_grant",
  });
});

test("A denied consent arrives at openid-client as access_denied", async () => {
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: `openid ${EVENTS}`,
    state: "s",
  });
  const answer = await sandbox.control("consent", { authorizationUrl: url.href, account: ALICE, deny: true });
  const back = client.authorizationCodeGrant(config, new URL(String(answer.redirectTo)), {
    expectedState: "s",
  });
  await expect(back).rejects.toMatchObject({ error: "access_denied" });
});

test("tokeninfo describes live tokens and refuses others", async () => {
  const { tokens } = await signIn(ALICE, [EVENTS]);
  const ask = (query: string) => fetch(`${sandbox.origin}/tokeninfo?${query}`);
  const info = await (await ask(`access_token=${tokens.access_token}`)).json();
  expect(info).toMatchObject({ aud: DEMO_CLIENT.id, email: ALICE, access_type: "offline" });
  expect((await ask(`id_token=${tokens.id_token}`)).status).toBe(200);
  expect(await (await ask("access_token=nonsense")).json()).toMatchObject({ error: "invalid_token" });
});
