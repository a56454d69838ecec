import { decodeJwt } from "jose";
import type { Routes, SandboxContext } from "../../core/context";
import { bearerToken } from "../bearer-token";
import type { Google } from "../service";
import { readForm } from "./client-authentication";
import { invalidRequest, oauthError } from "./errors";
import { profileClaims } from "./id-token";
import { hasEmail } from "./scopes";

/** `/revoke`, `/tokeninfo` and userinfo. */
export function addInspectionRoutes(routes: Routes, google: Google): void {
  routes.add("oauth.revoke", "POST", "/revoke", (c) => revoke(google, c));
  for (const path of ["/tokeninfo", "/oauth2/v3/tokeninfo"]) {
    routes.add("oauth.tokeninfo", "GET", path, (c) => tokenInfo(google, c));
    routes.add("oauth.tokeninfo", "POST", path, (c) => tokenInfo(google, c));
  }
  for (const path of ["/v1/userinfo", "/oauth2/v3/userinfo"]) {
    routes.add("oauth.userinfo", "GET", path, (c) => userInfo(google, c));
    routes.add("oauth.userinfo", "POST", path, (c) => userInfo(google, c));
  }
}

/** Either token ends everything the account allowed the client. */
async function revoke(google: Google, c: SandboxContext): Promise<Response> {
  const token = (await readForm(c)).token ?? c.req.query("token");
  if (!token) return invalidRequest("Missing required parameter: token");
  const row = google.vault.refresh(token) ?? google.vault.access(token);
  if (row === undefined) return oauthError(400, "invalid_token", "Token expired or revoked");
  google.vault.revoke(row.account, row.clientId);
  return Response.json({});
}

async function tokenInfo(google: Google, c: SandboxContext): Promise<Response> {
  const form = await readForm(c);
  const idToken = form.id_token ?? c.req.query("id_token");
  if (idToken !== undefined) return idTokenInfo(google, idToken);
  const token = form.access_token ?? c.req.query("access_token") ?? "";
  const row = google.vault.access(token);
  const account = row && google.accounts.get(row.account);
  if (row === undefined || account === undefined) return oauthError(400, "invalid_token", "Invalid Value");
  return Response.json({
    azp: row.clientId,
    aud: row.clientId,
    sub: account.sub,
    scope: row.scopes.join(" "),
    exp: String(Math.floor(row.expiresAt / 1_000)),
    expires_in: String(Math.floor((row.expiresAt - google.clock.ms()) / 1_000)),
    ...(hasEmail(row.scopes) && { email: account.email, email_verified: String(account.emailVerified) }),
    access_type: row.offline ? "offline" : "online",
  });
}

// Only tokens that say they are ours and still live are described; the signature is the client's to check.
function idTokenInfo(google: Google, token: string): Response {
  try {
    const claims = decodeJwt(token);
    if ((claims.exp ?? 0) * 1_000 > google.clock.ms()) return Response.json(claims);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
  return oauthError(400, "invalid_token", "Invalid Value");
}

function userInfo(google: Google, c: SandboxContext): Response {
  const row = google.vault.access(bearerToken(c) ?? "");
  const account = row && google.accounts.get(row.account);
  if (row === undefined || account === undefined) {
    return oauthError(401, "invalid_request", "Invalid Credentials", {
      "www-authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"',
    });
  }
  return Response.json(profileClaims(account, row.scopes));
}
