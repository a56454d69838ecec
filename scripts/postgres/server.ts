import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { OperatorError } from "../lib/operator-error";
import { freePort, isPortFree } from "../lib/ports";
import { spawnTethered, type Tethered } from "../lib/tether";
import { waitFor } from "../lib/wait";
import type { Binaries } from "./binaries";
import { diskFull, START_OVER } from "./cluster";
import { plainEnvironment } from "./database-user";
import type { Home } from "./home";
import { clearPredecessor, lastPort, readPidFile, recordServer } from "./predecessor";

export interface RunningServer {
  port: number;
  tethered: Tethered;
}

/** Crash recovery after a power cut may take its time; a healthy start takes a tenth of a second. */
const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 30_000;

/** Starts the server on the port it had before, or on another when that is taken. Call with the lock held. */
export async function startServer(home: Home, binaries: Binaries, durable: boolean): Promise<RunningServer> {
  await clearPredecessor(home);
  let port = lastPort(home);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (port === undefined || !(await isPortFree(port))) port = await freePort();
    const outcome = await tryStart(home, binaries, durable, port);
    if (outcome !== "again") return outcome;
    port = undefined;
  }
  throw new OperatorError(`The database found no port to listen on. See ${logFile(home)}.`);
}

async function tryStart(
  home: Home,
  binaries: Binaries,
  durable: boolean,
  port: number,
): Promise<RunningServer | "again"> {
  const log = openLog(home);
  const tethered = spawnTethered({
    command: binaries.postgres,
    args: ["-D", home.cluster, ...settings(port, durable)],
    cwd: "/",
    env: plainEnvironment(),
    signal: "INT",
    user: home.user,
    output: [log.descriptor, log.descriptor],
  });
  closeSync(log.descriptor);
  let ended: string | undefined;
  tethered.ended.then((how) => {
    ended = how;
  });
  const ready = await waitFor(() => (ended !== undefined ? "ended" : isReady(home) ? "ready" : undefined), {
    limitMs: START_LIMIT_MS,
    everyMs: 20,
    onLimit: () =>
      new OperatorError(`The database is still not ready after two minutes. See ${logFile(home)}.`),
  }).catch(async (error) => {
    await tethered.stop(STOP_LIMIT_MS);
    throw error;
  });
  if (ready === "ready") {
    recordServer(home, port);
    return { port, tethered };
  }
  return judge(readFileSync(logFile(home), "utf8").slice(log.offset), ended ?? "", home);
}

function settings(port: number, durable: boolean): string[] {
  const values = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: 200,
    shared_buffers: "64MB",
    log_min_messages: "warning",
    log_checkpoints: "off",
    log_line_prefix: "%m [%p] ",
    timezone: "UTC",
    log_timezone: "UTC",
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** What a server that ended at once said about it: worth another try, or a reason for the person. */
function judge(said: string, how: string, home: Home): "again" {
  if (/Address already in use|could not create any TCP\/IP sockets/.test(said)) return "again";
  const lines = said.trim().split("\n");
  const reason = lines.filter((line) => /FATAL|PANIC/.test(line)).slice(-3);
  throw (
    diskFull(said) ??
    new OperatorError(
      `The database in ${home.cluster} does not start (${how}):\n` +
        `${(reason.length > 0 ? reason : lines.slice(-5)).map((line) => `  ${line}`).join("\n")}\n` +
        `The whole log: ${logFile(home)}. ${START_OVER}`,
    )
  );
}

function isReady(home: Home): boolean {
  return readPidFile(home.cluster).status === "ready";
}

function openLog(home: Home): { descriptor: number; offset: number } {
  const path = logFile(home);
  if (existsSync(path) && statSync(path).size > 5_000_000) renameSync(path, `${path}.old`);
  const descriptor = openSync(path, "a", 0o600);
  return { descriptor, offset: statSync(path).size };
}

function logFile(home: Home): string {
  return join(home.state, "postgres.log");
}
