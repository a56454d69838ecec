import { type ChildProcess, spawn } from "node:child_process";
import { within } from "./wait";

export interface TetherOptions {
  command: string;
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Sent when the tether breaks or `stop` is called. */
  signal: "TERM" | "INT";
  user?: { uid: number; gid: number } | undefined;
  /** stdout and stderr. */
  output: [number | "pipe", number | "pipe"];
}

export interface Tethered {
  process: ChildProcess;
  /** How it ended, for a person: "code 1" or "SIGKILL". */
  ended: Promise<string>;
  /** Resolves when the process is gone; what outlives the grace is killed. */
  stop(graceMs: number): Promise<void>;
}

// The shell passes the signal on when its standard input closes, and that happens however we end, SIGKILL included.
const script = (signal: string) => `
exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
( read -r _ <&3; kill -s ${signal} $child 2>/dev/null ) >/dev/null 2>&1 &
watcher=$!
exec 3<&-
trap 'kill -s ${signal} $child' TERM INT HUP
wait $child; code=$?
while kill -0 $child 2>/dev/null; do wait $child; code=$?; done
kill $watcher 2>/dev/null
exit $code
`;

/** Starts a process that cannot outlive us, in a session of its own so that Ctrl-C reaches it only through us. */
export function spawnTethered(options: TetherOptions): Tethered {
  const child = spawn("/bin/sh", ["-c", script(options.signal), "tether", options.command, ...options.args], {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ["pipe", ...options.output],
    ...options.user,
  });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `code ${code}`));
  });
  child.stdin?.on("error", () => undefined);
  return {
    process: child,
    ended,
    async stop(graceMs) {
      child.stdin?.end();
      if ((await within(ended, graceMs)) !== undefined) return;
      killGroup(child);
      await ended;
    },
  };
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, "SIGKILL");
}
