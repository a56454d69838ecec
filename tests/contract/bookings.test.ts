import { randomUUID } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { idempotencyKeys } from "@/db/schema/work";
import { createServiceRow } from "@/tests/support/booking-factories";
import { apiWorld, type Caller, expectProblem, json } from "./api-world";
import { CLIENT, importMain, workingHour } from "./samples";

const world = apiWorld();

interface Booking {
  id: string;
  start: string;
  end: string;
  status: string;
  version: number;
  client: typeof CLIENT;
  instructions: string | null;
}
type List = { data: Booking[]; nextCursor: string | null };

async function provider(): Promise<Caller & { serviceId: string }> {
  const person = await world.caller();
  const { id } = await createServiceRow(world.database.db, person.userId);
  return { ...person, serviceId: id };
}

type Provider = Awaited<ReturnType<typeof provider>>;
const later = (instant: string, minutes: number) =>
  new Date(Date.parse(instant) + minutes * 60_000).toISOString();
const wish = ({ serviceId }: Provider, days = 3, more = {}) => ({
  serviceId,
  start: workingHour(world, days),
  client: CLIENT,
  ...more,
});
const post = (person: Provider, body: unknown, headers = {}) =>
  world.call("POST", "/bookings", { key: person.key, body, headers });
const book = async (person: Provider, days = 3, more = {}) =>
  json<Booking>(await post(person, wish(person, days, more)), 201);
const patch = ({ key }: Provider, id: string, body: unknown) =>
  world.call("PATCH", `/bookings/${id}`, { key, body });
const cancel = ({ key }: Provider, id: string, body?: unknown) =>
  world.call("DELETE", `/bookings/${id}`, { key, body });
const list = async ({ key }: Provider, query = "") =>
  json<List>(await world.call("GET", `/bookings${query}`, { key }));

describe("a booking's life", () => {
  it("is made, read, moved, edited and cancelled", async () => {
    const person = await provider();
    const made = await book(person, 3, { instructions: "Ring <twice>" });
    expect(made).toMatchObject({ status: "confirmed", version: 1, client: CLIENT, source: "api" });
    const path = `/bookings/${made.id}`;
    expect(await json(await world.call("GET", path, { key: person.key }))).toEqual(made);
    const start = later(made.start, 90);
    const moved = await json<Booking>(await patch(person, made.id, { start, version: 1 }));
    expect(moved).toMatchObject({ id: made.id, start, end: later(start, 60), version: 2 });
    const edited = await json<Booking>(await patch(person, made.id, { instructions: null }));
    expect(edited).toMatchObject({ instructions: null, version: 3 });
    await expectProblem(
      await patch(person, made.id, { start: made.start, version: 1 }),
      409,
      "version_conflict",
    );
    const gone = await json<Booking>(await cancel(person, made.id, { reason: "ill" }));
    expect(gone).toMatchObject({ status: "cancelled", version: 4, cancelReason: "ill" });
    expect(await json(await cancel(person, made.id))).toEqual(gone);
    await expectProblem(await patch(person, made.id, { start: made.start }), 409, "conflict");
  });

  it("ends without a body, with an empty one and with a reason, and no other", async () => {
    const person = await provider();
    const headers = { "content-type": "application/json" };
    const made = await book(person, 3);
    const empty = await world.call("DELETE", `/bookings/${made.id}`, { key: person.key, body: "", headers });
    expect(await json(empty)).toMatchObject({ status: "cancelled", cancelReason: null });
    const second = await book(person, 3);
    expect(await json(await cancel(person, second.id, {}))).toMatchObject({ status: "cancelled" });
    const third = await book(person, 3);
    await expectProblem(await cancel(person, third.id, { refund: true }), 400, "invalid_input");
  });

  it("can be written to the calendars again", async () => {
    const person = await provider();
    const made = await book(person);
    const answer = await world.call("POST", `/bookings/${made.id}/export`, { key: person.key });
    expect(await json(answer, 202)).toEqual(made);
  });
});

