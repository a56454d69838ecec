import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import type { RoundItem } from "@/lib/calendar/round-item";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { createTestDatabase } from "@/tests/support/database";
import {
  createCalendar,
  createConnection,
  createPerson,
  testClock,
  testServices,
} from "@/tests/support/factories";
import { removed, scriptedVendor, upsert } from "@/tests/support/scripted-vendor";

it("a connection keeps no more statements for rounds of other sizes", async () => {
  await using database = await createTestDatabase({ max: 1 });
  const vendor = scriptedVendor();
  const services = testServices(database.db, [vendor.provider], { clock: testClock() });
  const person = await createPerson(database.db);
  const calendarId = await createCalendar(services, await createConnection(services, person), person);
  const events = (count: number, title: string) =>
    Array.from({ length: count }, (_, index) => upsert(`e${index}`, { title }));
  const kept = async () => (await database.db.execute(sql`select from pg_prepared_statements`)).length;
  const sync = async (...pages: { items?: RoundItem[] }[]) => {
    vendor.script({ pages });
    expect(await syncCalendar(services, calendarId, "schedule")).toMatchObject({ status: "succeeded" });
  };

  await sync({ items: events(3, "first") }, { items: [] });
  await sync({ items: [...events(2, "second"), removed("e2")] });
  await sync({});
  const before = await kept();
  expect(before).toBeGreaterThan(5);
  await sync({ items: events(7, "third") }, { items: events(40, "fourth") }, { items: [] });
  await sync({ items: [removed("e1"), removed("e3"), removed("e4"), ...events(1, "fifth")] });
  expect(await kept()).toBe(before);
});
