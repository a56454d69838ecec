import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bulkChanges, calendarRemovals } from "@/db/schema/bulk-changes";
import { newId } from "@/lib/platform/ids";
import { expireData } from "@/lib/privacy/expire-data";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createCalendar, createConnection, createPerson, testServices } from "@/tests/support/factories";
import { scriptedVendor } from "@/tests/support/scripted-vendor";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const NOW = new Date("2026-11-26T03:41:00.000Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

it("what imports took away is kept a day, and thirty while its wholesale change is not accepted", async () => {
  const services = testServices(database.db, [scriptedVendor().provider]);
  const person = await createPerson(database.db);
  const { userId } = person;
  const connectionId = await createConnection(services, person);
  const change = async (decision: "accepted" | "held" | null, age: number) => {
    const calendarId = await createCalendar(services, connectionId, person);
    const [id, at] = [newId(NOW), daysAgo(age)];
    await database.db.insert(bulkChanges).values({
      ...{ id, userId, connectionId, calendarId, since: at, through: at, detectedAt: at },
      ...{ before: 5, gone: 5, moved: 0, decision, decidedAt: decision === null ? null : at },
    });
    return { calendarId, id };
  };
  const removal = async (externalId: string, of: { calendarId: string; id: string | null }, age: number) => {
    await database.db.insert(calendarRemovals).values({
      ...{
        id: newId(NOW),
        calendarId: of.calendarId,
        userId,
        bulkChangeId: of.id,
        how: "removed",
        externalId,
      },
      ...{ startsAt: daysAgo(-3), endsAt: daysAgo(-4), blocked: true, own: false, removedAt: daysAgo(age) },
    });
  };
  const [open, held, accepted] = [
    await change(null, 40),
    await change("held", 200),
    await change("accepted", 5),
  ];
  const forgotten = await change("accepted", 91);
  const none = { calendarId: open.calendarId, id: null };
  await removal("fresh", none, 0.9);
  await removal("stale", none, 1.1);
  await removal("open", open, 29);
  await removal("open too long", open, 31);
  await removal("held", held, 29);
  await removal("accepted", accepted, 1.1);

  expect(await expireData(database.db, NOW)).toMatchObject({ removals: 3, bulkChanges: 1 });
  const kept = await database.db.select().from(calendarRemovals).where(eq(calendarRemovals.userId, userId));
  expect(kept.map(({ externalId }) => externalId).sort()).toEqual(["fresh", "held", "open"]);
  const changes = await database.db.select().from(bulkChanges).where(eq(bulkChanges.userId, userId));
  expect(changes.map(({ id }) => id).sort()).toEqual([open.id, held.id, accepted.id].sort());
  expect(changes.map(({ id }) => id)).not.toContain(forgotten.id);
});
