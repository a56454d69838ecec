import { type ChildProcess, spawn } from "node:child_process";
import { sql } from "drizzle-orm";
import postgres from "postgres";
import type { TestDatabase } from "./database";
import { eventually } from "./eventually";
import type { WorkerOrder } from "./sync-worker";

export interface SyncWorker {
  process: ChildProcess;
  /** Its exit code, null when it was killed, and what it printed. */
  ended: Promise<{ code: number | null; out: string; complaint: string }>;
}

/** A worker of `tests/support/sync-worker.ts`, in a process of its own. */
export function startSyncWorker(order: WorkerOrder): SyncWorker {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "tests/support/sync-worker.ts", JSON.stringify(order)],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let out = "";
  let complaint = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  return {
    process: child,
    ended: new Promise((resolve) => child.on("close", (code) => resolve({ code, out, complaint }))),
  };
}

/**
 * Keeps a gate, an advisory lock that a trigger of the test takes, shut from a session of its own, which is in no
 * transaction and so is never timed out.
 */
export async function behindGate<T>(
  database: TestDatabase,
  key: number,
  work: (open: () => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const gatekeeper = postgres(database.url, { max: 1, onnotice: () => undefined });
  try {
    await gatekeeper`select pg_advisory_lock(${key})`;
    return await work(async () => gatekeeper`select pg_advisory_unlock(${key})`);
  } finally {
    await gatekeeper.end({ timeout: 1 });
  }
}

/** Whether somebody of this database stands before the gate. */
export async function waitsAtGate(database: TestDatabase, key: number): Promise<boolean> {
  return (await countAtGate(database, key)) > 0;
}

export async function countAtGate({ db }: TestDatabase, key: number): Promise<number> {
  const waiting = await db.execute(sql`
    select from pg_locks
    where database = (select oid from pg_database where datname = current_database())
      and locktype = 'advisory' and not granted and objid = ${key}`);
  return waiting.length;
}

/** Resolves when somebody does; says so when the worker that was to come there ended on its way. */
export async function atGate(database: TestDatabase, key: number, worker: SyncWorker): Promise<void> {
  let end: string | undefined;
  worker.ended.then(({ code, out, complaint }) => {
    end = `the worker ended (${code}) before it came to the gate: ${out}${complaint}`;
  });
  await eventually("a worker waits at the gate", async () => {
    if (end !== undefined) throw new Error(end);
    return waitsAtGate(database, key);
  });
}
