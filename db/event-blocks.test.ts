import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type BlockFacts, type BlockSettings, blocks } from "@/lib/calendar/blocking";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

interface Case extends BlockFacts, BlockSettings {
  canWrite: boolean;
}

const VALUES: { [K in keyof Case]: Case[K][] } = {
  allDay: [true, false],
  kind: ["default", "focus_time", "out_of_office", "working_location", "birthday", "from_mail"],
  status: ["confirmed", "tentative"],
  showAs: ["busy", "free", "tentative", "out_of_office", "working_elsewhere"],
  response: ["none", "organizer", "needs_action", "declined", "tentative", "accepted"],
  own: [true, false],
  override: [true, false, null],
  empty: [true, false],
  canWrite: [true, false],
  allDayEvents: ["as_provider", "always_block"],
  tentative: ["block", "ignore"],
};

function allCases(): Case[] {
  let cases: object[] = [{}];
  for (const [name, values] of Object.entries(VALUES)) {
    cases = cases.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  }
  return cases as Case[];
}

it("decides in SQL exactly as the pure function does, for every combination of facts and settings", async () => {
  const cases = allCases();
  expect(cases.length).toBe(69_120);
  const rows = await database.db.execute<{ verdict: boolean }>(sql`
    select event_blocks(r.kind, r.status, r."showAs", r.response, r."allDay", r.empty, r.own, r.override,
      r."canWrite", r."allDayEvents", r.tentative) as verdict
    from rows from (jsonb_to_recordset(${JSON.stringify(cases)}::jsonb) as (
      kind text, status text, "showAs" text, response text, "allDay" boolean, empty boolean, own boolean,
      override boolean, "canWrite" boolean, "allDayEvents" text, tentative text)) with ordinality as r
    order by r.ordinality`);
  const different = cases.filter((one, at) => rows[at]?.verdict !== blocks(one, one, one).blocks);
  expect(rows.length).toBe(cases.length);
  expect(different).toEqual([]);
});
