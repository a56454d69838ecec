import type { Core } from "../core/context";
import type { Accounts } from "./accounts";
import type { OAuthCollections } from "./oauth/model";
import type { OAuthSwitches } from "./oauth/switches";
import type { TokenVault } from "./oauth/token-vault";

/** What each of Google's services is built on: `createCalendarService(google: Google): Service` and the like. */
export interface Google extends Core {
  accounts: Accounts;
  vault: TokenVault;
  oauth: OAuthCollections;
  oauthSwitches: OAuthSwitches;
}
