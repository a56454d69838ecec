import type { Google } from "../service";
import type { Flow } from "./model";
import { isRegistered } from "./redirects";
import { parseScopes } from "./scopes";
import { newFlowId } from "./secrets";

/** A request that must not be answered by a redirect. */
export interface BadAuthorizationRequest {
  status: 400 | 401;
  error: string;
  description: string;
}

type Parameters = Record<string, string>;

/** Reads an authorization request; problems of client, address or form end on an error page, as at Google. */
export function readAuthorizationRequest(
  google: Google,
  query: Parameters,
): { flow: Flow } | { problem: BadAuthorizationRequest } {
  const problem = problemWith(google, query);
  if (problem !== undefined) return { problem };
  const parsed = parseScopes(query.scope ?? "");
  if ("unknown" in parsed)
    return { problem: bad("invalid_scope", `Some requested scopes were invalid: ${parsed.unknown}`) };
  const flow: Flow = {
    id: newFlowId(),
    clientId: query.client_id ?? "",
    redirectUri: query.redirect_uri ?? "",
    scopes: parsed.scopes,
    offline: query.access_type === "offline",
    prompts: promptsOf(query),
    includeGranted: query.include_granted_scopes === "true",
    startedAt: google.clock.ms(),
    ...optional("state", query.state),
    ...optional("nonce", query.nonce),
    ...optional("loginHint", query.login_hint),
    ...(query.code_challenge && {
      challenge: query.code_challenge,
      challengeMethod: query.code_challenge_method === "S256" ? "S256" : "plain",
    }),
  };
  return { flow };
}

function problemWith(google: Google, query: Parameters): BadAuthorizationRequest | undefined {
  const missing = ["client_id", "redirect_uri", "response_type", "scope"].find((name) => !query[name]);
  if (missing !== undefined) return bad("invalid_request", `Missing required parameter: ${missing}`);
  const client = google.oauth.clients.get(query.client_id ?? "");
  if (client === undefined) {
    return { status: 401, error: "invalid_client", description: "The OAuth client was not found." };
  }
  if (!isRegistered(client, query.redirect_uri ?? "", google.oauthSwitches.anyLoopbackRedirect())) {
    return bad("redirect_uri_mismatch", `redirect_uri=${query.redirect_uri ?? ""}`);
  }
  return problemWithForm(query);
}

function problemWithForm(query: Parameters): BadAuthorizationRequest | undefined {
  if (query.response_type !== "code") {
    return bad("unsupported_response_type", `Invalid response_type: ${query.response_type ?? ""}`);
  }
  const prompts = promptsOf(query);
  if (prompts.some((prompt) => !["none", "consent", "select_account"].includes(prompt))) {
    return bad("invalid_request", `Invalid prompt: ${query.prompt ?? ""}`);
  }
  if (prompts.includes("none") && prompts.length > 1) {
    return bad("invalid_request", "Invalid prompt: none cannot be combined");
  }
  if (query.code_challenge_method && !["S256", "plain"].includes(query.code_challenge_method)) {
    return bad("invalid_request", "Invalid code_challenge_method");
  }
  return undefined;
}

const promptsOf = (query: Parameters) => (query.prompt ?? "").split(" ").filter(Boolean);

function bad(error: string, description: string): BadAuthorizationRequest {
  return { status: 400, error, description };
}

function optional<K extends string>(name: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined || value === "" ? {} : ({ [name]: value } as Partial<Record<K, string>>);
}
