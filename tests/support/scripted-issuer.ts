import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

export interface Person {
  subject: string;
  email: string;
  name?: string;
}

interface Grant {
  person: Person;
  nonce: string;
  challenge: string;
  redirectUri: string;
}

/** What a test changes about the next id token: claims, key or whole text. */
export interface Forgery {
  claims?: JWTPayload;
  otherKey?: boolean;
  token?: (claims: JWTPayload) => string;
  userinfo?: Record<string, unknown>;
  tokenStatus?: number;
}

export type ScriptedIssuer = Awaited<ReturnType<typeof startScriptedIssuer>>;

export const CLIENT = { id: "test-client.apps.example.test", secret: "test-client-secret" };
const ISSUER = "https://accounts.google.com";

/** An identity provider over HTTP that speaks as Google and can be told to lie: the sandbox never does. */
export async function startScriptedIssuer() {
  const honest = await generateKeyPair("RS256");
  const stranger = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(honest.publicKey)), kid: "k1", alg: "RS256", use: "sig" };
  const grants = new Map<string, Grant>();
  const requests: string[] = [];
  let forgery: Forgery = {};

  async function idToken({ person, nonce }: Grant): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const about = { sub: person.subject, email: person.email, email_verified: true, name: person.name };
    const claims = {
      iss: ISSUER,
      aud: CLIENT.id,
      iat: now,
      exp: now + 3600,
      nonce,
      ...about,
      ...forgery.claims,
    };
    if (forgery.token !== undefined) return forgery.token(claims);
    const key = forgery.otherKey === true ? stranger.privateKey : honest.privateKey;
    return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "k1" }).sign(key);
  }

  async function token(form: URLSearchParams): Promise<[number, unknown]> {
    if (forgery.tokenStatus !== undefined) return [forgery.tokenStatus, { error: "server_error" }];
    const grant = grants.get(form.get("code") ?? "");
    grants.delete(form.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const client = form.get("client_id") === CLIENT.id && form.get("client_secret") === CLIENT.secret;
    if (!client) return [401, { error: "invalid_client" }];
    if (grant?.challenge !== challenge || grant.redirectUri !== form.get("redirect_uri")) {
      return [400, { error: "invalid_grant" }];
    }
    const tokens = { access_token: `at-${grant.person.subject}`, token_type: "Bearer", expires_in: 3600 };
    return [200, { ...tokens, scope: "openid email profile", id_token: await idToken(grant) }];
  }

  async function answer(path: string, body: string): Promise<[number, unknown]> {
    if (path === "/.well-known/openid-configuration") return [200, DISCOVERY];
    if (path === "/oauth2/v3/certs") return [200, { keys: [jwk] }];
    if (path === "/v1/userinfo") return [200, forgery.userinfo ?? {}];
    return path === "/token" ? token(new URLSearchParams(body)) : [404, {}];
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = new URL(request.url ?? "/", ISSUER).pathname;
    requests.push(path);
    const [status, body] = await answer(path, Buffer.concat(chunks).toString());
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    origin,
    requests,
    /** The real origins an installation would map here. */
    origins: Object.fromEntries(VENDOR_ORIGINS.map((from) => [from, origin])),
    forge: (next: Forgery) => {
      forgery = next;
    },
    /** What consenting at `address` sends the browser back with. */
    consent(address: string, person: Person): URL {
      const asked = new URL(address).searchParams;
      const code = randomBytes(16).toString("hex");
      const redirectUri = asked.get("redirect_uri") ?? "";
      const challenge = asked.get("code_challenge") ?? "";
      grants.set(code, { person, nonce: asked.get("nonce") ?? "", challenge, redirectUri });
      const back = new URL(redirectUri);
      back.searchParams.set("code", code);
      back.searchParams.set("state", asked.get("state") ?? "");
      return back;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const VENDOR_ORIGINS = [
  ISSUER,
  "https://oauth2.googleapis.com",
  "https://openidconnect.googleapis.com",
  "https://www.googleapis.com",
];

const DISCOVERY = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/o/oauth2/v2/auth`,
  token_endpoint: "https://oauth2.googleapis.com/token",
  userinfo_endpoint: "https://openidconnect.googleapis.com/v1/userinfo",
  jwks_uri: "https://www.googleapis.com/oauth2/v3/certs",
  response_types_supported: ["code"],
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: ["RS256"],
  code_challenge_methods_supported: ["S256"],
};
