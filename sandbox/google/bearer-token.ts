import type { SandboxContext } from "../core/context";

const BEARER = "Bearer ";

/** The token of the Authorization header, or of the `access_token` parameter. */
export function bearerToken(c: SandboxContext): string | undefined {
  const header = c.req.header("authorization");
  if (header !== undefined) return header.startsWith(BEARER) ? header.slice(BEARER.length).trim() : undefined;
  return c.req.url.includes("access_token=") ? c.req.query("access_token") : undefined;
}
