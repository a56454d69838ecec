import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DatabaseHandle, openDatabase } from "@/db/client";
import { calendars } from "@/db/schema/calendars";
import { calendarWatches } from "@/db/schema/watches";
import { randomToken, tokenHash } from "@/lib/platform/crypto";
import { newId } from "@/lib/platform/ids";
import { receiveMessage } from "@/lib/sync/watches/receive-message";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createCalendar, createConnection, createPerson, testServices } from "@/tests/support/factories";

const NOW = new Date("2026-11-23T09:00:00.000Z");
const SECRET = randomToken();
/** As many connections as the door has. */
const POOL = 3;

let database: TestDatabase;
let door: DatabaseHandle;
beforeAll(async () => {
  database = await createTestDatabase();
  door = openDatabase(database.url, { max: POOL });
});
afterAll(async () => {
  await door.close();
  await database.drop();
});

async function watched() {
  const services = testServices(database.db, []);
  const person = await createPerson(database.db);
  const connectionId = await createConnection(services, person);
  const calendarId = await createCalendar(services, connectionId, person);
  const watchId = newId(NOW);
  await database.db.insert(calendarWatches).values({
    ...{ id: watchId, userId: person.userId, connectionId, calendarId, provider: "google" as const },
    ...{ secretHash: tokenHash(SECRET), resourceId: "resource", requestedAt: NOW, nextAttemptAt: NOW },
    expiresAt: new Date(NOW.getTime() + 86_400_000),
  });
  return { calendarId, watchId };
}

const seqOf = async (calendarId: string) => {
  const [row] = await database.db.select().from(calendars).where(eq(calendars.id, calendarId));
  return row?.changeSeq ?? 0;
};
const tell = (watchId: string) =>
  receiveMessage(
    door.db,
    { watchId, secret: SECRET, resourceId: "resource", state: "changed", number: null, expiresAt: null },
    NOW,
  );

it("a flood of messages of one calendar that is held keeps no other's waiting", async () => {
  const [held, free] = [await watched(), await watched()];
  const before = await seqOf(held.calendarId);
  let flood: Promise<{ outcome: string }[]> = Promise.resolve([]);
  const other = await database.db.transaction(async (tx) => {
    await tx.execute(sql`update calendars set failures = failures where id = ${held.calendarId}`);
    flood = Promise.all(Array.from({ length: 4 * POOL }, () => tell(held.watchId)));
    const waiting = () =>
      database.db.execute(sql`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
    while ((await waiting()).length === 0) await new Promise((go) => setTimeout(go, 5));
    // Its answer comes while the lock is held, or never: nothing else ends this transaction.
    return tell(free.watchId);
  });
  expect(other).toMatchObject({ outcome: "stamped" });
  expect((await flood).map(({ outcome }) => outcome)).toEqual(Array(4 * POOL).fill("stamped"));
  expect((await seqOf(held.calendarId)) - before).toBe(4 * POOL);
});
