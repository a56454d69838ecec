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
import { at, removed, scriptedVendor, upsert } from "@/tests/support/scripted-vendor";

const EVENTS = 2_000;
const TEN_MINUTES_MS = 600_000;

/** One connection, so that what it read of the table is told by it; no statistics of rows, as right after an import. */
it("a calendar that moves or goes as a whole is read a few times, not once for each of its events", async () => {
  await using database = await createTestDatabase({ max: 1 });
  const vendor = scriptedVendor();
  const clock = testClock();
  const services = testServices(database.db, [vendor.provider], { clock });
  const person = await createPerson(database.db);
  const calendarId = await createCalendar(services, await createConnection(services, person), person);
  const time = (n: number) => at(new Date(Date.UTC(2026, 10, 24) + n * TEN_MINUTES_MS).toISOString());
  const all = (item: (n: number) => RoundItem) => Array.from({ length: EVENTS }, (_, n) => item(n));
  const standing = (later: number) =>
    all((n) => upsert(`m${n}`, { start: time(n + later), end: time(n + later + 1) }));

  const rowsRead = async () => {
    await database.db.execute(sql`select pg_stat_force_next_flush()`);
    const [row] = await database.db.execute<{ rows: number }>(sql`
      select (seq_tup_read + idx_tup_fetch)::int as rows from pg_stat_user_tables
      where relname = 'calendar_sync_events'`);
    return row?.rows ?? 0;
  };
  const readBy = async (items: RoundItem[]) => {
    clock.advance(60_000);
    vendor.script({ pages: [{ items }] });
    const before = await rowsRead();
    expect(await syncCalendar(services, calendarId, "schedule")).toMatchObject({ status: "succeeded" });
    return (await rowsRead()) - before;
  };

  await readBy(standing(0));
  expect(await readBy(standing(3))).toBeLessThan(20 * EVENTS);
  expect(await readBy(all((n) => removed(`m${n}`)))).toBeLessThan(20 * EVENTS);
});
