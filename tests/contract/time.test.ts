import { and, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { listUpcomingEvents } from "@/app/api/v1/_operations/events";
import { createUnavailability, listBlocked } from "@/app/api/v1/_operations/unavailabilities";
import { calendarSyncEvents } from "@/db/schema/calendars";
import { apiWorld, type Caller, type Connected, expectProblem, json } from "./api-world";
import { hourIn, importMain, timed, work, writeEvent } from "./samples";

const world = apiWorld();

interface Item {
  id: string;
  title: string | null;
  start: string;
  end: string;
  blocks?: boolean;
  override?: boolean | null;
  source?: string;
  externalEventId?: string;
}
type List = { data: Item[]; nextCursor: string | null };

async function busy(
  ...events: Record<string, unknown>[]
): Promise<{ person: Caller; connection: Connected }> {
  const person = await world.caller();
  const connection = await world.connect(person);
  for (const event of events) await writeEvent(world, connection, event);
  await importMain(world, person, connection);
  return { person, connection };
}

const events = async ({ key }: Caller, query = "") =>
  json<List>(await world.call("GET", `/events${query}`, { key }));
const blocked = async ({ key }: Caller, query = "") =>
  json<List>(await world.call("GET", `/unavailabilities${query}`, { key }));
const override = ({ key }: Caller, id: string | undefined, blocks: unknown) =>
  world.call("PUT", `/events/${id}/override`, { key, body: { blocks } });

const BAD_RANGES = [
  "from=today",
  "from=today&to=2026-12-01T09:00:00Z",
  "from=2026-12-01",
  "from=2026-12-01T09:00:00",
  "from=2026-12-01T25:00:00Z",
  "from=2026-02-30T09:00:00Z",
  "from=0000-01-01T00:00:00Z",
  "from=9999-12-31T23:59:59Z",
  "from=1764579600000",
  "from=2026-12-01T09:00:00Z&to=2026-12-01T09:00:00Z",
  "from=2026-12-02T09:00:00Z&to=2026-12-01T09:00:00Z",
  "from=2026-12-01T00:00:00Z&to=2028-01-06T00:00:00Z",
  "limit=0",
  "cursor=WyIyMDI2LTk5LTk5VDAwOjAwOjAwLjAwMFoiLCIwMTkwYTAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDAiXQ",
];

describe.each(["/events", "/unavailabilities"])("GET %s", (path) => {
  it.each(BAD_RANGES)("refuses %s and names the field", async (query) => {
    const { key } = await world.caller();
    const problem = await expectProblem(
      await world.call("GET", `${path}?${query}`, { key }),
      400,
      "invalid_input",
    );
    expect(problem.errors).toHaveLength(1);
  });

  it("takes instants with an offset and a span of 400 days", async () => {
    const { key } = await world.caller();
    const query = `from=${encodeURIComponent("2026-12-01T09:00:00+05:45")}&to=2028-01-05T00:00:00.000Z`;
    expect(await json(await world.call("GET", `${path}?${query}`, { key }))).toEqual({
      data: [],
      nextCursor: null,
    });
  });

  it("shows nobody else's time", async () => {
    const { person } = await busy(timed(world, 2, "Private"));
    const bob = await world.caller();
    const response = await world.call("GET", `${path}?userId=${person.userId}`, { key: bob.key });
    expect(await json(response)).toMatchObject({ data: [] });
  });
});

describe("GET /events", () => {
  it("answers the next ten with title, time and participants, as described", async () => {
    const many = Array.from({ length: 12 }, (_, at) => timed(world, at + 2, `Event ${at + 1}`));
    const { person, connection } = await busy({
      ...timed(world, 1, "Meeting"),
      location: "Room 1",
      attendees: [{ email: "guest@example.test", displayName: "Guest", responseStatus: "tentative" }],
    });
    for (const event of many) await writeEvent(world, connection, event);
    await work(world, connection);
    const first = await events(person);
    expect(first.data).toHaveLength(10);
    expect(listUpcomingEvents.answer?.safeParse(first).error).toBeUndefined();
    expect(first.data[0]).toMatchObject({
      title: "Meeting",
      ...hourIn(world, 1),
      allDay: false,
      location: "Room 1",
      blocks: true,
      integrationId: connection.id,
      calendarId: connection.calendarId,
    });
    const attendees = (first.data[0] as unknown as { attendees: unknown[] }).attendees;
    expect(attendees).toContainEqual({ name: "Guest", email: "guest@example.test", response: "tentative" });
    const rest = await events(person, `?cursor=${first.nextCursor}`);
    expect([...first.data, ...rest.data].map((event) => event.title)).toEqual([
      "Meeting",
      ...many.map((_, at) => `Event ${at + 1}`),
    ]);
    expect(rest.nextCursor).toBeNull();
    expect((await events(person, "?limit=200")).data).toHaveLength(13);
  });

  it("gives all-day events their days, in the calendar's zone", async () => {
    const { person } = await busy({
      summary: "Holiday",
      start: { date: "2027-01-04" },
      end: { date: "2027-01-06" },
    });
    const { data } = await events(person, "?from=2027-01-01T00:00:00Z");
    expect(data).toMatchObject([
      {
        allDay: true,
        startDate: "2027-01-04",
        endDate: "2027-01-06",
        start: "2027-01-03T23:00:00.000Z",
        end: "2027-01-05T23:00:00.000Z",
        timeZone: "Europe/Paris",
        blocks: true,
      },
    ]);
  });
});

describe("PUT /events/{id}/override", () => {
  it("frees the time, blocks it, and leaves it to the rules again", async () => {
    const { person } = await busy(timed(world, 2, "Lunch"), {
      ...timed(world, 3, "Marked free"),
      transparency: "transparent",
    });
    const [lunch, free] = (await events(person)).data;
    expect([lunch?.blocks, free?.blocks]).toEqual([true, false]);
    expect(await json(await override(person, lunch?.id, false))).toMatchObject({
      id: lunch?.id,
      blocks: false,
      override: false,
    });
    expect(await json(await override(person, free?.id, true))).toMatchObject({ blocks: true });
    expect((await blocked(person)).data.map((row) => row.title)).toEqual(["Marked free"]);
    expect(await json(await override(person, lunch?.id, null))).toMatchObject({
      blocks: true,
      override: null,
    });
    expect((await blocked(person)).data).toHaveLength(2);
  });

  it("outlives the next change of the event at the vendor", async () => {
    const { person, connection } = await busy(timed(world, 2, "Lunch"));
    const [lunch] = (await events(person)).data;
    await json(await override(person, lunch?.id, false));
    const [row] = await world.database.db
      .select({ externalId: calendarSyncEvents.externalId })
      .from(calendarSyncEvents)
      .where(and(eq(calendarSyncEvents.id, lunch?.id ?? "")));
    await world.google.act("events/edit", {
      account: connection.account,
      eventId: row?.externalId,
      change: { summary: "Long lunch" },
    });
    await work(world, connection);
    expect((await events(person)).data).toMatchObject([{ title: "Long lunch", override: false }]);
  });

  it.each([{}, { blocks: "no" }, { blocks: 1 }, { blocks: true, more: 1 }])("refuses %j", async (body) => {
    const { person } = await busy(timed(world, 2, "Lunch"));
    const [lunch] = (await events(person)).data;
    const { key } = person;
    const response = await world.call("PUT", `/events/${lunch?.id}/override`, { key, body });
    await expectProblem(response, 400, "invalid_input");
  });
});

describe("GET /unavailabilities", () => {
  it("answers a row for each occurrence that overlaps, with its own bounds, in pages", async () => {
    const { person, connection } = await busy(timed(world, 2, "Early"), timed(world, 3, "Late"));
    const { start, end } = hourIn(world, 2);
    const middle = new Date((Date.parse(start) + Date.parse(end)) / 2).toISOString();
    const cut = await blocked(person, `?from=${middle}&to=${end}`);
    expect(listBlocked.answer?.safeParse(cut).error).toBeUndefined();
    expect(cut.data).toMatchObject([
      { title: "Early", start, end, source: "external", calendarId: connection.calendarId },
    ]);
    const after = new Date(Date.parse(end) + 3_600_000).toISOString();
    expect((await blocked(person, `?from=${end}&to=${after}`)).data).toEqual([]);
    const first = await blocked(person, "?limit=1");
    const second = await blocked(person, `?limit=1&cursor=${first.nextCursor}`);
    expect([first.data[0]?.title, second.data[0]?.title]).toEqual(["Early", "Late"]);
    expect(second.nextCursor).toBeNull();
  });
});

describe("time off", () => {
  const take = ({ key }: Caller, body: unknown, headers = {}) =>
    world.call("POST", "/unavailabilities", { key, body, headers });
  const give = ({ key }: Caller, id: string) => world.call("DELETE", `/unavailabilities/${id}`, { key });

  it("is taken, listed and given back", async () => {
    const person = await world.caller();
    const hour = hourIn(world, 2);
    const made = await json<Item>(await take(person, { title: "Sport", ...hour }), 201);
    expect(createUnavailability.answer?.safeParse(made).error).toBeUndefined();
    expect(made).toMatchObject({ ...hour, title: "Sport", source: "manual", integrationId: null });
    expect((await blocked(person)).data).toEqual([made]);
    const gone = await give(person, made.id);
    expect([gone.status, await gone.text()]).toEqual([204, ""]);
    await expectProblem(await give(person, made.id), 404, "not_found");
    expect((await blocked(person)).data).toEqual([]);
  });

  it("by whole days lies in the person's own zone", async () => {
    const person = await world.caller();
    const body = { allDay: true, startDate: "2026-12-24", endDate: "2026-12-27" };
    expect(await json(await take(person, body), 201)).toMatchObject({
      allDay: true,
      start: "2026-12-23T23:00:00.000Z",
      end: "2026-12-26T23:00:00.000Z",
    });
  });

  it("under one Idempotency-Key is taken once", async () => {
    const person = await world.caller();
    const headers = { "idempotency-key": "holiday" };
    const first = await json(await take(person, hourIn(world, 2), headers), 201);
    expect(await json(await take(person, hourIn(world, 2), headers), 201)).toEqual(first);
    await expectProblem(await take(person, hourIn(world, 3), headers), 422, "idempotency_key_reused");
    expect((await blocked(person)).data).toHaveLength(1);
  });

  it("does not end what comes from a calendar", async () => {
    const { person } = await busy(timed(world, 2, "Dentist"));
    const [row] = (await blocked(person)).data;
    await expectProblem(await give(person, row?.id ?? ""), 404, "not_found");
    expect((await blocked(person)).data).toHaveLength(1);
  });

  it.each([
    {},
    { start: "2026-12-01T09:00:00Z" },
    { start: "2026-12-01T09:00:00Z", end: "2026-12-01T09:00:00Z" },
    { start: "2026-12-01T09:00:00Z", end: "2026-12-01T08:00:00Z" },
    { start: "2026-12-01T09:00:00Z", end: "2036-12-01T08:00:00Z" },
    { start: "0000-01-01T00:00:00Z", end: "0000-01-02T00:00:00Z" },
    { start: "0000-01-01T00:00:00+14:00", end: "0000-01-02T00:00:00Z" },
    { start: "2026-12-01", end: "2026-12-02" },
    { allDay: true, startDate: "2026-12-01", endDate: "2026-12-01" },
    { allDay: true, startDate: "2026-02-30", endDate: "2026-03-01" },
    { allDay: true, startDate: "9999-12-31", endDate: "2026-03-01" },
    { allDay: true, startDate: "0001-01-01", endDate: "0001-01-02" },
    { start: "2026-12-01T09:00:00Z", end: "2026-12-01T10:00:00Z", title: "x".repeat(201) },
    { start: "2026-12-01T09:00:00Z", end: "2026-12-01T10:00:00Z", title: "a\u0000b" },
    { start: "2026-12-01T09:00:00Z", end: "2026-12-01T10:00:00Z", userId: "someone" },
  ])("refuses %j", async (body) => {
    await expectProblem(await take(await world.caller(), body), 400, "invalid_input");
  });
});
