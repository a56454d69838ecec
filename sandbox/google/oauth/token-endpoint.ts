import type { Routes, SandboxContext } from "../../core/context";
import type { Google } from "../service";
import { authenticateClient, type Form, readForm } from "./client-authentication";
import { checkCode } from "./code-check";
import { invalidGrant, invalidRequest, oauthError } from "./errors";
import { idTokenClaims } from "./id-token";
import type { AuthorizationCode, OAuthClient, RefreshToken } from "./model";
import { refreshRefusal } from "./refresh-refusal";
import { parseScopes } from "./scopes";
import type { SigningKey } from "./signing-key";

const MAX_BYTES = 65_536;

export function addTokenRoute(routes: Routes, google: Google, key: SigningKey): void {
  const operation = async (c: SandboxContext) => {
    const { grant_type: type } = await readForm(c);
    return type === "refresh_token" ? "oauth.token.refresh" : "oauth.token.code";
  };
  routes.add(operation, "POST", "/token", (c) => answerToken(google, key, c), { maxBytes: MAX_BYTES });
}

async function answerToken(google: Google, key: SigningKey, c: SandboxContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.grant_type) return invalidRequest("Missing required parameter: grant_type");
  const client = authenticateClient(google, c, form);
  if (client instanceof Response) return client;
  if (form.grant_type === "authorization_code") return exchangeCode(google, key, client, form);
  if (form.grant_type === "refresh_token") return refresh(google, key, client, form);
  return oauthError(400, "unsupported_grant_type", `Invalid grant_type: ${form.grant_type}`);
}

async function exchangeCode(
  google: Google,
  key: SigningKey,
  client: OAuthClient,
  form: Form,
): Promise<Response> {
  if (!form.code) return invalidRequest("Missing required parameter: code");
  const code = google.oauth.codes.get(form.code);
  const refusal = checkCode(code, client, form, google.clock.ms());
  // Any use of a code ends it, a failed one included.
  google.oauth.codes.delete(form.code);
  if (code === undefined || refusal !== undefined) return refusal ?? invalidGrant("Bad Request");
  const refreshToken = code.withRefreshToken ? google.vault.issueRefresh(holderOf(code)) : undefined;
  return tokenResponse(google, key, {
    ...holderOf(code),
    nonce: code.nonce,
    offline: code.withRefreshToken,
    refreshToken,
  });
}

async function refresh(google: Google, key: SigningKey, client: OAuthClient, form: Form): Promise<Response> {
  if (!form.refresh_token) return invalidRequest("Missing required parameter: refresh_token");
  const row = google.vault.refresh(form.refresh_token);
  const refusal = refreshRefusal(google, row, client);
  if (row === undefined || refusal !== undefined) return refusal ?? invalidGrant("Bad Request");
  const narrowed = form.scope ? parseScopes(form.scope) : { scopes: row.scopes };
  if ("unknown" in narrowed || narrowed.scopes.some((scope) => !row.scopes.includes(scope))) {
    return oauthError(400, "invalid_scope", "Some requested scopes were invalid.");
  }
  row.lastUsedAt = google.clock.ms();
  google.oauth.refreshTokens.touch(row.token);
  return tokenResponse(google, key, { ...holderOf(row), scopes: narrowed.scopes, offline: true });
}

function holderOf({ account, clientId, scopes }: AuthorizationCode | RefreshToken) {
  return { account, clientId, scopes };
}

interface Issue {
  account: string;
  clientId: string;
  scopes: string[];
  offline: boolean;
  nonce?: string;
  refreshToken?: RefreshToken;
}

async function tokenResponse(google: Google, key: SigningKey, issue: Issue): Promise<Response> {
  const { account: email, clientId, scopes, nonce, refreshToken } = issue;
  const account = google.accounts.get(email);
  if (account === undefined) return invalidGrant("Account has been deleted");
  const { token, expiresIn } = google.vault.issueAccess({ account: email, clientId, scopes }, issue.offline);
  const claims = { account, clientId, scopes, nonce, accessToken: token, nowMs: google.clock.ms() };
  const life = google.oauthSwitches.refreshTokenExpiresIn();
  const body = {
    access_token: token,
    expires_in: expiresIn,
    ...(refreshToken !== undefined && { refresh_token: refreshToken.token }),
    ...(refreshToken?.expiresAt !== undefined && { refresh_token_expires_in: life }),
    scope: (google.oauthSwitches.shuffleScopes() ? scopes.toReversed() : scopes).join(" "),
    token_type: "Bearer",
    ...(scopes.includes("openid") && { id_token: await key.sign(idTokenClaims(claims)) }),
  };
  return Response.json(body, {
    headers: { "cache-control": "no-cache, no-store, max-age=0, must-revalidate", pragma: "no-cache" },
  });
}
