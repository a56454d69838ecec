import { beforeAll, describe, expect, it } from "vitest";
import { apiWorld, type Caller, type Connected, expectProblem, json } from "./api-world";
import { importMain, timed, work, writeEvent } from "./samples";

const world = apiWorld();

interface Change {
  id: string;
  kind: string;
  status: string;
  before: number;
  gone: number;
  heldTimes: number;
  events: {
    title: string | null;
    how: string;
    allDay: boolean;
    startDate: string | null;
    occurrences: number;
  }[];
  moreEvents: number;
  bookings: unknown[];
}

let person: Caller;
let connected: Connected;

/** Five events, one of them a whole day, one a series, read; then all deleted, and read. */
beforeAll(async () => {
  person = await world.caller();
  connected = await world.connect(person);
  const ids = [];
  for (const day of [2, 3, 4])
    ids.push(await writeEvent(world, connected, timed(world, day, `Visit ${day}`)));
  const weekly = { ...timed(world, 5, "Standup"), recurrence: ["RRULE:FREQ=DAILY;COUNT=20"] };
  ids.push(await writeEvent(world, connected, weekly as Record<string, unknown>));
  const date = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  ids.push(
    await writeEvent(world, connected, {
      summary: "Fair",
      start: { date: date(40) },
      end: { date: date(42) },
    }),
  );
  await importMain(world, person, connected);
  for (const eventId of ids) {
    await world.google.act("events/delete", { account: connected.account, eventId, scope: "all" });
  }
  await json(await world.call("POST", `/integrations/${connected.id}/sync`, { key: person.key }), 202);
  await work(world, connected);
});

const list = async (query = "", key = person.key) =>
  (await json<{ data: Change[] }>(await world.call("GET", `/bulk-changes${query}`, { key }))).data;
const decide = (id: string, body: object) =>
  world.call("POST", `/bulk-changes/${id}/decide`, { key: person.key, body });
const blocked = async () =>
  (
    await json<{ data: { title: string; allDay: boolean }[] }>(
      await world.call("GET", "/unavailabilities?limit=200", { key: person.key }),
    )
  ).data;

describe("bulk changes", () => {
  it("are listed with what went, to their owner alone", async () => {
    const [change, ...more] = await list("?status=open");
    expect(more).toEqual([]);
    expect(change).toMatchObject({ kind: "emptied", status: "open", before: 5, gone: 5, moved: 0 });
    expect(await list("?status=decided")).toEqual([]);
    expect(await list("", (await world.caller()).key)).toEqual([]);
    const detail = await json<Change>(
      await world.call("GET", `/bulk-changes/${change?.id}`, { key: person.key }),
    );
    expect(detail.events).toMatchObject([
      { title: "Visit 2", how: "removed", allDay: false, occurrences: 1 },
      { title: "Visit 3" },
      { title: "Visit 4" },
      { title: "Standup", occurrences: 20 },
      { title: "Fair", allDay: true, startDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
    ]);
    expect(detail).toMatchObject({ moreEvents: 0, bookings: [], heldTimes: 0 });
    await expectProblem(
      await world.call("GET", "/bulk-changes?status=odd", { key: person.key }),
      400,
      "invalid_input",
    );
  });

  it("are held, explained, and accepted later; what was accepted cannot be held", async () => {
    const [change] = await list();
    const id = change?.id ?? "";
    await expectProblem(await decide(id, { decision: "maybe" }), 400, "invalid_input");
    const held = await json<Change>(await decide(id, { decision: "hold", restoreEvents: true }));
    expect(held).toMatchObject({ status: "held", heldTimes: 24 });
    expect(await json<Change>(await decide(id, { decision: "hold" }))).toMatchObject({ heldTimes: 24 });
    const times = await blocked();
    expect(times).toHaveLength(24);
    expect(times.filter(({ allDay }) => allDay)).toHaveLength(1);
    const day = (held as unknown as { events: { start: string; end: string }[] }).events[0];
    const explained = await json<{ free: boolean; reasons: { code: string; fix: unknown }[] }>(
      await world.call("GET", `/availability/explain?start=${day?.start}&end=${day?.end}`, {
        key: person.key,
      }),
    );
    expect(explained.reasons).toContainEqual(
      expect.objectContaining({ code: "time_held", blocks: true, fix: { action: "decide_bulk_change", id } }),
    );
    expect(await json<Change>(await decide(id, { decision: "accept" }))).toMatchObject({
      status: "accepted",
      heldTimes: 0,
    });
    expect(await blocked()).toEqual([]);
    await expectProblem(await decide(id, { decision: "hold" }), 409, "conflict");
    expect(await list("?status=decided")).toMatchObject([{ id, status: "accepted" }]);
    expect(await list("?status=open")).toEqual([]);
  });
});
