import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { openDatabase } from "@/db/client";
import { calendars } from "@/db/schema/calendars";
import { getAvailability } from "@/lib/bookings/availability";
import { systemClock } from "@/lib/platform/clock";
import { apiWorld, type Caller, type Connected, expectProblem, json } from "./api-world";
import { hourIn, importMain, timed, VISIT, writeEvent } from "./samples";

const world = apiWorld();
const LOADED_AT = systemClock().now();

interface Answer {
  slots: { start: string; end: string }[];
  freshness: { calendarId: string; syncedAt: string | null; state: string }[];
}

const ALL_DAY = [{ from: "00:00", to: "24:00" }];
const ROUND_THE_CLOCK = Object.fromEntries(
  ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => [day, ALL_DAY]),
);

/** Somebody who works all day long in UTC, and offers an hour. */
async function provider(service: Record<string, unknown> = {}): Promise<Caller & { serviceId: string }> {
  const person = await world.caller();
  const { key } = person;
  const hours = { timeZone: "UTC", weekly: ROUND_THE_CLOCK };
  await json(await world.call("PUT", "/working-hours", { key, body: hours }));
  const body = { ...VISIT, slotStepMinutes: 60, ...service };
  const { id } = await json<{ id: string }>(await world.call("POST", "/services", { key, body }), 201);
  return { ...person, serviceId: id };
}

const ask = ({ key }: Caller, query: Record<string, string>) =>
  world.call("GET", `/availability?${new URLSearchParams(query)}`, { key });
const inDays = (days: number) =>
  new Date(world.services.clock.now().getTime() + days * 86_400_000).toISOString();

describe("GET /availability", () => {
  it("answers free slots and how fresh each calendar is", async () => {
    const person = await provider({ bufferBeforeMinutes: 30 });
    const connection = await world.connect(person);
    await writeEvent(world, connection, timed(world, 2, "Dentist"));
    await importMain(world, person, connection);
    const { start, end } = hourIn(world, 2);
    const to = new Date(Date.parse(end) + 2 * 3_600_000).toISOString();
    const query = { serviceId: person.serviceId, from: start, to, timeZone: "asia/kathmandu" };
    const { slots, freshness } = await json<Answer>(await ask(person, query));
    const expected = new Date(Date.parse(end) + 3_600_000).toISOString();
    expect(slots).toEqual([{ start: expected, end: to }]);
    expect(freshness).toEqual([
      { calendarId: connection.calendarId, syncedAt: expect.any(String), state: "fresh" },
    ]);
  });

  it("without a range answers the next seven days, or as far as the horizon goes", async () => {
    const week = await provider();
    const { slots } = await json<Answer>(await ask(week, { serviceId: week.serviceId }));
    expect(slots).toHaveLength(7 * 24);
    const near = await provider({ horizonDays: 2 });
    expect((await json<Answer>(await ask(near, { serviceId: near.serviceId }))).slots).toHaveLength(48);
  });

  it("offers nothing while a calendar was never read to its end", async () => {
    const person = await provider();
    const connection = await world.connect(person);
    await world.database.db
      .update(calendars)
      .set({ selected: true })
      .where(eq(calendars.id, connection.calendarId));
    expect(await json<Answer>(await ask(person, { serviceId: person.serviceId }))).toEqual({
      slots: [],
      freshness: [{ calendarId: connection.calendarId, syncedAt: null, state: "unknown" }],
    });
  });

  it("costs two statements", async () => {
    const person = await provider();
    const statements: string[] = [];
    const onStatement = (text: string) => statements.push(text);
    const counted = openDatabase(world.database.url, { max: 1, onStatement });
    const ctx = { ...person.ctx(world.services.clock.now()), db: counted.db };
    await getAvailability(ctx, { serviceId: person.serviceId });
    expect(statements).toHaveLength(2);
    await counted.close();
  });

  it("answers another person's service like one that does not exist", async () => {
    const [alice, bob] = [await provider(), await provider()];
    const unknown = await expectProblem(await ask(bob, { serviceId: randomUUID() }), 404, "not_found");
    for (const serviceId of [alice.serviceId, "1", "%00", "' or 1=1"])
      expect(await expectProblem(await ask(bob, { serviceId }), 404, "not_found")).toEqual(unknown);
  });

  it("beyond the horizon is too far; its last day can be asked for whole", async () => {
    const person = await provider({ horizonDays: 10 });
    const { serviceId } = person;
    await json(await ask(person, { serviceId, from: inDays(0), to: inDays(10.9) }));
    for (const range of [
      { from: inDays(10.1) },
      { to: inDays(11.1) },
      { from: inDays(200), to: inDays(201) },
    ])
      await expectProblem(await ask(person, { serviceId, ...range } as never), 400, "range_too_far");
  });

  it.each([
    ["from", { from: "tomorrow" }],
    ["from", { from: "2026-12-01" }],
    ["to", { from: inDaysLater(2), to: inDaysLater(1) }],
    ["to", { from: inDaysLater(1), to: inDaysLater(1) }],
    ["to", { from: inDaysLater(-3_650), to: inDaysLater(1) }],
    ["to", { to: inDaysLater(-1) }],
    ["timeZone", { timeZone: "Mars/Olympus" }],
    ["timeZone", { timeZone: "+02:00" }],
    ["timeZone", { timeZone: "Romance Standard Time" }],
  ])("refuses %s in %j", async (path, query) => {
    const person = await provider();
    const response = await ask(person, { serviceId: person.serviceId, ...query } as never);
    expect((await expectProblem(response, 400, "invalid_input")).errors).toMatchObject([{ path }]);
  });

  it("names the service when none is given", async () => {
    const problem = await expectProblem(await ask(await world.caller(), {}), 400, "invalid_input");
    expect(problem.errors).toMatchObject([{ path: "serviceId" }]);
  });
});

