import { Agent, type RequestOptions, request } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { isLoopbackHost } from "../../core/loopback";

/** What came of a POST: the receiver's status, or why there is none. */
export type PostResult = { status: number } | { problem: "not loopback" | "timeout" | "unreachable" };

// Agents of our own: the global ones may be told by the environment to use a proxy.
const agents = { "http:": new Agent(), "https:": new TlsAgent() };

// No resolver is asked: the only name that passes the check is `localhost`.
const lookupLoopback: LookupFunction = (_, { all }, callback) => {
  if (all !== true) callback(null, "127.0.0.1", 4);
  else
    callback(null, [
      { address: "127.0.0.1", family: 4 },
      { address: "::1", family: 6 },
    ]);
};

/** POSTs without a body, to this machine and nowhere else. Never rejects, follows no redirect, reads no answer. */
export async function postToLoopback(
  address: string,
  headers: Record<string, string>,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<PostResult> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !isLoopbackHost(url.host)) return { problem: "not loopback" };
  const [protocol, send] =
    url.protocol === "https:" ? (["https:", tlsRequest] as const) : (["http:", request] as const);
  const more: RequestOptions = {
    method: "POST",
    agent: agents[protocol],
    lookup: lookupLoopback,
    headers: { ...Object.fromEntries(Object.entries(headers).map(asBytes)), "content-length": "0" },
    signal: options.signal,
  };
  return new Promise((resolve) => {
    const call = send(url, more);
    const timer = setTimeout(() => {
      resolve({ problem: "timeout" });
      call.destroy();
    }, options.timeoutMs);
    call.on("information", ({ statusCode }) => {
      if (statusCode === 102) resolve({ status: statusCode });
    });
    call.on("response", (response) => {
      resolve({ status: response.statusCode ?? 0 });
      response.resume();
    });
    call.on("error", () => resolve({ problem: "unreachable" }));
    call.on("close", () => clearTimeout(timer));
    call.end();
  });
}

// A token is echoed byte for byte; Node writes header values as Latin-1.
function asBytes([name, value]: [string, string]): [string, string] {
  return [name, Buffer.from(value, "utf8").toString("latin1")];
}
