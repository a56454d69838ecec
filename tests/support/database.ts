import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { type Database, type DatabaseHandle, openDatabase } from "@/db/client";
import { asAdmin, type TestCluster, withDatabase } from "./database-service";

export interface TestDatabase extends AsyncDisposable {
  url: string;
  db: Database;
  handle: DatabaseHandle;
  /** Closes the pool and drops the database. */
  drop(): Promise<void>;
}

/** A migrated database of the caller's own, usually made once per test file in `beforeAll`. */
export async function createTestDatabase(options: { max?: number } = {}): Promise<TestDatabase> {
  const { adminUrl, template } = await testCluster();
  const name = `entente_test_${randomBytes(6).toString("hex")}`;
  await asAdmin(adminUrl, (sql) => sql`create database ${sql(name)} template ${sql(template)}`);
  const url = withDatabase(adminUrl, name);
  const handle = openDatabase(url, { max: options.max ?? 10, name: "entente-test" });
  const drop = async () => {
    await handle.close();
    await asAdmin(adminUrl, (sql) => sql`drop database if exists ${sql(name)} with (force)`);
  };
  return { url, db: handle.db, handle, drop, [Symbol.asyncDispose]: drop };
}

/** An empty database without migrations, for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<{ url: string } & AsyncDisposable> {
  const { adminUrl } = await testCluster();
  const name = `entente_empty_${randomBytes(6).toString("hex")}`;
  await asAdmin(adminUrl, (sql) => sql`create database ${sql(name)}`);
  return {
    url: withDatabase(adminUrl, name),
    [Symbol.asyncDispose]: () =>
      asAdmin(adminUrl, (sql) => sql`drop database if exists ${sql(name)} with (force)`),
  };
}

async function testCluster(): Promise<TestCluster> {
  const response = await fetch(inject("testDatabaseService"));
  if (!response.ok) throw new Error(`No test database: ${await response.text()}`);
  return (await response.json()) as TestCluster;
}
