import { type Database, type DatabaseHandle, openDatabase } from "@/db/client";
import { migrate } from "@/db/migrate";
import { createRuntime, type Runtime } from "@/inngest/runtime";
import { systemClock } from "@/lib/platform/clock";
import { readEnv } from "@/lib/platform/env";
import { findUnreadiness } from "@/lib/reporting/readiness";
import { demoEnvironment, lastDemoEnvironment, USUAL_ADDRESSES } from "../demo/environment";
import { demoSecrets } from "../demo/secrets";
import { OperatorError } from "../lib/operator-error";
import { complain } from "../lib/output";
import { dataDirectory } from "../lib/paths";
import { connectOrStartPostgres } from "../postgres/launcher";

type Environment = Record<string, string | undefined>;

/** The installation a command works on. Opens what is asked for and no more. */
export interface Place {
  now: Date;
  /** The given environment; with `DATABASE_URL` unset, this checkout's own behind it. */
  environment(): Promise<Environment>;
  /** A migrated database. Needs nothing of the environment but `DATABASE_URL`. */
  database(): Promise<Database>;
  /** The whole product. Throws naming every fault of the environment. */
  runtime(): Promise<Runtime>;
  close(): Promise<void>;
}

export function openPlace(given: Environment): Place {
  const closers: (() => Promise<unknown>)[] = [];
  const now = systemClock().now();
  const environment = once(async () => {
    if (given.DATABASE_URL) return given;
    const database = await connectOrStartPostgres();
    closers.push(() => database.stop());
    if (database.notice !== undefined) complain(database.notice);
    if (!database.reused) await migrate(database.url, now);
    return { ...ownEnvironment(), ...withoutEmpty(given), DATABASE_URL: database.url };
  });
  const handle = once(async (): Promise<DatabaseHandle> => {
    const { DATABASE_URL: url = "", DATABASE_URL_DIRECT: direct } = await environment();
    const opened = openDatabase(url, { max: 3, name: "entente-command", ...(direct ? { direct } : {}) });
    closers.push(() => opened.close());
    await requireMigrated(opened.db);
    return opened;
  });
  const runtime = once(async () => {
    const made = createRuntime(readEnv(await environment()));
    closers.push(async () => {
      await made.requests.flush();
      await made.handle.close();
    });
    await requireMigrated(made.services.db);
    return made;
  });
  return {
    now,
    environment,
    database: async () => (await handle()).db,
    runtime,
    close: async () => {
      for (const close of closers.reverse()) await close();
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** As the demo last ran, or as it would run. */
function ownEnvironment(): Environment {
  return lastDemoEnvironment() ?? demoEnvironment(USUAL_ADDRESSES, demoSecrets(dataDirectory));
}

function withoutEmpty(given: Environment): Environment {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value));
}

async function requireMigrated(db: Database): Promise<void> {
  const [reason] = await findUnreadiness(db);
  if (reason === "database_unreachable")
    throw new OperatorError("The database of DATABASE_URL cannot be reached.");
  if (reason === "migrations_pending") {
    throw new OperatorError("The database lacks migrations of this version: run `npm run db:migrate`.");
  }
}
