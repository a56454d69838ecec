import { mkdirSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { type Lock, type LockOwner, takeLock } from "../lib/lock";
import { errorCode, OperatorError } from "../lib/operator-error";
import { dataDirectory } from "../lib/paths";
import { waitFor } from "../lib/wait";
import { locateBinaries } from "./binaries";
import { diskFull, openCluster, readPassword, START_OVER } from "./cluster";
import { belongsToAnother, discardHome, resolveHome } from "./home";
import { startServer } from "./server";

export interface PostgresOptions {
  /** Where the cluster and what belongs to it are kept. */
  state?: string;
  /** Off for tests: what a power cut would lose does not matter there. */
  durable?: boolean;
  /** `command` for programs that end by themselves; others wait for those instead of being turned away. */
  kind?: LockOwner["kind"];
  /** Throws away what is there. */
  fresh?: boolean;
}

export interface Postgres {
  url: string;
  port: number;
  /** Of the process that holds the server; 0 when it is another program's. */
  pid: number;
  /** True when another program of this checkout runs the server; `stop` then leaves it alone. */
  reused: boolean;
  notice?: string | undefined;
  /** Resolves with how the server ended, should it end before `stop`. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

const demoDatabase = join(dataDirectory, "postgres");

/** Starts the embedded server. Throws an `OperatorError` naming the program that runs it already. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const state = options.state ?? demoDatabase;
  const taken = await waitFor(
    () => {
      const result = tryLock(state, options.kind ?? "server");
      return "owner" in result && result.owner.kind === "command" ? undefined : result;
    },
    {
      limitMs: 60_000,
      everyMs: 100,
      onLimit: () => new OperatorError(`A command has been using ${state} for a minute.`),
    },
  );
  if ("owner" in taken) throw alreadyRuns(taken.owner, state);
  return launch(state, taken.lock, options);
}

/** For commands: uses the server that runs, or starts one for as long as the command lasts. */
export async function connectOrStartPostgres(state = demoDatabase): Promise<Postgres> {
  return waitFor(
    async () => {
      const result = tryLock(state, "command");
      if ("lock" in result) return launch(state, result.lock, { kind: "command" });
      const { address, kind } = result.owner;
      return kind === "server" && address !== undefined ? reuse(state, Number(address)) : undefined;
    },
    {
      limitMs: 60_000,
      everyMs: 100,
      onLimit: () =>
        new OperatorError(
          `Another program of this checkout has kept the database in ${state} for a minute without being ready.\n` +
            "Start `npm run demo` and try again, or set DATABASE_URL.",
        ),
    },
  );
}

async function launch(state: string, lock: Lock, options: PostgresOptions): Promise<Postgres> {
  const durable = options.durable ?? true;
  try {
    if (options.fresh === true) await discardHome(state);
    const home = resolveHome(state, durable);
    const binaries = locateBinaries(home);
    const password = openCluster(home, binaries, durable);
    const server = await startServer(home, binaries, durable);
    try {
      await makeDatabase(server.port, password);
    } catch (error) {
      await server.tethered.stop(30_000);
      throw error;
    }
    lock.announce(String(server.port));
    return {
      url: databaseUrl(server.port, password, "entente"),
      port: server.port,
      pid: server.tethered.process.pid ?? 0,
      reused: false,
      notice: home.notice,
      ended: server.tethered.ended,
      async stop() {
        await server.tethered.stop(30_000);
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function reuse(state: string, port: number): Postgres {
  const cluster = join(state, "cluster");
  return {
    url: databaseUrl(port, readPassword({ state, cluster }), "entente"),
    port,
    pid: 0,
    reused: true,
    ended: new Promise(() => undefined),
    stop: () => Promise.resolve(),
  };
}

/** The state directory may belong to another user, who then is the one to run this. */
function tryLock(state: string, kind: LockOwner["kind"]): ReturnType<typeof takeLock> {
  try {
    mkdirSync(state, { recursive: true });
    return takeLock(join(state, "lock"), kind);
  } catch (error) {
    if (errorCode(error) === "EACCES") throw belongsToAnother(state, error);
    if (errorCode(error) === "ENOSPC") throw diskFull("ENOSPC");
    throw error;
  }
}

function alreadyRuns(owner: LockOwner, state: string): OperatorError {
  const where = owner.address === undefined ? "still starting" : `on port ${owner.address}`;
  return new OperatorError(
    `The database in ${state} is already run by process ${owner.pid} (${where}).\n` +
      `Use that one, or stop it first (Ctrl-C in its terminal, or \`kill ${owner.pid}\`).`,
  );
}

function databaseUrl(port: number, password: string, database: string): string {
  return `postgres://entente:${password}@127.0.0.1:${port}/${database}`;
}

async function makeDatabase(port: number, password: string): Promise<void> {
  const sql = postgres(databaseUrl(port, password, "postgres"), {
    max: 1,
    connect_timeout: 10,
    onnotice: () => undefined,
  });
  try {
    const found = await sql`select 1 from pg_database where datname = 'entente'`;
    if (found.length === 0) await sql`create database entente`;
  } catch (error) {
    throw explainConnection(error);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function explainConnection(error: unknown): Error {
  if (errorCode(error) === "28P01") {
    return new OperatorError(`The database does not take its recorded password any more.\n${START_OVER}`, {
      cause: error,
    });
  }
  const text = error instanceof Error ? error.message : String(error);
  return (
    diskFull(text) ??
    new OperatorError(`The database answers with an error: ${text}\n${START_OVER}`, { cause: error })
  );
}
