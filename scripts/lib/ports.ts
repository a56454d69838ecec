import { randomInt } from "node:crypto";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { errorCode } from "./operator-error";
import { commandLineOf } from "./process-identity";

/** Whether a server could listen there now; an address family this machine lacks is no obstacle. */
export async function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  const outcome = await listenOnce(port, host);
  return typeof outcome === "number" || outcome === "EADDRNOTAVAIL" || outcome === "EAFNOSUPPORT";
}

/** Below what systems hand out by themselves (from 32768 on, or 49152), above what programs like to have. */
const [LOWEST, HIGHEST] = [20_000, 31_999];

/**
 * A port nobody listens on at this moment, and that no outgoing connection gets by itself: one that does would keep
 * a server from starting there, now or after a restart.
 */
export async function freePort(host = "127.0.0.1"): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (typeof (await listenOnce(port, host)) === "number") return port;
  }
  const outcome = await listenOnce(0, host);
  if (typeof outcome !== "number") throw new Error(`No free port on ${host}: ${outcome}`);
  return outcome;
}

/** `wanted`, or the first free one above it. */
export async function freePortFrom(wanted: number, host = "127.0.0.1"): Promise<number> {
  for (let port = wanted; port < Math.min(wanted + 50, 65_536); port += 1) {
    if (await isPortFree(port, host)) return port;
  }
  return freePort(host);
}

/** Who listens on a port, for a message; undefined where the system does not tell us. */
export function listenerOf(port: number): string | undefined {
  const sockets = new Set(
    ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => listeningSockets(table, port)),
  );
  if (sockets.size === 0) return undefined;
  for (const pid of entries("/proc").filter((name) => /^\d+$/.test(name))) {
    const holds = entries(`/proc/${pid}/fd`).some((fd) => sockets.has(linkTarget(`/proc/${pid}/fd/${fd}`)));
    if (holds) return `process ${pid}, ${(commandLineOf(Number(pid)) ?? "").trim().slice(0, 80)}`;
  }
  return undefined;
}

function listenOnce(port: number, host: string): Promise<number | string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve(errorCode(error) ?? error.message));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === "object" && address !== null ? address.port : "no address"),
      );
    });
  });
}

/** `socket:[inode]` of every socket in state LISTEN (0A) on that port. */
function listeningSockets(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return quietly(() => readFileSync(table, "utf8"), "")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) === true && fields[3] === "0A")
    .map((fields) => `socket:[${fields[9]}]`);
}

const entries = (directory: string) => quietly(() => readdirSync(directory), []);
const linkTarget = (path: string) => quietly(() => readlinkSync(path), "");

/** Processes come and go while we look, and some are not ours to see. */
function quietly<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
