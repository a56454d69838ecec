import type { Caller } from "../core/caller";
import type { Core, SandboxContext, Service, VendorHooks } from "../core/context";
import { addAccountPages } from "./account-pages";
import { createAccounts } from "./accounts";
import { bearerToken } from "./bearer-token";
import { createCalendarService } from "./calendar/service";
import { addGoogleControlRoutes } from "./control";
import { googleError } from "./errors";
import { faultResponse } from "./fault-responses";
import { readForm } from "./oauth/client-authentication";
import { openCollections } from "./oauth/model";
import { createOAuthService } from "./oauth/service";
import { defineOAuthSwitches } from "./oauth/switches";
import { createTokenVault } from "./oauth/token-vault";
import { createPushService } from "./push/service";
import { createQuota } from "./quota";
import { DEMO_CLIENT, SEED_ACCOUNTS } from "./seed-accounts";
import type { Google } from "./service";

export interface GoogleVendor {
  google: Google;
  hooks: VendorHooks;
  services: Service[];
}

/** Google's side of the sandbox. Services seed in the order of `services`, accounts first. */
export function createGoogle(core: Core): GoogleVendor {
  const oauth = openCollections(core);
  const oauthSwitches = defineOAuthSwitches(core);
  const vault = createTokenVault(oauth, core.clock, oauthSwitches);
  const google: Google = { ...core, accounts: createAccounts(core.store), vault, oauth, oauthSwitches };
  const calendar = createCalendarService(google);
  return {
    google,
    hooks: createHooks(google),
    services: [
      createAccountService(google),
      createOAuthService(google),
      calendar,
      createPushService(calendar.world),
    ],
  };
}

function createAccountService(google: Google): Service {
  const { accounts, oauth, vault } = google;
  accounts.onChange((change) => {
    if ("removed" in change) vault.revoke(change.removed.email);
  });
  const registerDemoClient = () => {
    if (!oauth.clients.has(DEMO_CLIENT.id)) oauth.clients.set(DEMO_CLIENT.id, DEMO_CLIENT);
  };
  registerDemoClient();
  return {
    addRoutes(routes) {
      addGoogleControlRoutes(routes, google);
      addAccountPages(routes, google);
    },
    seed() {
      for (const account of SEED_ACCOUNTS) accounts.add(account);
    },
    forget() {
      vault.forget();
      registerDemoClient();
    },
  };
}

function createHooks(google: Google): VendorHooks {
  return {
    identify(c) {
      if (c.req.path === "/token") return holderOfForm(google, c);
      const token = bearerToken(c);
      return token === undefined ? undefined : google.vault.callerOf(token);
    },
    faultResponse: (fault, operation) => faultResponse(google.clock, fault, operation),
    overQuota: createQuota(google),
    notFound: () => googleError({ status: 404, reason: "notFound", message: "Not Found" }),
    methodNotAllowed: () =>
      googleError({ status: 405, reason: "httpMethodNotAllowed", message: "Method Not Allowed" }),
    tooLarge: () =>
      googleError({ status: 413, reason: "uploadTooLarge", message: "Request Entity Too Large" }),
    crashed: () => googleError({ status: 500, reason: "backendError", message: "Backend Error" }),
  };
}

// Lets faults and the ledger know whose code or refresh token a token request carries.
async function holderOfForm({ oauth }: Google, c: SandboxContext): Promise<Caller | undefined> {
  const form = await readForm(c);
  const row = oauth.refreshTokens.get(form.refresh_token ?? "") ?? oauth.codes.get(form.code ?? "");
  return row && { account: row.account, clientId: row.clientId, scopes: new Set(row.scopes) };
}
