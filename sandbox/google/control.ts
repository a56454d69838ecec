import type { Routes } from "../core/context";
import {
  type JsonObject,
  optionalNumber,
  optionalText,
  optionalTexts,
  readJson,
  refusal,
  text,
} from "../core/json-body";
import type { Account, NewAccount } from "./accounts";
import { readAuthorizationRequest } from "./oauth/authorization-request";
import { allow, deny, grantKey } from "./oauth/consent";
import { REFRESH_FAILURES, type RefreshFailure } from "./oauth/model";
import { parseScopes } from "./oauth/scopes";
import { DEMO_CLIENT } from "./seed-accounts";
import type { Google } from "./service";

const API = "/sandbox/api";

/** Accounts, clients, grants and tokens over JSON. */
export function addGoogleControlRoutes(routes: Routes, google: Google): void {
  addAccountRoutes(routes, google);
  addClientRoutes(routes, google);
  const post = (path: string, act: (google: Google, body: JsonObject) => unknown) =>
    routes.control("POST", `${API}/${path}`, async (c) => Response.json(act(google, await readJson(c))));
  post("grant", grantTokens);
  post("consent", consentFor);
  post("tokens/expire", (_, body) => ({ expired: google.vault.expireAccess(optionalText(body, "account")) }));
  post("tokens/revoke", (_, body) => ({
    revoked: google.vault.revoke(accountOf(google, body).email, optionalText(body, "clientId")),
  }));
  post("tokens/refresh-failure", failRefreshes);
  routes.control("GET", `${API}/grants`, () => Response.json({ grants: [...google.oauth.grants.values()] }));
}

function addAccountRoutes(routes: Routes, { accounts }: Google): void {
  routes.control("GET", `${API}/accounts`, () => Response.json({ accounts: accounts.list() }));
  routes.control("POST", `${API}/accounts`, async (c) => {
    const body = await readJson(c);
    return Response.json(accounts.add({ ...(body as Partial<NewAccount>), email: text(body, "email") }), {
      status: 201,
    });
  });
  routes.control("DELETE", `${API}/accounts/:email`, (c) => {
    if (!accounts.remove(c.req.param("email") ?? "")) throw refusal("There is no such account", 404);
    return Response.json({ ok: true });
  });
}

function addClientRoutes(routes: Routes, { oauth }: Google): void {
  routes.control("GET", `${API}/clients`, () => Response.json({ clients: [...oauth.clients.values()] }));
  routes.control("POST", `${API}/clients`, async (c) => {
    const body = await readJson(c);
    const id = text(body, "id");
    const redirectUris = optionalTexts(body, "redirectUris") ?? [];
    const client = { id, secret: text(body, "secret"), name: optionalText(body, "name") ?? id, redirectUris };
    return Response.json(oauth.clients.set(id, client), { status: 201 });
  });
}

function accountOf({ accounts }: Google, body: JsonObject): Account {
  const account = accounts.get(text(body, "account"));
  if (account === undefined) throw refusal("There is no such account", 404);
  return account;
}

/** Tokens without a browser: `{ account, clientId?, scopes, expiresIn? }`. */
function grantTokens(google: Google, body: JsonObject) {
  const { email } = accountOf(google, body);
  const clientId = optionalText(body, "clientId") ?? DEMO_CLIENT.id;
  const parsed = parseScopes((optionalTexts(body, "scopes") ?? []).join(" "));
  if ("unknown" in parsed) throw refusal(`There is no scope ${parsed.unknown}`);
  const holder = { account: email, clientId, scopes: parsed.scopes };
  const key = grantKey(email, clientId);
  const scopes = [...new Set([...(google.oauth.grants.get(key)?.scopes ?? []), ...parsed.scopes])];
  google.oauth.grants.set(key, {
    account: email,
    clientId,
    scopes,
    offline: true,
    grantedAt: google.clock.ms(),
  });
  const refreshToken = google.vault.issueRefresh(holder).token;
  const { token, expiresIn } = google.vault.issueAccess(holder, true, optionalNumber(body, "expiresIn"));
  return { accessToken: token, refreshToken, expiresIn, scope: parsed.scopes.join(" ") };
}

/**
 * Walks through chooser and consent without a browser: `{ authorizationUrl, account, scopes?, deny? }`.
 * `scopes` are the boxes ticked, all of them unless given.
 */
function consentFor(google: Google, body: JsonObject) {
  const { email } = accountOf(google, body);
  const query = Object.fromEntries(new URL(text(body, "authorizationUrl")).searchParams);
  const request = readAuthorizationRequest(google, query);
  if ("problem" in request) throw refusal(`${request.problem.error}: ${request.problem.description}`);
  if (body.deny === true) return { redirectTo: deny(request.flow) };
  const ticked = optionalTexts(body, "scopes") ?? request.flow.scopes;
  return { redirectTo: allow(google, request.flow, email, ticked) };
}

function failRefreshes(google: Google, body: JsonObject) {
  const kind = text(body, "kind");
  if (!REFRESH_FAILURES.includes(kind as RefreshFailure))
    throw refusal(`kind is one of ${REFRESH_FAILURES.join(", ")}`);
  const email = optionalText(body, "account");
  if (email === undefined) google.switches.set("google.oauth.refreshFailure", kind);
  else google.oauth.refreshFailures.set(accountOf(google, body).email, kind as RefreshFailure);
  return { account: email ?? null, kind };
}
