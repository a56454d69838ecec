import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buildApp, isBuilt } from "@/scripts/demo/build-app";
import { lockOwner, takeLock } from "@/scripts/lib/lock";
import { nextArguments } from "@/scripts/lib/next-program";
import { dataDirectory, root } from "@/scripts/lib/paths";
import { answers } from "@/scripts/lib/service";
import { spawnTethered, type Tethered } from "@/scripts/lib/tether";
import { waitFor } from "@/scripts/lib/wait";
import type { WorkerLine } from "./background-worker";
import { workerFile } from "./bundle-worker";

const reports = join(dataDirectory, "test-reports");

export interface Killable {
  /** Every line it printed so far. */
  lines: string[];
  pid: number;
  /** SIGKILL: nothing of it runs another instruction. */
  kill(): Promise<void>;
  /** SIGTERM, as an operator would. */
  stop(): Promise<void>;
}

/** The app as it is in production, built when its sources changed since; two test files never build at once. */
export async function ensureBuilt(): Promise<void> {
  mkdirSync(reports, { recursive: true });
  const lock = await waitFor(
    () => {
      const taken = takeLock(join(reports, "build.lock"), "command");
      return "lock" in taken ? taken.lock : undefined;
    },
    { limitMs: 600_000, everyMs: 200, onLimit: () => new Error("another process builds for ten minutes") },
  );
  try {
    if (isBuilt()) return;
    if (lockOwner(join(dataDirectory, "demo.lock")) !== undefined) {
      throw new Error("the sources changed, and a build would pull the old one from under the running demo");
    }
    await buildApp(reports, () => undefined);
  } finally {
    lock.release();
  }
}

/** `next start` on a port of its own; resolves when it is ready. */
export async function startApp(env: Record<string, string>, port: number): Promise<Killable> {
  const app = start(nextArguments("start", port, "127.0.0.1"), { ...env, NODE_ENV: "production" });
  await ready(app, () => answers(`http://127.0.0.1:${port}/api/health/ready`));
  return app;
}

/** The background without the web server; resolves when it works. */
export async function startWorker(env: Record<string, string>): Promise<Killable> {
  const worker = start([workerFile()], env);
  await ready(worker, () => worker.lines.includes("ready" satisfies WorkerLine));
  return worker;
}

type Started = Killable & { ended: Promise<string> };

function start(args: string[], env: Record<string, string>): Started {
  const { NODE_ENV: _theirs, ...inherited } = process.env;
  const tethered = spawnTethered({
    command: process.execPath,
    args,
    cwd: root,
    env: { ...inherited, ...env } as NodeJS.ProcessEnv,
    signal: "TERM",
    output: ["pipe", "pipe"],
  });
  const lines: string[] = [];
  for (const stream of [tethered.process.stdout, tethered.process.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on("line", (line) => lines.push(line));
  }
  const pid = tethered.process.pid ?? 0;
  return { lines, pid, ended: tethered.ended, kill: () => kill(tethered), stop: () => tethered.stop(10_000) };
}

async function ready(started: Started, probe: () => Promise<boolean> | boolean): Promise<void> {
  let death: string | undefined;
  started.ended.then((how) => {
    death = how;
  });
  await waitFor(
    async () => {
      if (death !== undefined) throw new Error(`ended (${death}): ${started.lines.slice(-10).join("\n")}`);
      return (await probe()) || undefined;
    },
    { limitMs: 300_000, everyMs: 30, onLimit: () => new Error(`not ready: ${started.lines.join("\n")}`) },
  );
}

/** The whole group, the shell that holds the tether included. */
async function kill({ process: child, ended }: Tethered): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, "SIGKILL");
  await ended;
}
