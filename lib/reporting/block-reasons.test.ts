import { afterAll, beforeAll, expect, it } from "vitest";
import { calendarSyncEvents } from "@/db/schema/calendars";
import { newId } from "@/lib/platform/ids";
import { blockReasons } from "@/lib/reporting/block-reasons";
import { listEvents } from "@/lib/reporting/events";
import { overrideEvent } from "@/lib/sync/override-event";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import {
  createCalendar,
  createConnection,
  createPerson,
  testClock,
  testServices,
} from "@/tests/support/factories";
import { scriptedVendor } from "@/tests/support/scripted-vendor";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const DAY = { from: new Date("2026-11-24T00:00:00Z"), to: new Date("2026-11-25T00:00:00Z") };

async function somebodyWith(events: Partial<typeof calendarSyncEvents.$inferInsert>[]) {
  const clock = testClock();
  const services = testServices(database.db, [scriptedVendor().provider], { clock });
  const person = await createPerson(database.db);
  const calendarId = await createCalendar(services, await createConnection(services, person), person);
  const rows = events.map((event) => ({
    id: newId(clock.now()),
    calendarId,
    userId: person.userId,
    provider: "google" as const,
    externalId: newId(clock.now()),
    fingerprint: "f",
    kind: "default",
    status: "confirmed",
    showAs: "busy",
    response: "none",
    startsAt: new Date("2026-11-24T09:00:00Z"),
    endsAt: new Date("2026-11-24T10:00:00Z"),
    learnedAt: clock.now(),
    ...event,
  }));
  await database.db.insert(calendarSyncEvents).values(rows);
  return { ctx: person.ctx(clock.now()), ids: rows.map(({ id }) => id) };
}

it("names the rule for each event, and agrees with the list of events on what blocks", async () => {
  const { ctx, ids } = await somebodyWith([
    {},
    { response: "declined" },
    { showAs: "free", startDate: "2026-11-24", endDate: "2026-11-25" },
    { startsAt: new Date("2026-11-24T09:00:00Z"), endsAt: new Date("2026-11-24T09:00:00Z") },
  ]);
  const reasons = await blockReasons(ctx, ids);
  expect(ids.map((id) => reasons.get(id)?.reason)).toEqual([
    "busy",
    "declined",
    "all_day_setting",
    "zero_length",
  ]);
  const { data } = await listEvents(ctx, DAY, { limit: 10, cursor: null });
  expect(data.map(({ id, blocks }) => [id, blocks]).sort()).toEqual(
    ids.map((id) => [id, reasons.get(id)?.blocks]).sort(),
  );
});

it("follows the person's own word", async () => {
  const { ctx, ids } = await somebodyWith([{ showAs: "free" }]);
  const [id = ""] = ids;
  await overrideEvent(ctx, id, true);
  expect((await blockReasons(ctx, [id])).get(id)).toEqual({ blocks: true, reason: "override_busy" });
  await overrideEvent(ctx, id, null);
  expect((await blockReasons(ctx, [id])).get(id)).toEqual({ blocks: false, reason: "marked_free" });
});

it("tells nothing of other people's events", async () => {
  const [mine, other] = [await somebodyWith([{}]), await somebodyWith([{}])];
  expect((await blockReasons(mine.ctx, [...mine.ids, ...other.ids])).size).toBe(1);
  expect(await blockReasons(mine.ctx, [])).toEqual(new Map());
});
