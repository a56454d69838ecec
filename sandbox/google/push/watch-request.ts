import { isLoopbackHost } from "../../core/loopback";
import { badRequest } from "../calendar/errors";
import { callbackMustBeHttps } from "./errors";
import type { Channel } from "./model";

/** What a client may say of its channel. */
export type WatchRequest = Pick<Channel, "id" | "address" | "token" | "expiration">;

const MAX_ID = 64;
const MAX_TOKEN = 256;

/**
 * Reads the body of a watch call. The life asked for is a wish: never longer than `maxSeconds`, in whole seconds.
 * https://developers.google.com/workspace/calendar/api/v3/reference/events/watch
 */
export function readWatchRequest(
  body: Record<string, unknown>,
  now: number,
  maxSeconds: number,
): WatchRequest {
  const id = required(body, "id");
  if (id.length > MAX_ID || !/^[A-Za-z0-9\-_+/=]+$/.test(id)) throw badRequest("Invalid channel id.", "id");
  const type = required(body, "type");
  if (type !== "web_hook" && type !== "webhook") throw badRequest("Unknown channel type.", "type");
  const address = readAddress(required(body, "address"));
  const { token } = body;
  if (token !== undefined && token !== null && !isToken(token))
    throw badRequest("Invalid channel token.", "token");
  const end = Math.min(...wishes(body, now), now + maxSeconds * 1_000);
  const expiration = Math.floor(end / 1_000) * 1_000;
  return { id, address, expiration, ...(typeof token === "string" && { token }) };
}

// It travels in a header, where control characters have no place.
function isToken(token: unknown): boolean {
  return typeof token === "string" && token.length <= MAX_TOKEN && !/\p{Cc}/u.test(token);
}

function required(body: Record<string, unknown>, name: string): string {
  const value = body[name];
  if (typeof value !== "string" || value === "") throw badRequest("Required", name, "required");
  return value;
}

function readAddress(address: string): string {
  if (!URL.canParse(address)) throw badRequest("Invalid WebHook callback.", "address");
  const { protocol, host } = new URL(address);
  if (protocol === "https:" || (protocol === "http:" && isLoopbackHost(host))) return address;
  throw callbackMustBeHttps(address);
}

/** The ends of life asked for, as `expiration` (an instant) and as `params.ttl` (seconds). */
function wishes({ expiration, params }: Record<string, unknown>, now: number): number[] {
  const ttl = (params as { ttl?: unknown } | undefined)?.ttl;
  const ends: number[] = [];
  if (expiration !== undefined && expiration !== null)
    ends.push(future(Number(expiration), now, "expiration"));
  if (ttl !== undefined && ttl !== null) ends.push(future(now + Number(ttl) * 1_000, now, "params.ttl"));
  return ends;
}

function future(end: number, now: number, name: string): number {
  if (Number.isFinite(end) && end > now) return end;
  throw badRequest(`Invalid value for ${name}.`, name);
}
