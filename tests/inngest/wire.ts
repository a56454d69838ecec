import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { systemClock } from "@/lib/platform/clock";
import type { Exchange } from "@/scripts/inngest/relay";
import { KEYS } from "@/scripts/inngest/server-process";

/** What a real server and the SDK said to each other; see the README beside it. */
export function recorded(mode: "dev" | "start"): Exchange[] {
  const file = resolve(import.meta.dirname, `exchanges/${mode}.json`);
  return JSON.parse(readFileSync(file, "utf8")) as Exchange[];
}

/** The first recorded call of the server for a function and step, at an attempt. */
export function recordedCall(fnId: string, stepId = "step", attempt = 0): Exchange {
  const path = `/api/inngest?fnId=${fnId}&stepId=${stepId}`;
  const found = recorded("start").find(
    ({ request }) => request.path === path && request.body.includes(`"attempt":${attempt}`),
  );
  if (found === undefined) throw new Error(`no recorded call of ${path}`);
  return found;
}

/** As the server signs: HMAC-SHA256 of body and time, in hex. `Sign` in pkg/execution/driver/httpdriver/util.go. */
export function signature(body: string, seconds: number, key: string = KEYS.signing): string {
  const mac = createHmac("sha256", key.replace(/^signkey-\w+-/, ""))
    .update(body)
    .update(String(seconds));
  return `t=${seconds}&s=${mac.digest("hex")}`;
}

export const nowSeconds = () => Math.floor(systemClock().now().getTime() / 1_000);

interface CallOptions {
  /** Over the recorded body's top level. */
  event?: { id?: string; name: string; data: unknown };
  fnId?: string;
  steps?: Record<string, unknown>;
  /** Null: none at all. */
  signature?: string | null;
  headers?: Record<string, string>;
}

/** A recorded call made anew: other ids and another event in it, signed now unless told otherwise. */
export function callLike(exchange: Exchange, options: CallOptions = {}): Request {
  const { request } = exchange;
  const body = JSON.parse(request.body) as Record<string, unknown>;
  if (options.event !== undefined) {
    const event = { id: "outbox-1", user: {}, ts: systemClock().now().getTime(), ...options.event };
    Object.assign(body, { event, events: [event] });
  }
  if (options.steps !== undefined) body.steps = options.steps;
  const path =
    options.fnId === undefined ? request.path : request.path.replace(/fnId=[^&]+/, `fnId=${options.fnId}`);
  const text = JSON.stringify(sorted(body)); // Both sides sign the canonical form of RFC 8785.
  const signed = options.signature === undefined ? signature(text, nowSeconds()) : options.signature;
  const { "x-inngest-signature": _old, ...kept } = request.headers;
  const headers = new Headers(options.headers);
  for (const [name, value] of Object.entries(kept)) if (!headers.has(name)) headers.set(name, String(value));
  if (signed !== null) headers.set("x-inngest-signature", signed);
  return new Request(`http://localhost:3000${path}`, { method: request.method, headers, body: text });
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

/** Where which kind of value stands, `[]` for any element: what must not change unnoticed in what we send. */
export function shapeOf(value: unknown, path = ""): Set<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((item) => [...shapeOf(item, `${path}[]`)]));
  if (typeof value !== "object" || value === null)
    return new Set([`${path}: ${value === null ? "null" : typeof value}`]);
  return new Set(Object.entries(value).flatMap(([key, item]) => [...shapeOf(item, `${path}.${key}`)]));
}
