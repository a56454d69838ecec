import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { calendarSyncLogs } from "@/db/schema/calendars";
import type { Services } from "@/lib/connections/services";
import { newId } from "@/lib/platform/ids";
import { getStatistics, type Statistics, type StatisticsFilter } from "@/lib/reporting/statistics";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import {
  createCalendar,
  createConnection,
  createPerson,
  type Person,
  testServices,
} from "@/tests/support/factories";

const NOW = new Date("2026-11-20T12:00:00.000Z");
const MINUTE = 60_000;
let database: TestDatabase;
let services: Services;
let person: Person;
let connectionId: string;
let calendarId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  services = testServices(database.db, []);
});
afterAll(() => database?.drop());
beforeEach(async () => {
  person = await createPerson(database.db, { now: NOW }); // In Paris.
  connectionId = await createConnection(services, person);
  calendarId = await createCalendar(services, connectionId, person);
});

type Row = Partial<typeof calendarSyncLogs.$inferInsert>;

async function run(startedAt: string, row: Row = {}): Promise<void> {
  const at = new Date(startedAt);
  await database.db.insert(calendarSyncLogs).values({
    id: newId(at),
    connectionId,
    calendarId,
    userId: person.userId,
    trigger: "schedule",
    kind: "incremental",
    status: "succeeded",
    changeSeq: 0,
    startedAt: at,
    finishedAt: at,
    lastRunAt: at,
    ...row,
  });
}

const ask = (filter: StatisticsFilter = {}) => getStatistics(person.ctx(NOW), filter);
const runsByDay = ({ byDay }: Statistics) =>
  Object.fromEntries(byDay.filter(({ runs }) => runs > 0).map(({ date, runs }) => [date, runs]));
const range = (from: string, to: string) => ({ from: new Date(from), to: new Date(to) });

