import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { calendarSyncLogs } from "@/db/schema/calendars";
import { newId } from "@/lib/platform/ids";
import { lastRuns } from "@/lib/reporting/history";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createCalendar, createConnection, createPerson, testServices } from "@/tests/support/factories";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function account() {
  const services = testServices(database.db, []);
  const person = await createPerson(database.db);
  const connectionId = await createConnection(services, person);
  const calendars = [
    await createCalendar(services, connectionId, person),
    await createCalendar(services, connectionId, person),
  ];
  const run = async (calendar: number, at: string) => {
    const when = new Date(at);
    const id = newId(when);
    const columns = { trigger: "schedule", kind: "incremental", status: "succeeded" } as const;
    await database.db.insert(calendarSyncLogs).values({
      ...columns,
      id,
      connectionId,
      calendarId: calendars[calendar] ?? null,
      userId: person.userId,
      changeSeq: 0,
      startedAt: when,
      lastRunAt: when,
    });
    return id;
  };
  return { person, connectionId, run };
}

it("the last run of an account is its newest, also where a quiet row of another calendar was extended later", async () => {
  const { person, connectionId, run } = await account();
  const other = await account();
  await run(0, "2026-12-01T08:00:00Z");
  const quiet = await run(0, "2026-12-01T09:00:00Z");
  const busy = await run(1, "2026-12-01T09:05:00Z");
  await other.run(0, "2026-12-01T12:00:00Z");
  const last = async () =>
    (await lastRuns(person.ctx(), [connectionId, other.connectionId])).get(connectionId)?.id;
  expect(await last()).toBe(busy);
  await database.db.execute(sql`update calendar_sync_logs set last_run_at = '2026-12-01T09:10:00Z', repeats = 2
    where id = ${quiet}`);
  expect(await last()).toBe(quiet);
  expect((await lastRuns(person.ctx(), [other.connectionId])).size).toBe(0);
});
