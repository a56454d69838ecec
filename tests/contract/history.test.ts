import { beforeAll, describe, expect, it } from "vitest";
import { listHistory, readRun } from "@/app/api/v1/_operations/runs";
import { syncCalendars } from "@/lib/sync/sync-due";
import { apiWorld, type Caller, type Connected, expectProblem, json } from "./api-world";
import { importMain, timed, work, writeEvent } from "./samples";

const world = apiWorld();

interface Run {
  id: string;
  status: string;
  trigger: string;
  kind: string;
  startedAt: string;
  calendarId: string;
  repeats: number;
  error: Record<string, unknown> | null;
}
type List = { data: Run[]; nextCursor: string | null };

let person: Caller;
let connection: Connected;
const history = async (query = "") =>
  json<List>(await world.call("GET", `/integrations/${connection.id}/history${query}`, { key: person.key }));

/** A first import, a failure, a quiet scheduled round twice, and a change. */
beforeAll(async () => {
  person = await world.caller();
  connection = await world.connect(person);
  await importMain(world, person, connection);
  const { faults } = world.google.sandbox;
  faults.arm({ operation: "calendar.events.list", kind: "internal_error", count: 0 });
  await syncCalendars(world.services, [connection.calendarId], "schedule");
  faults.disarm();
  for (let round = 0; round < 2; round += 1) {
    await syncCalendars(world.services, [connection.calendarId], "schedule");
  }
  await writeEvent(world, connection, timed(world, 2, "Dentist"));
  await json(await world.call("POST", `/integrations/${connection.id}/sync`, { key: person.key }), 202);
  await work(world, connection);
});

describe("GET /integrations/{id}/history", () => {
  it("answers runs newest first, as described, quiet ones in a row as one", async () => {
    const list = await history();
    expect(listHistory.answer?.safeParse(list).error).toBeUndefined();
    expect(list.data.map(({ trigger, status, repeats }) => [trigger, status, repeats])).toEqual([
      ["manual", "succeeded", 1],
      ["schedule", "succeeded", 2],
      ["schedule", "failed", 1],
      ["connect", "succeeded", 1],
    ]);
    expect(list.data[0]).toMatchObject({
      kind: "incremental",
      imported: 1,
      calendarId: connection.calendarId,
    });
  });

  it("says what went wrong in our words, with what helps and when it is tried again", async () => {
    const { data } = await history("?status=failed");
    expect(data).toHaveLength(1);
    expect(data[0]?.error).toEqual({
      code: "transient",
      message: expect.stringContaining("could not be reached"),
      fix: expect.stringContaining("by itself"),
      retryAt: expect.stringMatching(/Z$/),
    });
    expect(JSON.stringify(data)).not.toMatch(/backendError|Backend Error/);
  });

  it("goes on page by page", async () => {
    const ids: string[] = [];
    let cursor = "";
    do {
      const page = await history(`?limit=1${cursor}`);
      expect(page.data).toHaveLength(1);
      ids.push(...page.data.map((run) => run.id));
      cursor = page.nextCursor === null ? "" : `&cursor=${page.nextCursor}`;
    } while (cursor !== "");
    expect(ids).toEqual((await history()).data.map((run) => run.id));
  });

  it("filters by status, trigger, calendar and time", async () => {
    expect((await history("?trigger=manual")).data).toHaveLength(1);
    expect((await history("?trigger=push")).data).toHaveLength(0);
    expect((await history(`?calendarId=${connection.calendarId}&status=succeeded`)).data).toHaveLength(3);
    expect((await history(`?calendarId=${connection.id}`)).data).toEqual([]);
    const [newest] = (await history()).data;
    expect((await history(`?to=${newest?.startedAt}`)).data).not.toContainEqual(newest);
    const later = new Date(Date.parse(newest?.startedAt ?? "") + 3_600_000).toISOString();
    expect((await history(`?from=${later}`)).data).toEqual([]);
  });

  it.each(["status=great", "trigger=x", "calendarId=1", "from=x", "cursor=WyJ4IiwieSJd", "limit=0"])(
    "refuses %s",
    async (query) => {
      const path = `/integrations/${connection.id}/history?${query}`;
      await expectProblem(await world.call("GET", path, { key: person.key }), 400, "invalid_input");
    },
  );
});

describe("GET /runs/{id}", () => {
  it("answers what the history shows", async () => {
    for (const run of (await history()).data) {
      const answer = await json(await world.call("GET", `/runs/${run.id}`, { key: person.key }));
      expect(answer).toEqual(run);
      expect(readRun.answer?.safeParse(answer).error).toBeUndefined();
    }
  });
});

describe("GET /me", () => {
  it("answers what is described", async () => {
    const { readMe } = await import("@/app/api/v1/_operations/me");
    const me = await json(await world.call("GET", "/me", { key: person.key }));
    expect(readMe.answer?.safeParse(me).error).toBeUndefined();
    expect(me).toMatchObject({ id: person.userId, organization: { role: "admin" } });
  });
});