describe("statistics", () => {
  it("without runs are zeros of thirty days, and rates of nothing are null", async () => {
    const found = await ask();
    expect(found).toMatchObject({ runs: 0, successRate: null, delays: { p50Ms: null, p95Ms: null } });
    expect(found).toMatchObject({ timeZone: "Europe/Paris", to: NOW.toISOString() });
    expect(found.from).toBe("2026-10-21T22:00:00.000Z");
    expect(found.byDay).toHaveLength(30);
    expect(found.byDay.at(-1)).toMatchObject({ date: "2026-11-20", runs: 0, successRate: null });
  });

  it("count runs, events and failures on the day of the person's zone on which they began", async () => {
    await run("2026-11-18T22:59:00Z", { imported: 3, updated: 2, removed: 1, trigger: "connect" });
    await run("2026-11-18T23:01:00Z", { status: "failed" });
    await run("2026-11-19T12:00:00Z", { kind: "export", calendarId: null, exported: 4 });
    await run("2026-11-19T12:00:00Z", { status: "running", imported: 99 });
    await run("2026-11-19T12:00:00Z", { status: "cancelled" });
    const found = await ask();
    const sums = { succeeded: 2, failed: 1, imported: 3, updated: 2, removed: 1, exported: 4 };
    expect(found).toMatchObject({ runs: 3, successRate: 2 / 3, ...sums });
    expect(found.byDay.slice(-3)).toMatchObject([
      { date: "2026-11-18", runs: 1, successRate: 1, imported: 3, exported: 0 },
      { date: "2026-11-19", runs: 2, successRate: 0.5, imported: 0, exported: 4 },
      { date: "2026-11-20", runs: 0 },
    ]);
  });

  it("give percentiles of what runs took to hear of changes, by day and in all", async () => {
    for (let n = 1; n <= 5; n += 1) await run(`2026-11-19T10:0${n}:00Z`, { delayMs: n * 100, imported: 1 });
    await run("2026-11-20T10:00:00Z", { delayMs: 1_001, imported: 1 });
    await run("2026-11-20T10:01:00Z");
    const found = await ask();
    expect(found.delays).toEqual({ p50Ms: 350, p95Ms: 876 });
    expect(found.byDay.slice(-2).map(({ delays }) => delays)).toEqual([
      { p50Ms: 300, p95Ms: 480 },
      { p50Ms: 1_001, p95Ms: 1_001 },
    ]);
  });

  it("spread a row of quiet runs over the days it stands for", async () => {
    // 289 runs, every five minutes from noon to noon: 132 of them before midnight in Paris.
    await run("2026-11-18T12:00:00Z", { repeats: 289, lastRunAt: new Date("2026-11-19T12:00:00Z") });
    expect(runsByDay(await ask())).toEqual({ "2026-11-18": 132, "2026-11-19": 157 });
    const half = await ask(range("2026-11-19T00:00:00Z", "2026-11-19T06:00:00Z"));
    expect(half.runs).toBe(72);
  });

  it("have days of 23 and 25 hours where the clocks change", async () => {
    const day = async (date: string, next: string, repeats: number) => {
      await run(date, { repeats, lastRunAt: new Date(Date.parse(next) - MINUTE) });
    };
    await day("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 1_500);
    const found = await ask(range("2026-10-23T22:00:00Z", "2026-10-26T23:00:00Z"));
    expect(runsByDay(found)).toEqual({ "2026-10-25": 1_500 });
    expect(found.byDay.map(({ date }) => date)).toEqual(["2026-10-24", "2026-10-25", "2026-10-26"]);
  });

  it("add up: days make the whole, and neighbouring ranges make the range of both", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3_000 }),
        fc.integer({ min: 0, max: 6 * 1_440 }),
        fc.integer({ min: 1, max: 7 * 1_440 }),
        async (repeats, minutes, cut) => {
          await database.db.delete(calendarSyncLogs);
          const start = Date.parse("2026-11-10T03:07:00Z");
          const lastRunAt = new Date(start + (repeats === 1 ? 0 : minutes * MINUTE));
          await run(new Date(start).toISOString(), { repeats, lastRunAt });
          const whole = range("2026-11-10T00:00:00Z", "2026-11-18T00:00:00Z");
          const middle = new Date(whole.from.getTime() + cut * MINUTE);
          const [all, first, second] = await Promise.all([
            ask(whole),
            ask({ from: whole.from, to: middle }),
            ask({ from: middle, to: whole.to }),
          ]);
          expect(all.runs).toBe(repeats);
          expect(first.runs + second.runs).toBe(repeats);
          for (const { runs, byDay } of [all, first, second]) {
            expect(byDay.reduce((sum, day) => sum + day.runs, 0)).toBe(runs);
            expect(Math.min(...byDay.map((day) => day.runs))).toBeGreaterThanOrEqual(0);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("are of one connection when asked so, and of nobody else", async () => {
    const other = await createConnection(services, person);
    const stranger = await createPerson(database.db, { now: NOW });
    const theirs = await createConnection(services, stranger);
    await run("2026-11-19T12:00:00Z");
    await run("2026-11-19T12:00:00Z", { connectionId: other, calendarId: null });
    await run("2026-11-19T12:00:00Z", { connectionId: theirs, calendarId: null, userId: stranger.userId });
    expect((await ask()).runs).toBe(2);
    expect((await ask({ integrationId: connectionId })).runs).toBe(1);
    for (const integrationId of [theirs, newId(NOW), "x"]) {
      await expect(ask({ integrationId })).rejects.toMatchObject({ code: "not_found" });
    }
  });

  it("refuse a range of more than 400 days, also one that is open", async () => {
    await expect(ask({ from: new Date("2025-01-01T00:00:00Z") })).rejects.toMatchObject({
      code: "invalid_input",
    });
    expect((await ask({ from: new Date("2026-12-01T00:00:00Z") })).byDay).toEqual([]);
  });
});