/** For tables of tests, which are made before the world is; from one instant, so that the same days are the same. */
function inDaysLater(days: number): string {
  return new Date(LOADED_AT.getTime() + days * 86_400_000).toISOString();
}

interface Explained {
  free: boolean;
  reasons: (Record<string, unknown> & { code: string; fix: Record<string, unknown> | null })[];
}

describe("GET /availability/explain", () => {
  const explain = async ({ key }: Caller, query: Record<string, string>) =>
    json<Explained>(await world.call("GET", `/availability/explain?${new URLSearchParams(query)}`, { key }));
  const importing = async (person: Caller, ...events: Record<string, unknown>[]): Promise<Connected> => {
    const connection = await world.connect(person);
    for (const event of events) await writeEvent(world, connection, event);
    await importMain(world, person, connection);
    return connection;
  };

  it("names the event, its calendar and when it was learned of, with a fix that works", async () => {
    const person = await provider();
    const connection = await importing(person, timed(world, 2, "Dentist"));
    const { free, reasons } = await explain(person, hourIn(world, 2));
    expect(free).toBe(false);
    expect(reasons).toEqual([
      {
        code: "event_busy",
        blocks: true,
        title: "“Dentist” is in your calendar",
        subject: "Dentist",
        source: "external",
        ...hourIn(world, 2),
        calendarId: connection.calendarId,
        externalEventId: expect.any(String),
        bookingId: null,
        learnedAt: expect.any(String),
        fix: { action: "override_event", eventId: expect.any(String), blocks: false },
      },
    ]);
    const { eventId, blocks } = reasons[0]?.fix ?? {};
    await json(await world.call("PUT", `/events/${eventId}/override`, { key: person.key, body: { blocks } }));
    expect(await explain(person, hourIn(world, 2))).toMatchObject({
      free: true,
      reasons: [{ code: "event_override_free", blocks: false, fix: { blocks: null } }],
    });
  });

  it("tells an all-day event marked free but blocked by the setting, with the one click that frees it", async () => {
    const person = await provider();
    const day = hourIn(world, 3).start.slice(0, 10);
    const next = hourIn(world, 4).start.slice(0, 10);
    await importing(person, {
      summary: "Fair",
      transparency: "transparent",
      start: { date: day },
      end: { date: next },
    });
    const [found] = (await explain(person, hourIn(world, 3))).reasons;
    expect(found).toMatchObject({ code: "event_all_day_setting", blocks: true, fix: { blocks: false } });
    expect(found?.title).toContain("marked free, blocked by your setting");
    const { eventId, blocks } = found?.fix ?? {};
    await json(await world.call("PUT", `/events/${eventId}/override`, { key: person.key, body: { blocks } }));
    expect((await explain(person, hourIn(world, 3))).free).toBe(true);
  });

  it("when free, tells what is there and why it does not block", async () => {
    const person = await provider();
    await importing(person, {
      ...timed(world, 2, "Lunch"),
      transparency: "transparent",
    });
    expect(await explain(person, hourIn(world, 2))).toMatchObject({
      free: true,
      reasons: [
        {
          code: "event_marked_free",
          blocks: false,
          title: "“Lunch”: marked free in Google, so free: block it anyway?",
          fix: { action: "override_event", blocks: true },
        },
      ],
    });
    expect(await explain(person, hourIn(world, 3))).toEqual({ free: true, reasons: [] });
  });

  it("shows nothing of anybody else", async () => {
    const [alice, bob] = [await provider(), await provider()];
    await importing(alice, timed(world, 2, "Secret"));
    expect(await explain(bob, hourIn(world, 2))).toEqual({ free: true, reasons: [] });
    const query = new URLSearchParams({ ...hourIn(world, 2), serviceId: alice.serviceId });
    const response = await world.call("GET", `/availability/explain?${query}`, { key: bob.key });
    await expectProblem(response, 404, "not_found");
  });

  it.each([
    ["start", { end: inDaysLater(1) }],
    ["end", { start: inDaysLater(1) }],
    ["end", { start: inDaysLater(1), end: inDaysLater(1) }],
    ["end", { start: inDaysLater(2), end: inDaysLater(1) }],
    ["end", { start: inDaysLater(0), end: inDaysLater(3_650) }],
    ["start", { start: "soon", end: inDaysLater(1) }],
  ])("refuses %s in %j", async (path, query) => {
    const { key } = await world.caller();
    const response = await world.call("GET", `/availability/explain?${new URLSearchParams(query as never)}`, {
      key,
    });
    expect((await expectProblem(response, 400, "invalid_input")).errors).toMatchObject([{ path }]);
  });
});
