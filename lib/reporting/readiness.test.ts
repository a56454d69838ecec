import { expect, it } from "vitest";
import { openDatabase } from "@/db/client";
import { findUnreadiness } from "@/lib/reporting/readiness";
import { createEmptyDatabase, createTestDatabase } from "@/tests/support/database";

it("finds a migrated database ready, an empty one pending and a silent one unreachable", async () => {
  await using migrated = await createTestDatabase();
  expect(await findUnreadiness(migrated.db)).toEqual([]);
  await using empty = await createEmptyDatabase();
  const handle = openDatabase(empty.url);
  expect(await findUnreadiness(handle.db)).toEqual(["migrations_pending"]);
  await handle.close();
  const nowhere = openDatabase("postgres://x@127.0.0.1:9/x");
  expect(await findUnreadiness(nowhere.db)).toEqual(["database_unreachable"]);
  await nowhere.close();
});
