import { beforeAll, describe, expect, it } from "vitest";
import { readStatistics } from "@/app/api/v1/_operations/statistics";
import { syncCalendars } from "@/lib/sync/sync-due";
import { apiWorld, type Caller, type Connected, expectProblem, json } from "./api-world";
import { importMain, timed, writeEvent } from "./samples";

const world = apiWorld();

interface Statistics {
  runs: number;
  succeeded: number;
  failed: number;
  successRate: number | null;
  imported: number;
  timeZone: string;
  byDay: { date: string; runs: number }[];
}

let person: Caller;
let connection: Connected;
const path = (query = "") => `/statistics${query}`;
const statistics = async (query = "", key = person.key) => {
  const body = await json<Statistics>(await world.call("GET", path(query), { key }));
  expect(readStatistics.answer?.safeParse(body).error).toBeUndefined();
  return body;
};

/** A first import of one event, a failure, and three quiet rounds that the ledger keeps as one row. */
beforeAll(async () => {
  person = await world.caller();
  connection = await world.connect(person);
  await writeEvent(world, connection, timed(world, 2, "Dentist"));
  await importMain(world, person, connection);
  const { faults } = world.google.sandbox;
  faults.arm({ operation: "calendar.events.list", kind: "internal_error", count: 0 });
  await syncCalendars(world.services, [connection.calendarId], "schedule");
  faults.disarm();
  for (let round = 0; round < 3; round += 1) {
    await syncCalendars(world.services, [connection.calendarId], "schedule");
  }
});

describe("GET /statistics", () => {
  it("answers what runs came to, repeats counted, in all and by day", async () => {
    const found = await statistics();
    const sums = { runs: 5, succeeded: 4, failed: 1, successRate: 0.8, imported: 1 };
    expect(found).toMatchObject({ ...sums, timeZone: "Europe/Paris" });
    expect(found.byDay).toHaveLength(30);
    expect(found.byDay.reduce((sum, { runs }) => sum + runs, 0)).toBe(5);
  });

  it("keeps to a range and to a connection", async () => {
    const now = world.services.clock.now().getTime();
    const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
    expect((await statistics(`?integrationId=${connection.id}`)).runs).toBe(5);
    expect((await statistics(`?from=${at(-1)}&to=${at(1)}`)).runs).toBe(5);
    expect((await statistics(`?from=${at(-48)}&to=${at(-24)}`)).runs).toBe(0);
  });

  it("knows one person's runs alone, and nothing of another's connection", async () => {
    const other = await world.caller();
    expect((await statistics("", other.key)).runs).toBe(0);
    const theirs = await world.call("GET", path(`?integrationId=${connection.id}`), { key: other.key });
    await expectProblem(theirs, 404, "not_found");
  });

  it.each([
    "from=x",
    "integrationId=1",
    "from=2020-01-01T00:00:00Z",
    "from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z",
  ])("refuses %s", async (query) => {
    await expectProblem(
      await world.call("GET", path(`?${query}`), { key: person.key }),
      400,
      "invalid_input",
    );
  });
});
