import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { calendarWatches, vendorRequests } from "@/db/schema/watches";
import { nextSyncAt } from "@/lib/calendar/schedule";
import { newId } from "@/lib/platform/ids";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import {
  createCalendar,
  createConnection,
  createPerson,
  testClock,
  testLedger,
  testServices,
} from "@/tests/support/factories";
import { scriptedVendor } from "@/tests/support/scripted-vendor";

const NOON = new Date("2026-11-20T12:00:00.000Z");
const HOUR_MS = 3_600_000;
const BUDGET = 1_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

type Watch = Partial<typeof calendarWatches.$inferInsert>;
const ago = (hours: number) => new Date(NOON.getTime() - hours * HOUR_MS);
const ALIVE: Watch = { expiresAt: ago(-72), verifiedAt: ago(23) };

/** When a calendar that is read at noon is read next. */
async function plannedAfter({ used, watch }: { used: number; watch: Watch | null }) {
  await database.db.delete(vendorRequests);
  const clock = testClock(NOON);
  const budgets = { vendors: { google: BUDGET, microsoft: null }, person: 1_000_000 };
  const requests = testLedger(database.db, clock, { budgets });
  const services = testServices(database.db, [scriptedVendor().provider], { clock, requests });
  const person = await createPerson(database.db, { now: NOON });
  const connectionId = await createConnection(services, person);
  const calendarId = await createCalendar(services, connectionId, person);
  if (watch !== null) {
    await database.db.insert(calendarWatches).values({
      id: newId(NOON),
      userId: person.userId,
      connectionId,
      calendarId,
      provider: "google",
      secretHash: "x",
      requestedAt: ago(24),
      nextAttemptAt: NOON,
      ...watch,
    });
  }
  if (used > 0) {
    const row = { provider: "google", day: "2026-11-20", failures: 0, limited: 0 } as const;
    await database.db.insert(vendorRequests).values({ ...row, userId: newId(NOON), requests: used });
  }
  await requests.flush();
  expect(await syncCalendar(services, calendarId, "schedule")).toMatchObject({ status: "succeeded" });
  const [row] = await database.db.select().from(calendars).where(eq(calendars.id, calendarId));
  const { nextSyncAt: planned } = row ?? {};
  for (const minutes of [5, 15, 30]) {
    if (planned?.getTime() === nextSyncAt(calendarId, NOON, minutes * 60_000).getTime()) return minutes;
  }
  throw new Error(`planned for ${planned?.toISOString()}`);
}

it.each<[string, number, Watch | null, number]>([
  ["no pressure and a watch that works", 300, ALIVE, 5],
  ["pressure and a watch verified within a day", 600, ALIVE, 30],
  ["some pressure and a watch verified within a day", 450, ALIVE, 15],
  ["pressure and a message within a day", 600, { ...ALIVE, verifiedAt: ago(90), lastNotifiedAt: ago(1) }, 30],
  ["pressure and no watch", 600, null, 5],
  ["pressure and a watch nobody heard of yet", 600, { expiresAt: ago(-72) }, 5],
  ["pressure and a watch that proved itself two days ago", 600, { ...ALIVE, verifiedAt: ago(48) }, 5],
  ["pressure and a watch that a wrong clock called proven", 600, { ...ALIVE, verifiedAt: ago(-48) }, 5],
  ["pressure and a watch that ended", 600, { ...ALIVE, expiresAt: ago(1) }, 5],
  ["pressure and a watch that is to be stopped", 600, { ...ALIVE, stopWantedAt: ago(1) }, 5],
])("%s: the next round is planned in its place of the interval", async (_, used, watch, minutes) => {
  expect(await plannedAfter({ used, watch })).toBe(minutes);
});
