import { readdirSync } from "node:fs";
import { join } from "node:path";
import { is, sql } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ max: 1 });
});
afterAll(() => database.drop());

/** Every table that a file of db/schema exports. */
async function tables(): Promise<PgTable[]> {
  const directory = join(import.meta.dirname, "schema");
  const modules = await Promise.all(readdirSync(directory).map((name) => import(join(directory, name))));
  return modules.flatMap((module: object) => Object.values(module)).filter((value) => is(value, PgTable));
}

it("gives a migrated database exactly the tables and columns of the schema", async () => {
  const rows = await database.db.execute<{ name: string }>(sql`
    select table_name || '.' || column_name || ' ' ||
      case when is_nullable = 'YES' then 'null' else 'not null' end as name
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'schema_migrations'`);
  const wanted = (await tables()).flatMap((table) => {
    const { name, columns } = getTableConfig(table);
    return columns.map((column) => `${name}.${column.name} ${column.notNull ? "not null" : "null"}`);
  });
  expect(wanted.length).toBeGreaterThan(0);
  expect(rows.map(({ name }) => name).sort()).toEqual(wanted.sort());
});
