import { randomBytes } from "node:crypto";
import diagnostics from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { isLoopbackHost } from "@/lib/platform/origins";

const PEER_HEADER = "x-entente-peer";

interface PeerMark {
  __ententePeerMark?: string;
}

/**
 * Marks every request this process receives with the address of its socket, under a name no client can forge.
 * Needed because a request handler sees headers alone, and `X-Forwarded-For` is whatever the client wrote.
 */
export function markPeers(): void {
  const place = globalThis as PeerMark;
  if (place.__ententePeerMark !== undefined) return;
  const mark = randomBytes(16).toString("hex");
  place.__ententePeerMark = mark;
  diagnostics.subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    request.headers[PEER_HEADER] = `${mark} ${request.socket.remoteAddress ?? ""}`;
  });
}

/**
 * The address a request came from, behind `hops` trusted proxies (`TRUST_PROXY`): each of them appends the address
 * it saw to `X-Forwarded-For`. Without proxies that header counts for nothing. "unknown" is one shared bucket.
 */
export function clientAddress(headers: Headers, hops: number): string {
  if (hops > 0) {
    const seen = (headers.get("x-forwarded-for") ?? "").split(",").map((part) => part.trim());
    return network(seen.at(-hops) ?? "");
  }
  return network(peerAddress(headers) ?? "");
}

/** Whether the socket's other end is this machine, whatever headers say. False for a request that was not marked. */
export function isLoopbackPeer(headers: Headers): boolean {
  const address = peerAddress(headers);
  return address !== null && isLoopbackHost(address.replace(/^::ffff:(?=\d+\.)/i, ""));
}

function peerAddress(headers: Headers): string | null {
  const [mark, address = ""] = (headers.get(PEER_HEADER) ?? "").split(" ");
  const ours = (globalThis as PeerMark).__ententePeerMark;
  return ours !== undefined && mark === ours ? address : null;
}

/** One household of IPv6 is a /64; an IPv4 address counts whole, however it is spelled. */
function network(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").toLowerCase();
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(plain)) return plain;
  if (!/^[0-9a-f:]{2,39}$/.test(plain)) return "unknown";
  const [head = "", tail] = plain.split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const filled =
    tail === undefined ? groups : [...groups, ...Array(8 - groups.length - rest.length).fill("0"), ...rest];
  return `${filled
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}
