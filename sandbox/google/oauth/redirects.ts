import { ISSUER } from "./id-token";
import type { Flow, OAuthClient } from "./model";

const LOOPBACK_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Exact match with a registered address; by switch also the same path on another loopback host and port. */
export function isRegistered(client: OAuthClient, redirectUri: string, anyLoopback: boolean): boolean {
  if (client.redirectUris.includes(redirectUri)) return true;
  return anyLoopback && client.redirectUris.some((registered) => sameOnLoopback(registered, redirectUri));
}

function sameOnLoopback(registered: string, candidate: string): boolean {
  if (!URL.canParse(candidate)) return false;
  const given = new URL(candidate);
  const known = new URL(registered);
  if (given.hash !== "" || given.username !== "" || given.password !== "") return false;
  const loopback = LOOPBACK_HOSTS.has(given.hostname) && LOOPBACK_HOSTS.has(known.hostname);
  const samePlace = given.pathname === known.pathname && given.search === known.search;
  return loopback && given.protocol === known.protocol && samePlace;
}

/** The client's address with the answer to its request; `iss` per RFC 9207. */
export function redirectBack(flow: Flow, answer: Record<string, string>): string {
  const url = new URL(flow.redirectUri);
  if (flow.state !== undefined) url.searchParams.set("state", flow.state);
  url.searchParams.set("iss", ISSUER);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  return url.href;
}
