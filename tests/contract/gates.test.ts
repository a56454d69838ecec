import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { OPERATIONS } from "@/app/api/v1/_operations/all";
import type { Operation } from "@/app/api/v1/_operations/operation";
import { API_SCOPES } from "@/lib/organizations/context";
import { TEST_ORIGIN } from "@/tests/support/test-runtime";
import { apiWorld, type Caller, expectProblem } from "./api-world";
import { CLIENT, type Household, hourIn, household, VISIT, workingHour } from "./samples";

const world = apiWorld();
let alice: Household;
let bob: Caller;
beforeAll(async () => {
  alice = await household(world);
  bob = await world.caller();
});

/** What makes each operation that takes a body content. */
const BODIES: Record<string, () => unknown> = {
  updateMe: () => ({ locale: "en" }),
  connect: () => ({}),
  updateSettings: () => ({ tentative: "block" }),
  overrideEvent: () => ({ blocks: null }),
  createUnavailability: () => hourIn(world, 9),
  createBooking: () => ({ serviceId: randomUUID(), start: workingHour(world, 16), client: CLIENT }),
  changeBooking: () => ({ instructions: "Ring twice" }),
  cancelBooking: () => ({ reason: "ill" }),
  createService: () => VISIT,
  updateService: () => ({ active: false }),
  decideBulkChange: () => ({ decision: "accept" }),
  putWorkingHours: () => ({ exceptions: [] }),
};

const KIND: Record<string, keyof Household["ids"]> = {
  getConnectAttempt: "attempt",
  getRun: "run",
  overrideEvent: "event",
  deleteUnavailability: "unavailability",
  getBooking: "booking",
  changeBooking: "booking",
  cancelBooking: "booking",
  exportBooking: "booking",
  readNotification: "notification",
  getBulkChange: "bulkChange",
  decideBulkChange: "bulkChange",
  getService: "service",
  updateService: "service",
  deleteService: "service",
};

const kindOf = (operation: Operation) => KIND[operation.id] ?? "integration";
const pathOf = ({ path }: Operation, id: string) => path.replace("{provider}", "google").replace("{id}", id);
const bodyOf = ({ id }: Operation) => BODIES[id]?.();
const named = OPERATIONS.map((operation) => ({ operation, name: `${operation.method} ${operation.path}` }));
const withId = named.filter(({ operation }) => operation.path.includes("{id}"));
const withBody = named.filter(({ operation }) => operation.body !== undefined);
const unsafe = named.filter(({ operation }) => operation.method !== "GET");

describe.each(named)("$name", ({ operation }) => {
  it("is closed to callers without a key and to keys without its scope", async () => {
    const path = pathOf(operation, alice.ids[kindOf(operation)]);
    const body = bodyOf(operation);
    await expectProblem(await world.call(operation.method, path, { body }), 401, "unauthenticated");
    const scopes = API_SCOPES.filter((scope) => scope !== operation.scope);
    const key = await world.keyFor(alice, scopes);
    await expectProblem(await world.call(operation.method, path, { key, body }), 403, "forbidden");
  });
});

describe.each(unsafe)("$name with a session", ({ operation }) => {
  it("needs this installation's Origin (attack 35)", async () => {
    const path = pathOf(operation, randomUUID());
    const cookie = await world.cookieFor(bob);
    const body = bodyOf(operation);
    for (const origin of [null, "https://evil.test", "null", `${TEST_ORIGIN}.evil.test`]) {
      const headers = { cookie, ...(origin === null ? {} : { origin }) };
      await expectProblem(await world.call(operation.method, path, { body, headers }), 403, "forbidden");
    }
    const headers = { cookie, origin: TEST_ORIGIN };
    const response = await world.call(operation.method, path, { body, headers });
    expect([200, 201, 204, 404]).toContain(response.status);
  });
});

describe.each(withId)("$name", ({ operation }) => {
  it("answers another person's id like one that does not exist (attacks 47, 48, 51, 59)", async () => {
    const sent = world.google.sent.length;
    const body = bodyOf(operation);
    const { key } = bob;
    const unknown = await expectProblem(
      await world.call(operation.method, pathOf(operation, randomUUID()), { key, body }),
      404,
      "not_found",
    );
    const foreign = await expectProblem(
      await world.call(operation.method, pathOf(operation, alice.ids[kindOf(operation)]), { key, body }),
      404,
      "not_found",
    );
    expect(foreign).toEqual(unknown);
    expect(world.google.sent.length).toBe(sent);
    const odd = ["1", "not-an-id", "%00", "../me", "%27%3B--", `${alice.ids.integration}x`];
    for (const id of odd) {
      const response = await world.call(operation.method, pathOf(operation, encodeURIComponent(id)), {
        key,
        body,
      });
      await expectProblem(response, 404, "not_found");
    }
  });
});

describe.each(withBody)("$name", ({ operation }) => {
  it("tells broken JSON, another type and an endless body apart", async () => {
    const path = pathOf(operation, alice.ids[kindOf(operation)]);
    const call = (body: unknown, headers = {}) =>
      world.call(operation.method, path, { key: alice.key, body, headers });
    await expectProblem(await call("{"), 400, "invalid_json");
    await expectProblem(await call({ a: "x".repeat(300_000) }), 413, "payload_too_large");
    const text = { "content-type": "text/plain" };
    await expectProblem(await call(JSON.stringify(bodyOf(operation)), text), 415, "unsupported_media_type");
    for (const bad of ["[]", '"text"', "1", "[".repeat(9_000) + "]".repeat(9_000)]) {
      const problem = await expectProblem(await call(bad), 400, "invalid_input");
      expect(problem.errors).toBeInstanceOf(Array);
    }
  });
});
