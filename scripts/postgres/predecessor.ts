import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode, OperatorError } from "../lib/operator-error";
import { commandLineOf, isRunning, type ProcessIdentity, startOf } from "../lib/process-identity";
import { waitFor } from "../lib/wait";

type Place = { state: string; cluster: string };
type ServerRecord = ProcessIdentity & { port: number };

/** The fields of postmaster.pid that matter here (its line order is documented in PostgreSQL's miscadmin.h). */
export function readPidFile(cluster: string): { pid?: number; segment?: number; status?: string } {
  const lines = readLines(join(cluster, "postmaster.pid"));
  return {
    pid: toNumber(lines[0]),
    segment: toNumber(lines[6]?.trim().split(/\s+/)[1]),
    status: lines[7]?.trim(),
  };
}

/** Notes which server process is ours, so that a later run may end it should it outlive us. */
export function recordServer(place: Place, port: number): void {
  const { pid } = readPidFile(place.cluster);
  if (pid === undefined) return;
  const path = join(place.state, "server.json");
  rmSync(path, { force: true });
  writeFileSync(path, JSON.stringify({ pid, started: startOf(pid), port }));
}

export function lastPort(place: Place): number | undefined {
  return readRecord(place)?.port;
}

/**
 * A server may have outlived its starter: one that is on its way out is waited for, one we recorded is asked to end,
 * and a foreign one is named and left alone. A postmaster.pid whose process is none is removed.
 */
export async function clearPredecessor(place: Place): Promise<void> {
  const { pid, segment } = readPidFile(place.cluster);
  if (pid !== undefined && pid > 1) await untilEnded(place, pid);
  if (segment !== undefined) await untilDetached(place, segment);
  rmSync(join(place.cluster, "postmaster.pid"), { force: true });
}

async function untilEnded(place: Place, pid: number): Promise<void> {
  const serves = () => commandLineOf(pid)?.includes(place.cluster) === true;
  if (!serves()) return;
  const recorded = readRecord(place);
  const ours = recorded !== undefined && recorded.pid === pid && isRunning(recorded);
  if (ours) process.kill(pid, "SIGINT");
  await waitFor(() => (serves() ? undefined : true), {
    limitMs: ours ? 30_000 : 5_000,
    onLimit: () =>
      new OperatorError(
        ours
          ? `The database of an earlier run (pid ${pid}) does not end. See ${join(place.state, "postgres.log")}.`
          : `A PostgreSQL this program did not start (pid ${pid}) serves ${place.cluster}. Stop it first.`,
      ),
  });
}

/** After a kill -9 of the server its children end by themselves, within moments; until then none may start. */
async function untilDetached(place: Place, segment: number): Promise<void> {
  const attached = () => {
    const row = readLines("/proc/sysvipc/shm")
      .map((line) => line.trim().split(/\s+/))
      .find((fields) => Number(fields[1]) === segment);
    return row !== undefined && Number(row[6]) > 0;
  };
  await waitFor(() => (attached() ? undefined : true), {
    limitMs: 10_000,
    onLimit: () =>
      new OperatorError(`Processes of the crashed database in ${place.cluster} do not end by themselves.`),
  });
}

function readRecord(place: Place): ServerRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(place.state, "server.json"), "utf8")) as ServerRecord;
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function toNumber(text: string | undefined): number | undefined {
  const value = Number.parseInt(text ?? "", 10);
  return Number.isNaN(value) ? undefined : value;
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}
