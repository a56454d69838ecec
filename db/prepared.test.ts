import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Db, openDatabase } from "@/db/client";
import { prepared } from "@/db/prepared";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ max: 1 });
});
afterAll(() => database.drop());

const double = (db: Db, value: number) =>
  prepared(db).execute<{ doubled: number }>(sql`select ${value}::int * 2 as doubled`);

/** How many statements this connection keeps that double something. */
async function kept(db: Db): Promise<number> {
  const rows = await db.execute(sql`select from pg_prepared_statements where statement like '%as doubled'`);
  return rows.length;
}

it("keeps one statement on a connection, whatever its values, outside and inside a transaction", async () => {
  expect(await double(database.db, 2)).toEqual([{ doubled: 4 }]);
  expect(await double(database.db, 3)).toEqual([{ doubled: 6 }]);
  expect(await database.db.transaction((tx) => double(tx, 4))).toEqual([{ doubled: 8 }]);
  expect(await kept(database.db)).toBe(1);
});

it("goes on when the table under a kept statement becomes another", async () => {
  const read = () => prepared(database.db).execute(sql`select kept.* from kept where ${1} = 1`);
  await database.db.execute(sql`create table kept (a int)`);
  await database.db.execute(sql`insert into kept values (1)`);
  for (let run = 0; run < 8; run += 1) expect(await read()).toEqual([{ a: 1 }]);
  await database.db.execute(sql`alter table kept alter a type text`);
  expect(await read()).toEqual([{ a: "1" }]);
});

it("keeps none behind a pooler, which a direct address beside another tells of", async () => {
  for (const { direct, expected } of [
    { direct: "postgres://direct.example.test/entente", expected: 0 },
    { direct: database.url, expected: 1 },
  ]) {
    const handle = openDatabase(database.url, { max: 1, direct });
    try {
      expect(await double(handle.db, 5)).toEqual([{ doubled: 10 }]);
      expect(await kept(handle.db)).toBe(expected);
    } finally {
      await handle.close();
    }
  }
});
