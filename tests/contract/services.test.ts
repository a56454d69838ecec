import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { services } from "@/db/schema/bookings";
import { apiWorld, type Caller, expectProblem, json } from "./api-world";
import { VISIT } from "./samples";

const world = apiWorld();

type Item = Record<string, unknown> & { id: string };
type List = { data: Item[]; nextCursor: string | null };

const make = ({ key }: Caller, body: unknown = VISIT, headers = {}) =>
  world.call("POST", "/services", { key, body, headers });
const change = ({ key }: Caller, id: string, body: unknown) =>
  world.call("PUT", `/services/${id}`, { key, body });
const list = async ({ key }: Caller, query = "") =>
  json<List>(await world.call("GET", `/services${query}`, { key }));

describe("/services", () => {
  it("are made, listed page by page, read, changed and taken back", async () => {
    const person = await world.caller();
    const { key } = person;
    const first = await json<Item>(await make(person), 201);
    expect(first).toMatchObject({ slug: "visit", slotStepMinutes: 15, horizonDays: 92, price: null });
    const second = await json<Item>(await make(person, { ...VISIT, kind: "training" }), 201);
    expect(second.slug).toBe("visit-2");
    const page = await list(person, "?limit=1");
    expect([page.data, (await list(person, `?limit=1&cursor=${page.nextCursor}`)).data].flat()).toEqual(
      [first, second].sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
    const changed = await json(
      await change(person, first.id, { ...first, name: "Long visit", active: false }),
    );
    expect(changed).toEqual({ ...first, name: "Long visit", active: false });
    expect(await json(await world.call("GET", `/services/${first.id}`, { key }))).toEqual(changed);
    const gone = await world.call("DELETE", `/services/${first.id}`, { key });
    expect([gone.status, await gone.text()]).toEqual([204, ""]);
    await expectProblem(await world.call("GET", `/services/${first.id}`, { key }), 404, "not_found");
    expect((await list(person)).data).toEqual([second]);
  });

  it("under one Idempotency-Key are made once", async () => {
    const person = await world.caller();
    const headers = { "idempotency-key": "first" };
    const made = await json(await make(person, VISIT, headers), 201);
    expect(await json(await make(person, VISIT, headers), 201)).toEqual(made);
    await expectProblem(
      await make(person, { ...VISIT, name: "Other" }, headers),
      422,
      "idempotency_key_reused",
    );
    expect((await list(person)).data).toHaveLength(1);
  });

  it("write to a calendar of the caller alone", async () => {
    const [alice, bob] = [await world.caller(), await world.caller()];
    const { calendarId } = await world.connect(alice);
    const wish = { ...VISIT, targetCalendarId: calendarId };
    expect(await json(await make(alice, wish), 201)).toMatchObject(wish);
    const foreign = await expectProblem(await make(bob, wish), 404, "not_found");
    const unknown = await make(bob, { ...VISIT, targetCalendarId: randomUUID() });
    expect(await expectProblem(unknown, 404, "not_found")).toEqual(foreign);
    expect((await list(bob)).data).toEqual([]);
  });

  it("refuse a slug that is taken, and name the field", async () => {
    const person = await world.caller();
    await json(await make(person, { ...VISIT, slug: "mine" }), 201);
    const problem = await expectProblem(await make(person, { ...VISIT, slug: "mine" }), 409, "conflict");
    expect(problem.errors).toMatchObject([{ path: "slug" }]);
  });
});

describe("attacks on services", () => {
  it.each([
    ["a provider of one's choice", { ...VISIT, userId: randomUUID() }],
    ["a price in cents past the schema", { ...VISIT, priceAmount: 1, priceCurrency: "EUR" }],
    ["a negative price", { ...VISIT, price: { amount: -5, currency: "EUR" } }],
    ["a price without a currency", { ...VISIT, price: { amount: 5 } }],
    ["a currency nobody has", { ...VISIT, price: { amount: 5, currency: "ZZZ" } }],
    ["an endless appointment", { ...VISIT, durationMinutes: 1e9 }],
    ["a step of nothing, an endless loop", { ...VISIT, slotStepMinutes: 0 }],
    ["a mail header in the name", { ...VISIT, name: "Visit\nBcc: everybody@example.test" }],
    ["a slug that climbs", { ...VISIT, slug: "..%2f..%2fadmin" }],
    ["a horizon past what calendars are read for", { ...VISIT, horizonDays: 3_650 }],
  ])("%s", async (_name, body) => {
    const person = await world.caller();
    const problem = await expectProblem(await make(person, body), 400, "invalid_input");
    expect((problem.errors as unknown[]).length).toBeGreaterThan(0);
    expect((await list(person)).data).toEqual([]);
  });

  it("on somebody else's change nothing, whatever the method", async () => {
    const [alice, bob] = [await world.caller(), await world.caller()];
    const { id } = await json<Item>(await make(alice), 201);
    const before = await world.database.db.select().from(services);
    const unknown = await expectProblem(await change(bob, randomUUID(), { name: "Mine" }), 404, "not_found");
    expect(await expectProblem(await change(bob, id, { name: "Mine" }), 404, "not_found")).toEqual(unknown);
    await expectProblem(await world.call("DELETE", `/services/${id}`, { key: bob.key }), 404, "not_found");
    expect(await world.database.db.select().from(services)).toEqual(before);
  });
});

describe("/working-hours", () => {
  const put = ({ key }: Caller, body: unknown) => world.call("PUT", "/working-hours", { key, body });
  const get = async ({ key }: Caller) => json(await world.call("GET", "/working-hours", { key }));

  it("come as they are put, and move with the zone", async () => {
    const person = await world.caller();
    const usual = await get(person);
    expect(usual).toMatchObject({ timeZone: "Europe/Paris", exceptions: [], weekly: { sun: [] } });
    const body = {
      timeZone: "America/St_Johns",
      weekly: { mon: [{ from: "22:00", to: "24:00" }], tue: [{ from: "00:00", to: "02:00" }] },
      exceptions: [{ date: "2026-12-24", ranges: [] }],
    };
    const stored = await json(await put(person, body));
    expect(stored).toMatchObject(body);
    expect(await get(person)).toEqual(stored);
    expect(await json(await put(person, usual))).toEqual(usual);
    expect(await json(await world.call("GET", "/me", { key: person.key }))).toMatchObject({
      timeZone: "Europe/Paris",
    });
  });

  it.each([
    ["timeZone", { timeZone: "Mars/Olympus" }],
    ["weekly.mon.0.to", { weekly: { mon: [{ from: "17:00", to: "09:00" }] } }],
    ["weekly.mon.0.from", { weekly: { mon: [{ from: "24:00", to: "24:00" }] } }],
    [
      "weekly.fri.1.from",
      {
        weekly: {
          fri: [
            { from: "09:00", to: "12:00" },
            { from: "11:00", to: "12:00" },
          ],
        },
      },
    ],
    ["exceptions.0.date", { exceptions: [{ date: "2026-02-30", ranges: [] }] }],
  ])("are refused by field: %s", async (path, body) => {
    const person = await world.caller();
    const before = await get(person);
    const problem = await expectProblem(await put(person, body), 400, "invalid_input");
    expect(problem.errors).toMatchObject([{ path }]);
    expect(await get(person)).toEqual(before);
  });
});