describe("refusals", () => {
  it("of a taken slot name the nearest free ones, which can be booked", async () => {
    const person = await provider();
    const made = await book(person);
    const problem = await expectProblem(await post(person, wish(person)), 409, "slot_unavailable");
    const slots = problem.slots as { start: string; end: string }[];
    expect(slots).toHaveLength(6);
    expect(slots).toContainEqual({ start: later(made.start, 60), end: later(made.start, 120) });
    await book(person, 3, { start: slots[0]?.start });
    const moving = await patch(person, made.id, { start: slots[0]?.start });
    expect((await expectProblem(moving, 409, "slot_unavailable")).slots).toHaveLength(6);
  });

  it("of a calendar never fully read come before its first round, not after", async () => {
    const person = await provider();
    const connected = await world.connect(person);
    const calendars = [{ id: connected.calendarId, checkForConflicts: true }];
    await world.call("PUT", `/integrations/${connected.id}/settings`, {
      key: person.key,
      body: { calendars },
    });
    await expectProblem(await post(person, wish(person)), 409, "calendar_not_ready");
    await importMain(world, person, connected);
    expect(await book(person)).toMatchObject({
      receipt: [{ calendarId: connected.calendarId, state: "fresh" }],
    });
  });

  it.each([
    ["in the past", (start: string) => ({ start: later(start, -60 * 24 * 30) }), "start"],
    ["off the grid", (start: string) => ({ start: later(start, 7) }), "start"],
    ["at night", (start: string) => ({ start: later(start, 60 * 12) }), "start"],
    ["no instant", () => ({ start: "2026-12-01" }), "start"],
    ["no zone", () => ({ timeZone: "../../etc" }), "timeZone"],
    ["a name of two lines", () => ({ client: { ...CLIENT, name: "a\nBcc: b" } }), "client.name"],
    ["no client", () => ({ client: undefined }), "client"],
  ])("of what cannot be: %s", async (_, change, field) => {
    const person = await provider();
    const body = { ...wish(person), ...change(workingHour(world, 3)) };
    const problem = await expectProblem(await post(person, body), 400, "invalid_input");
    expect(problem.errors).toContainEqual(expect.objectContaining({ path: field }));
    expect((await list(person)).data).toEqual([]);
  });

  it.each([
    { price: { amount: 0, currency: "EUR" } },
    { durationMinutes: 5 },
    { userId: "someone" },
    { end: "2036-12-01T09:00:00Z" },
  ])("attack 95: of %j, which is not the caller's to say", async (extra) => {
    const person = await provider();
    await expectProblem(await post(person, wish(person, 3, extra)), 400, "invalid_input");
  });

  it("of a start beyond the horizon", async () => {
    const person = await provider();
    await expectProblem(await post(person, wish(person, 120)), 400, "range_too_far");
  });

  it("of services that are somebody else's or nobody's, alike", async () => {
    const [person, stranger] = [await provider(), await provider()];
    const foreign = await post(person, wish(person, 3, { serviceId: stranger.serviceId }));
    const unknown = await post(person, wish(person, 3, { serviceId: randomUUID() }));
    expect(await expectProblem(foreign, 404, "not_found")).toEqual(
      await expectProblem(unknown, 404, "not_found"),
    );
  });
});

describe("attack 93: the same Idempotency-Key", () => {
  /** As a client does: whoever is told that the first one still runs asks again. */
  async function answered(...request: Parameters<typeof post>): Promise<Response> {
    for (;;) {
      const response = await post(...request);
      if (response.status !== 409) return response;
      await expectProblem(response, 409, "idempotency_in_progress");
    }
  }

  it("twice, one after the other or at a time, makes one booking and one answer", async () => {
    const person = await provider();
    const headers = { "idempotency-key": "form-1" };
    const body = wish(person);
    const all = await Promise.all(Array.from({ length: 5 }, () => answered(person, body, headers)));
    const answers = await Promise.all(
      [...all, await post(person, body, headers)].map((one) => json(one, 201)),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect((await list(person)).data).toHaveLength(1);
  });

  it("again, after a process died between the booking and its answer, is that booking", async () => {
    const person = await provider();
    const headers = { "idempotency-key": "form-4" };
    const made = await json<Booking>(await post(person, wish(person), headers), 201);
    await world.database.db
      .update(idempotencyKeys)
      .set({ status: null, body: null, createdAt: sql`${idempotencyKeys.createdAt} - interval '3 minutes'` })
      .where(and(eq(idempotencyKeys.userId, person.userId), eq(idempotencyKeys.key, "form-4")));
    expect(await json(await post(person, wish(person), headers), 201)).toMatchObject({ id: made.id });
    expect((await list(person)).data).toHaveLength(1);
  });

  it("with another body is refused", async () => {
    const person = await provider();
    const headers = { "idempotency-key": "form-2" };
    await json(await post(person, wish(person), headers), 201);
    await expectProblem(await post(person, wish(person, 8), headers), 422, "idempotency_key_reused");
  });

  it("of a refused request may be used again", async () => {
    const person = await provider();
    const headers = { "idempotency-key": "form-3" };
    const taken = await book(person);
    await expectProblem(await post(person, wish(person), headers), 409, "slot_unavailable");
    await cancel(person, taken.id);
    await json(await post(person, wish(person), headers), 201);
  });
});

describe("GET /bookings", () => {
  it("is in order of time, filtered, in pages", async () => {
    const person = await provider();
    const late = await book(person, 10);
    const early = await book(person, 3);
    const middle = await book(person, 3, { start: later(early.start, 60) });
    await cancel(person, middle.id);
    const ids = async (query: string) => (await list(person, query)).data.map(({ id }) => id);
    expect(await ids("")).toEqual([early.id, middle.id, late.id]);
    expect(await ids("?status=confirmed")).toEqual([early.id, late.id]);
    expect(await ids("?status=cancelled")).toEqual([middle.id]);
    expect(await ids(`?from=${early.end}`)).toEqual([middle.id, late.id]);
    expect(await ids(`?from=${later(early.start, 30)}&to=${early.end}`)).toEqual([early.id]);
    const first = await list(person, "?limit=2");
    expect(first.data.map(({ id }) => id)).toEqual([early.id, middle.id]);
    const second = await list(person, `?limit=2&cursor=${first.nextCursor}`);
    expect(second).toMatchObject({ data: [{ id: late.id }], nextCursor: null });
    expect(await ids("?limit=200")).toHaveLength(3);
  });

  it("shows nobody else's", async () => {
    const [person, stranger] = [await provider(), await provider()];
    await book(person);
    expect((await list(stranger)).data).toEqual([]);
  });

  it.each([
    "status=maybe",
    "from=today",
    "limit=0",
    "cursor=x",
    "from=2026-12-02T00:00:00Z&to=2026-12-01T00:00:00Z",
    "from=2026-12-01T00:00:00Z&to=2036-12-01T00:00:00Z",
  ])("refuses %s", async (query) => {
    const { key } = await provider();
    await expectProblem(await world.call("GET", `/bookings?${query}`, { key }), 400, "invalid_input");
  });
});
