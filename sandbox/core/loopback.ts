import type { SandboxContext } from "./context";

const LOOPBACK_ADDRESS = /^(127\.|::1$|::ffff:127\.)/;
const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/**
 * Refuses whoever is not on this machine, a name that merely resolves to loopback, and a page of another origin.
 * Requests made in process have no socket and pass.
 */
export function refuseStrangers(c: SandboxContext): Response | undefined {
  const address = c.env?.incoming?.socket.remoteAddress;
  if (address === undefined) return undefined;
  const host = c.req.header("host") ?? "";
  const origin = c.req.header("origin");
  const foreign = origin !== undefined && origin !== `http://${host}`;
  if (LOOPBACK_ADDRESS.test(address) && LOOPBACK_HOST.test(host) && !foreign) return undefined;
  return Response.json({ error: "The sandbox is controlled from its own machine only" }, { status: 403 });
}
