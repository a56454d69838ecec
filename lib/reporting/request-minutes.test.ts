import { afterAll, beforeAll, expect, it } from "vitest";
import { vendorRequestMinutes } from "@/db/schema/watches";
import { newId } from "@/lib/platform/ids";
import { readMinuteStates } from "@/lib/reporting/request-minutes";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";

const NOW = new Date("2026-11-20T12:00:30.000Z");
const QUOTAS = {
  google: { origin: "https://www.googleapis.com", project: 1_000, person: 100 },
  microsoft: null,
};

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

async function state(rows: { minute: string; requests: number; limited?: number }[]) {
  await database.db.delete(vendorRequestMinutes);
  for (const { minute, requests, limited = 0 } of rows) {
    const at = new Date(`2026-11-20T${minute}:00.000Z`);
    const row = { provider: "google", userId: newId(NOW), minute: at, requests, limited } as const;
    await database.db.insert(vendorRequestMinutes).values(row);
  }
  return (await readMinuteStates(database.db, QUOTAS, NOW))[0];
}

it("tells of the last whole minute, not of one that goes on, and of the hour's refusals", async () => {
  const rows = [
    { minute: "12:00", requests: 90 },
    { minute: "11:59", requests: 40 },
    { minute: "11:59", requests: 30 },
    { minute: "11:58", requests: 99 },
  ];
  const quiet = { vendor: "google", requests: 70, busiestPerson: 40, project: 1_000, person: 100 };
  expect(await state(rows)).toEqual({ ...quiet, limited: 0, tight: false });
  expect(await state([...rows, { minute: "11:01", requests: 9, limited: 2 }])).toMatchObject({
    limited: 2,
    tight: true,
  });
  expect(await state([...rows, { minute: "10:59", requests: 9, limited: 2 }])).toMatchObject({ limited: 0 });
});

it.each([
  ["nothing", [], false],
  ["one person's minute nearly full", [{ minute: "11:59", requests: 95 }], true],
  ["all people's", Array.from({ length: 12 }, () => ({ minute: "11:59", requests: 80 })), true],
  ["neither", Array.from({ length: 11 }, () => ({ minute: "11:59", requests: 80 })), false],
])("calls it tight with %s", async (_what, rows, tight) => {
  expect(await state(rows)).toMatchObject({ tight });
});
