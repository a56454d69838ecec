import type { Google } from "../service";
import type { Flow, Grant } from "./model";
import { redirectBack } from "./redirects";
import { isSignInScope } from "./scopes";
import { newCode } from "./secrets";

export const grantKey = (account: string, clientId: string) => `${account} ${clientId}`;

/** True when the account need not be asked: all of it was allowed before and the client does not insist. */
export function passesWithoutConsent({ oauth }: Google, flow: Flow, account: string): boolean {
  const grant = oauth.grants.get(grantKey(account, flow.clientId));
  if (grant === undefined || flow.prompts.includes("consent")) return false;
  return (grant.offline || !flow.offline) && flow.scopes.every((scope) => grant.scopes.includes(scope));
}

/** Scopes that get a tick box. */
export function tickableScopes(flow: Flow): string[] {
  return flow.scopes.filter((scope) => !isSignInScope(scope));
}

export function deny(flow: Flow): string {
  return redirectBack(flow, { error: "access_denied" });
}

/**
 * Ends a flow with the account's choice and returns the address to go to.
 * `ticked` are the boxes left ticked; scopes that only say who the user is need none.
 */
export function allow(google: Google, flow: Flow, account: string, ticked: readonly string[]): string {
  const allowed = flow.scopes.filter((scope) => isSignInScope(scope) || ticked.includes(scope));
  if (allowed.length === 0) return deny(flow);
  const { oauth, clock } = google;
  const key = grantKey(account, flow.clientId);
  const before = oauth.grants.get(key);
  const grant: Grant = {
    account,
    clientId: flow.clientId,
    scopes: [...new Set([...(before?.scopes ?? []), ...allowed])],
    offline: flow.offline || (before?.offline ?? false),
    grantedAt: before?.grantedAt ?? clock.ms(),
  };
  oauth.grants.set(key, grant);
  const firstOffline = flow.offline && !(before?.offline ?? false);
  return issueCode(google, flow, account, {
    scopes: flow.includeGranted ? grant.scopes : allowed,
    withRefreshToken: flow.offline && (firstOffline || flow.prompts.includes("consent")),
  });
}

function issueCode(
  google: Google,
  flow: Flow,
  account: string,
  { scopes, withRefreshToken }: { scopes: string[]; withRefreshToken: boolean },
): string {
  const { oauth, clock, oauthSwitches } = google;
  const code = newCode();
  oauth.codes.set(code, {
    code,
    account,
    clientId: flow.clientId,
    redirectUri: flow.redirectUri,
    scopes,
    withRefreshToken,
    expiresAt: clock.ms() + oauthSwitches.codeSeconds() * 1_000,
    ...(flow.challenge !== undefined && { challenge: flow.challenge, challengeMethod: flow.challengeMethod }),
    ...(flow.nonce !== undefined && { nonce: flow.nonce }),
  });
  oauth.flows.delete(flow.id);
  pruneCodes(google);
  return redirectBack(flow, {
    code,
    scope: scopes.join(" "),
    authuser: "0",
    prompt: flow.prompts[0] ?? "none",
  });
}

const KEPT_CODES = 1_000;

function pruneCodes({ oauth, clock }: Google): void {
  if (oauth.codes.size <= KEPT_CODES) return;
  for (const { code, expiresAt } of [...oauth.codes.values()])
    if (expiresAt < clock.ms()) oauth.codes.delete(code);
}
