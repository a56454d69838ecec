import type { SandboxContext } from "./context";

const LOOPBACK_ADDRESS = /^(127\.|::1$|::ffff:127\.)/;
const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/** Whether a host, with or without port, names this machine without asking a resolver. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK_HOST.test(host);
}

/**
 * Refuses whoever is not on this machine, a name that merely resolves to loopback, a page of another origin, and the
 * sandbox's own push messages, whose address a client chose.
 * Requests made in process have no socket and pass.
 */
export function refuseStrangers(c: SandboxContext): Response | undefined {
  const address = c.env?.incoming?.socket.remoteAddress;
  if (address === undefined) return undefined;
  const host = c.req.header("host") ?? "";
  const origin = c.req.header("origin");
  const foreign = origin !== undefined && origin !== `http://${host}`;
  const pushed = c.req.header("x-goog-channel-id") !== undefined;
  if (LOOPBACK_ADDRESS.test(address) && isLoopbackHost(host) && !foreign && !pushed) return undefined;
  return Response.json({ error: "The sandbox is controlled from its own machine only" }, { status: 403 });
}
