import { UnsecuredJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createProviderFetch } from "@/lib/platform/http";
import { createGoogleOAuth } from "@/lib/providers/google/oauth";
import {
  CLIENT,
  type Forgery,
  type ScriptedIssuer,
  startScriptedIssuer,
} from "@/tests/support/scripted-issuer";

const REDIRECT = "http://localhost:3000/api/integrations/google/callback";
const PERSON = { subject: "s-1", email: "ada@example.test" };
const SECRETS = { state: "the-state", nonce: "the-nonce", codeVerifier: "v".repeat(43) };
const scope = (...names: string[]) => names.map((name) => `https://www.googleapis.com/auth/${name}`);

let issuer: ScriptedIssuer;
beforeAll(async () => {
  issuer = await startScriptedIssuer();
});
afterAll(() => issuer.stop());
beforeEach(() => issuer.forge({}));

function oauth() {
  const fetch = createProviderFetch({ origins: new Map(Object.entries(issuer.origins)) });
  return createGoogleOAuth({ clientId: CLIENT.id, clientSecret: CLIENT.secret, fetch });
}

async function exchange(forgery: Forgery = {}) {
  const google = oauth();
  const consent = await google.authorizationUrl({ redirectUri: REDIRECT, loginHint: null, ...SECRETS });
  issuer.forge(forgery);
  const callbackUrl = issuer.consent(consent.href, PERSON);
  return google.exchange({ callbackUrl, redirectUri: REDIRECT, ...SECRETS });
}

describe("a code is exchanged for a grant", () => {
  it("keyed by issuer and subject, at Google's real addresses", async () => {
    expect(await exchange()).toMatchObject({
      issuer: "https://accounts.google.com",
      subject: "s-1",
      email: "ada@example.test",
      refreshToken: null,
    });
  });

  const past = Math.floor(Date.now() / 1000) - 7_200;
  const forgeries: [string, Forgery][] = [
    ["another audience", { claims: { aud: "another-client" } }],
    ["another issuer", { claims: { iss: "https://evil.test" } }],
    ["a past expiry", { claims: { iat: past, exp: past + 3_600 } }],
    ["a nonce of another flow", { claims: { nonce: "another" } }],
    ["a stranger's signature", { otherKey: true }],
    ["no signature at all (alg none)", { token: (claims) => new UnsecuredJWT(claims).encode() }],
  ];
  it.each(forgeries)("attack 12: an id token with %s is refused", async (_, forgery) => {
    await expect(exchange(forgery)).rejects.toMatchObject({
      name: "ProviderError",
      kind: "precondition_failed",
    });
  });

  it("a token endpoint in trouble is transient, and says nothing of the grant", async () => {
    await expect(exchange({ tokenStatus: 503 })).rejects.toMatchObject({ kind: "transient" });
  });
});

it("a discovery that failed is tried again", async () => {
  let up = false;
  const real = createProviderFetch({ origins: new Map(Object.entries(issuer.origins)) });
  const fetch: typeof real = (input, init) =>
    up ? real(input, init) : Promise.resolve(new Response("<html>", { status: 502 }));
  const google = createGoogleOAuth({ clientId: CLIENT.id, clientSecret: CLIENT.secret, fetch });
  const ask = () => google.authorizationUrl({ redirectUri: REDIRECT, loginHint: null, ...SECRETS });
  await expect(ask()).rejects.toMatchObject({ kind: "transient" });
  up = true;
  await expect(ask()).resolves.toBeInstanceOf(URL);
});

describe("granted scopes become capabilities", () => {
  const can = (...names: string[]) => {
    const { readEvents, writeEvents } = oauth().capabilities(scope(...names));
    return `${readEvents ? "r" : "-"}${writeEvents ? "w" : "-"}`;
  };
  it.each([
    ["--", []],
    ["--", ["calendar.events"]],
    ["--", ["calendar.calendarlist.readonly"]],
    ["--", ["calendar.events.owned", "calendar.calendarlist.readonly"]],
    ["r-", ["calendar.events.readonly", "calendar.calendarlist.readonly"]],
    ["r-", ["calendar.readonly"]],
    ["rw", ["calendar.events", "calendar.calendarlist.readonly"]],
    ["rw", ["calendar.events", "calendar.calendarlist"]],
    ["rw", ["calendar"]],
  ])("%s: %j", (expected, names) => {
    expect(can(...names)).toBe(expected);
  });
});
