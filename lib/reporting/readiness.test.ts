import { expect, it } from "vitest";
import { openDatabase } from "@/db/client";
import { jobBeats } from "@/db/schema/watches";
import { findStoppedSchedule, findUnreadiness } from "@/lib/reporting/readiness";
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

it("tells from the table alone that no scheduled work begins, to a process that has run for long enough", async () => {
  await using database = await createTestDatabase();
  const now = new Date("2026-11-23T09:00:00.000Z");
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
  const look = (startedAt: Date) => findStoppedSchedule(database.db, { startedAt, now });
  expect(await look(ago(4))).toBeNull();
  expect(await look(ago(6))).toEqual({ lastTickAt: null });
  await database.db.insert(jobBeats).values({ job: "sync-tick", startedAt: ago(6) });
  expect(await look(ago(60))).toEqual({ lastTickAt: ago(6) });
  await database.db.update(jobBeats).set({ startedAt: ago(1) });
  expect(await look(ago(60))).toBeNull();
});
