import type { Handler, Routes, SandboxContext } from "../../core/context";
import { rememberLanguage } from "../../core/language";
import type { Google } from "../service";
import { readAuthorizationRequest } from "./authorization-request";
import { rememberSignIn, signedIn } from "./browser-session";
import { allow, deny, passesWithoutConsent } from "./consent";
import type { Flow } from "./model";
import { accountChooserPage, authorizationErrorPage, consentPage, expiredPage } from "./pages";
import { redirectBack } from "./redirects";

const CHOOSER = "/signin/oauth/accountchooser";
const CONSENT = "/signin/oauth/consent";
const FLOW_LIFE_MS = 3_600_000;

/** The part of OAuth a person sees: authorization request, account chooser, consent. */
export function addAuthorizeRoutes(routes: Routes, google: Google): void {
  const begin: Handler = (c) => start(google, c);
  routes.add("oauth.auth", "GET", "/o/oauth2/v2/auth", begin);
  routes.add("oauth.auth", "GET", "/o/oauth2/auth", begin);
  const withFlow = (next: (c: SandboxContext, flow: Flow) => Response | Promise<Response>): Handler => {
    return async (c) => {
      const flow = await flowOf(google, c);
      return flow === undefined ? expiredPage(c) : next(c, flow);
    };
  };
  routes.add(
    "oauth.chooser",
    "GET",
    CHOOSER,
    withFlow((c, flow) => accountChooserPage(c, google, flow)),
  );
  routes.add(
    "oauth.chooser",
    "POST",
    CHOOSER,
    withFlow((c, flow) => choose(google, c, flow)),
  );
  routes.add(
    "oauth.consent",
    "GET",
    CONSENT,
    withFlow((c, flow) => showConsent(google, c, flow)),
  );
  routes.add(
    "oauth.consent",
    "POST",
    CONSENT,
    withFlow((c, flow) => decide(google, c, flow)),
  );
}

function start(google: Google, c: SandboxContext): Response | Promise<Response> {
  const request = readAuthorizationRequest(google, c.req.query());
  if ("problem" in request) return authorizationErrorPage(c, request.problem);
  const { flow } = request;
  rememberLanguage(c);
  const account = presumedAccount(google, c, flow);
  if (flow.prompts.includes("none")) return c.redirect(silently(google, flow, account));
  keep(google, flow);
  if (account === undefined || flow.prompts.includes("select_account")) {
    return c.redirect(`${CHOOSER}?flow=${flow.id}`);
  }
  return c.redirect(afterSignIn(google, flow, account));
}

// One signed-in account, or the one the client hinted at, needs no chooser.
function presumedAccount(google: Google, c: SandboxContext, flow: Flow): string | undefined {
  const present = signedIn(google, c);
  const hinted = present.find(
    (email) => email === flow.loginHint || google.accounts.get(email)?.sub === flow.loginHint,
  );
  if (flow.loginHint !== undefined) return hinted;
  return present.length === 1 ? present[0] : undefined;
}

function silently(google: Google, flow: Flow, account: string | undefined): string {
  if (account === undefined) return redirectBack(flow, { error: "interaction_required" });
  if (!passesWithoutConsent(google, flow, account)) return redirectBack(flow, { error: "consent_required" });
  return allow(google, flow, account, flow.scopes);
}

function afterSignIn(google: Google, flow: Flow, account: string): string {
  if (passesWithoutConsent(google, flow, account)) return allow(google, flow, account, flow.scopes);
  keep(google, { ...flow, account });
  return `${CONSENT}?flow=${flow.id}`;
}

async function choose(google: Google, c: SandboxContext, flow: Flow): Promise<Response> {
  const form = await c.req.parseBody();
  const email = String(form.email || form.account || "")
    .trim()
    .toLowerCase();
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) return accountChooserPage(c, google, flow);
  const account = google.accounts.get(email) ?? google.accounts.add({ email });
  rememberSignIn(google, c, account.email);
  return c.redirect(afterSignIn(google, flow, account.email), 303);
}

function showConsent(google: Google, c: SandboxContext, flow: Flow): Response | Promise<Response> {
  const account = google.accounts.get(flow.account ?? "");
  return account === undefined
    ? c.redirect(`${CHOOSER}?flow=${flow.id}`)
    : consentPage(c, google, flow, account);
}

async function decide(google: Google, c: SandboxContext, flow: Flow): Promise<Response> {
  const form = await c.req.parseBody({ all: true });
  const account = google.accounts.get(flow.account ?? "");
  if (account === undefined) return c.redirect(`${CHOOSER}?flow=${flow.id}`, 303);
  if (form.decision !== "allow") {
    google.oauth.flows.delete(flow.id);
    return c.redirect(deny(flow), 303);
  }
  return c.redirect(allow(google, flow, account.email, [form.scope ?? []].flat().map(String)), 303);
}

async function flowOf(google: Google, c: SandboxContext): Promise<Flow | undefined> {
  const id = c.req.method === "POST" ? (await c.req.parseBody({ all: true })).flow : c.req.query("flow");
  const flow = google.oauth.flows.get(String(id));
  return flow !== undefined && flow.startedAt + FLOW_LIFE_MS > google.clock.ms() ? flow : undefined;
}

function keep({ oauth, clock }: Google, flow: Flow): void {
  oauth.flows.set(flow.id, flow);
  for (const [id, { startedAt }] of oauth.flows.entries()) {
    if (startedAt + FLOW_LIFE_MS < clock.ms()) oauth.flows.delete(id);
    else break;
  }
}
