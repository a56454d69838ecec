import { MigrationError, migrate } from "@/db/migrate";
import { systemClock } from "@/lib/platform/clock";
import { loadEnvFiles } from "./lib/load-env-files";
import { OperatorError } from "./lib/operator-error";
import { say } from "./lib/output";
import { runMain } from "./lib/run-main";
import { connectOrStartPostgres } from "./postgres/launcher";

/** Applies pending migrations to DATABASE_URL, or to this checkout's embedded database when it is unset. */
runMain(async () => {
  loadEnvFiles();
  const given = process.env.DATABASE_URL;
  const database = given ? undefined : await connectOrStartPostgres();
  try {
    await report(given || database?.url || "");
    return 0;
  } finally {
    await database?.stop();
  }
});

async function report(url: string): Promise<void> {
  try {
    const { applied, ahead } = await migrate(url, systemClock().now());
    for (const name of applied) say(`applied ${name}`);
    if (applied.length === 0) say("Nothing to migrate.");
    if (ahead.length > 0) say(`This database has been used by a newer version (${ahead.join(", ")}).`);
  } catch (error) {
    if (error instanceof MigrationError) throw new OperatorError(error.message, { cause: error });
    throw error;
  }
}
