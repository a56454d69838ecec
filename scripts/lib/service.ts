import { createWriteStream, existsSync, mkdirSync, openSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { OperatorError } from "./operator-error";
import { complain } from "./output";
import { spawnTethered } from "./tether";
import { waitFor } from "./wait";

export interface ServiceOptions {
  /** Shown before each line of it on the screen. */
  name: string;
  command: string;
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  log: string;
  /** Whether its own lines on stderr go to the screen too. */
  echo?: boolean;
}

export interface Service {
  name: string;
  /** Of the process that holds it; it runs the program as a child. */
  pid: number;
  /** Resolves when the process is gone, with what a person should know: how, and its last lines. */
  failed: Promise<OperatorError>;
  ended: Promise<string>;
  stop(graceMs: number): Promise<void>;
}

const LAST_LINES = 15;

/** A child program: everything it says goes to its log, its errors to the screen with its name before them. */
export function startService(options: ServiceOptions): Service {
  const log = openLog(options.log);
  const last: string[] = [];
  const tethered = spawnTethered({ ...options, signal: "TERM", output: ["pipe", "pipe"] });
  const follow = (stream: Readable | null, isError: boolean) => {
    if (stream === null) return;
    createInterface({ input: stream }).on("line", (line) => {
      log.write(`${line}\n`);
      last.push(line);
      if (last.length > LAST_LINES) last.shift();
      const text = options.echo === false ? undefined : worthShowing(line, isError);
      if (text !== undefined) complain(`[${options.name}] ${text}`);
    });
  };
  follow(tethered.process.stdout, false);
  follow(tethered.process.stderr, true);
  const closed = new Promise<void>((resolve) => tethered.process.once("close", () => resolve()));
  return {
    name: options.name,
    pid: tethered.process.pid ?? 0,
    ended: tethered.ended,
    failed: tethered.ended.then(async (how) => {
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 500))]);
      return new OperatorError(
        `${options.name} ended (${how}). Its last lines:\n` +
          `${last.map((line) => `  ${line}`).join("\n")}\nThe whole log: ${options.log}`,
      );
    }),
    stop: (graceMs) => tethered.stop(graceMs),
  };
}

/** Waits until a service answers, it dies, or the limit is over. */
export async function untilReady(
  service: Service,
  probe: () => Promise<boolean>,
  limitMs: number,
): Promise<void> {
  let death: OperatorError | undefined;
  service.failed.then((error) => {
    death = error;
  });
  await waitFor(
    async () => {
      if (death !== undefined) throw death;
      return (await probe()) ? true : undefined;
    },
    {
      limitMs,
      everyMs: 100,
      onLimit: () =>
        new OperatorError(`${service.name} did not become ready in ${Math.round(limitMs / 1000)} s.`),
    },
  );
}

/** Whether an address answers with something else than a server fault. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.status < 500;
  } catch {
    return false;
  }
}

/** stderr as it is; of JSON log lines on stdout those at error level and above. */
function worthShowing(line: string, isError: boolean): string | undefined {
  if (!line.startsWith("{")) return isError && line.trim() !== "" ? line : undefined;
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== "object" || entry === null || !("level" in entry)) return undefined;
    const severe = Number(entry.level) >= 50 || entry.level === "error" || entry.level === "fatal";
    return severe ? line : undefined;
  } catch {
    return isError ? line : undefined;
  }
}

function openLog(path: string) {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (existsSync(path) && statSync(path).size > 5_000_000) renameSync(path, `${path}.old`);
  const log = createWriteStream(path, { fd: openSync(path, "a", 0o600) });
  // A log that cannot be written, the disk being full, must not take the program down with it.
  log.on("error", () => undefined);
  return log;
}
