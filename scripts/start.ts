import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Env, EnvironmentError, readEnv } from "@/lib/platform/env";
import { loadEnvFiles } from "./lib/load-env-files";
import { nextArguments } from "./lib/next-program";
import { OperatorError } from "./lib/operator-error";
import { complain, say } from "./lib/output";
import { dataDirectory, root } from "./lib/paths";
import { rerunUnderProjectNode } from "./lib/project-node";
import { runMain } from "./lib/run-main";
import { spawnTethered, type Tethered } from "./lib/tether";
import { untilStopped } from "./lib/until-stopped";
import type { Postgres } from "./postgres/launcher";

/** Longer than a page takes and a stream needs to close, shorter than a platform waits before it kills. */
const STOP_GRACE_MS = 25_000;

/** The production server: judges the environment, brings a database if it may, migrates if it should, serves. */
runMain(async () => {
  const rerun = await rerunUnderProjectNode();
  if (rerun !== undefined) return rerun;
  loadEnvFiles();
  const env = judge();
  if (!existsSync(resolve(root, ".next/BUILD_ID")))
    throw new OperatorError("There is no build. Run `npm run build` first.");
  const stopped = untilStopped();
  const database = env.DATABASE_URL === undefined ? await embeddedDatabase() : undefined;
  try {
    const url = env.DATABASE_URL ?? database?.url ?? "";
    await prepareSchema(url, env.MIGRATE_ON_START === "1" || database !== undefined);
    const app = startApp(env, url);
    const end = await Promise.race([stopped, app.ended, ...(database === undefined ? [] : [database.ended])]);
    await app.stop(STOP_GRACE_MS);
    if (end === "stop") return 0;
    complain(`The server ended (${end}).`);
    return Number(/^code (\d+)$/.exec(end)?.[1] ?? 1) || 1;
  } finally {
    await database?.stop();
  }
});

function judge(): Env {
  try {
    return readEnv(process.env);
  } catch (error) {
    if (error instanceof EnvironmentError) throw new OperatorError(error.message, { cause: error });
    throw error;
  }
}

/** Fills in what the environment does not say already, as Next does for the app. */
async function embeddedDatabase(): Promise<Postgres> {
  const { startPostgres } = await import("./postgres/launcher");
  const database = await startPostgres({ state: resolve(dataDirectory, "postgres") });
  if (database.notice !== undefined) say(database.notice);
  return database;
}

/** An embedded database is nobody else's, and empty until someone migrates it; another one is migrated on request. */
async function prepareSchema(url: string, wanted: boolean): Promise<void> {
  const [{ migrate, pendingMigrations }, { systemClock }] = await Promise.all([
    import("@/db/migrate"),
    import("@/lib/platform/clock"),
  ]);
  try {
    if (wanted) {
      const { applied } = await migrate(url, systemClock().now());
      if (applied.length > 0) say(`Migrations applied: ${applied.join(", ")}`);
      return;
    }
    const pending = await pendingMigrations(url);
    if (pending.length > 0) {
      complain(
        `The database lacks ${pending.join(", ")}: run \`npm run db:migrate\`, or set MIGRATE_ON_START=1.`,
      );
    }
  } catch (error) {
    throw new OperatorError(
      `The database cannot be used: ${error instanceof Error ? error.message : error}`,
      {
        cause: error,
      },
    );
  }
}

function startApp(env: Env, databaseUrl: string): Tethered {
  return spawnTethered({
    command: process.execPath,
    args: nextArguments("start", env.PORT, "0.0.0.0"),
    cwd: root,
    env: { ...process.env, NODE_ENV: "production", DATABASE_URL: databaseUrl, NEXTAUTH_URL: env.appOrigin },
    signal: "TERM",
    output: [1, 2],
  });
}
