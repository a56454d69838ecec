import type { Google } from "../service";
import { clientNotFound, invalidGrant, policyEnforced, unavailable } from "./errors";
import type { OAuthClient, RefreshFailure, RefreshToken } from "./model";
import { isSignInScope } from "./scopes";

const DAY_MS = 86_400_000;
const TESTING_LIFE_MS = 7 * DAY_MS;

const FAILURES: Record<RefreshFailure, () => Response | undefined> = {
  none: () => undefined,
  invalid_grant: expiredOrRevoked,
  admin_policy_enforced: policyEnforced,
  invalid_client: clientNotFound,
  unavailable,
};

function expiredOrRevoked(): Response {
  return invalidGrant("Token has been expired or revoked.");
}

/** Why this refresh fails, by switch, by the account's own failure, or because the token is dead. */
export function refreshRefusal(
  google: Google,
  row: RefreshToken | undefined,
  client: OAuthClient,
): Response | undefined {
  const switched = FAILURES[google.oauthSwitches.refreshFailure()]();
  if (switched !== undefined) return switched;
  if (row === undefined) return expiredOrRevoked();
  const own = FAILURES[google.oauth.refreshFailures.get(row.account) ?? "none"]();
  if (own !== undefined) return own;
  if (row.clientId !== client.id) return invalidGrant("Bad Request");
  if (!isDead(google, row)) return undefined;
  google.vault.dropRefresh(row.token);
  return expiredOrRevoked();
}

function isDead({ clock, oauthSwitches }: Google, row: RefreshToken): boolean {
  const now = clock.ms();
  const tooOld =
    oauthSwitches.testingApp() && !row.scopes.every(isSignInScope) && row.issuedAt + TESTING_LIFE_MS <= now;
  const idle = row.lastUsedAt + oauthSwitches.idleDays() * DAY_MS <= now;
  return tooOld || idle || (row.expiresAt ?? Number.POSITIVE_INFINITY) <= now;
}
