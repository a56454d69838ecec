import type { Caller } from "../core/caller";
import { Refusal, type SandboxContext } from "../core/context";
import { authError, insufficientScope } from "./errors";

/** The caller, holding at least one of the scopes; refuses with 401 or 403 in Google's words. */
export function authenticate(c: SandboxContext, anyOf: readonly string[] = []): Caller {
  const { caller } = c.var;
  if (caller === undefined) throw new Refusal(authError());
  if (anyOf.length > 0 && !anyOf.some((scope) => caller.scopes.has(scope)))
    throw new Refusal(insufficientScope());
  return caller;
}

const BEARER = "Bearer ";

/** The token of the Authorization header, or of the `access_token` parameter. */
export function bearerToken(c: SandboxContext): string | undefined {
  const header = c.req.header("authorization");
  if (header !== undefined) return header.startsWith(BEARER) ? header.slice(BEARER.length).trim() : undefined;
  return c.req.url.includes("access_token=") ? c.req.query("access_token") : undefined;
}
