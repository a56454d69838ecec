import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process by id and start, because ids come round again. */
export interface ProcessIdentity {
  pid: number;
  started: string;
}

/** When the process began, in the system's own words (ticks since boot, or `ps`); undefined when there is none. */
export function startOf(pid: number): string | undefined {
  if (process.platform === "linux") {
    const stat = readIfThere(`/proc/${pid}/stat`);
    if (stat === undefined) return undefined;
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  }
  return ps(pid, "lstart=");
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid) ?? "unknown" };
}

export function isRunning(identity: ProcessIdentity): boolean {
  return startOf(identity.pid) === identity.started;
}

/** The command line as one line of text, undefined when no such process runs. */
export function commandLineOf(pid: number): string | undefined {
  if (process.platform !== "linux") return ps(pid, "command=");
  return startOf(pid) === undefined ? undefined : readIfThere(`/proc/${pid}/cmdline`)?.replaceAll("\0", " ");
}

function ps(pid: number, column: string): string | undefined {
  const { status, stdout } = spawnSync("ps", ["-o", column, "-p", String(pid)], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
