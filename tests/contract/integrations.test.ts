import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { readIntegration } from "@/app/api/v1/_operations/integrations";
import { calendarSyncEvents } from "@/db/schema/calendars";
import { calendarConnections, oauthTokens } from "@/db/schema/connections";
import { integrationPolicies } from "@/db/schema/users";
import { finishDisconnect } from "@/lib/sync/finish-disconnect";
import { ONE_WINDOW } from "@/tests/support/test-runtime";
import { apiWorld, type Caller, type Connected, expectProblem, json } from "./api-world";
import { importMain, timed, work, writeEvent } from "./samples";

const world = apiWorld();

interface Integration {
  id: string;
  status: string;
  statusReason: string | null;
  settings: Record<string, unknown>;
  calendars: { id: string; checkForConflicts: boolean; state: string }[];
  lastRun: { status: string } | null;
}

async function connected(): Promise<{ person: Caller; connection: Connected }> {
  const person = await world.caller();
  return { person, connection: await world.connect(person) };
}

const get = (key: string, id: string) => world.call("GET", `/integrations/${id}`, { key });
const settings = (key: string, id: string, body: unknown) =>
  world.call("PUT", `/integrations/${id}/settings`, { key, body });

describe("GET /integrations", () => {
  it("lists the caller's own, oldest first, page by page", async () => {
    const person = await world.caller();
    const ids = [(await world.connect(person)).id, (await world.connect(person)).id];
    await world.connect(await world.caller());
    const { key } = person;
    type List = { data: Integration[]; nextCursor: string | null };
    const all = await json<List>(await world.call("GET", "/integrations", { key }));
    expect(all.data.map((one) => one.id)).toEqual(ids);
    expect(all.nextCursor).toBeNull();
    const first = await json<List>(await world.call("GET", "/integrations?limit=1", { key }));
    const second = await json<List>(
      await world.call("GET", `/integrations?limit=1&cursor=${first.nextCursor}`, { key }),
    );
    expect([...first.data, ...second.data].map((one) => one.id)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
  });

  it("ignores whose list the query asks for (attack 62)", async () => {
    const { person, connection } = await connected();
    const bob = await world.caller();
    const query = `userId=${person.userId}&orgId=${person.organizationId}&id=${connection.id}`;
    expect(await json(await world.call("GET", `/integrations?${query}`, { key: bob.key }))).toEqual({
      data: [],
      nextCursor: null,
    });
  });

  it.each(["limit=0", "limit=-1", "limit=x", "limit=1.5", "cursor=nonsense", "cursor=", "cursor=e30"])(
    "refuses %s",
    async (query) => {
      const { key } = await world.caller();
      await expectProblem(await world.call("GET", `/integrations?${query}`, { key }), 400, "invalid_input");
    },
  );

  it("answers more than the greatest limit with the greatest limit", async () => {
    const { key } = await world.caller();
    expect((await world.call("GET", "/integrations?limit=100000", { key })).status).toBe(200);
  });
});

describe("GET /integrations/{id}", () => {
  it("answers the Integration with exactly what is described", async () => {
    const { person, connection } = await connected();
    await writeEvent(world, connection, timed(world, 3, "Dentist"));
    await importMain(world, person, connection);
    const body = await json<Integration>(await get(person.key, connection.id));
    expect(readIntegration.answer?.safeParse(body).error).toBeUndefined();
    expect(body).toMatchObject({
      id: connection.id,
      provider: "google",
      accountEmail: connection.account,
      status: "connected",
      capabilities: { readEvents: true, writeEvents: true },
      settings: { importEnabled: true, titles: "full", allDayEvents: "always_block", whenUnsure: "accept" },
      calendars: [{ id: connection.calendarId, primary: true, checkForConflicts: true, state: "ok" }],
      lastRun: { status: "succeeded", trigger: "connect", imported: 1 },
    });
  });

  it("never shows a token, sealed or open", async () => {
    const { person, connection } = await connected();
    const text = await (await get(person.key, connection.id)).text();
    const [tokens] = await world.database.db
      .select()
      .from(oauthTokens)
      .where(eq(oauthTokens.connectionId, connection.id));
    expect(text).not.toContain(tokens?.accessToken);
    expect(text).not.toMatch(/token|secret|cursor/i);
  });
});

describe("PUT /integrations/{id}/settings", () => {
  it("changes what is given, starts an import of what is checked, and answers the Integration", async () => {
    const { person, connection } = await connected();
    const body = {
      tentative: "ignore",
      nickname: "Practice",
      calendars: [{ id: connection.calendarId, checkForConflicts: true }],
    };
    const changed = await json<Integration>(await settings(person.key, connection.id, body));
    expect(readIntegration.answer?.safeParse(changed).error).toBeUndefined();
    expect(changed).toMatchObject({
      nickname: "Practice",
      status: "importing",
      settings: { tentative: "ignore", importEnabled: true },
      calendars: [{ checkForConflicts: true }],
      lastRun: { status: "running", trigger: "connect" },
    });
  });

  it("lets deselected calendars' time go at once", async () => {
    const { person, connection } = await connected();
    await writeEvent(world, connection, timed(world, 3, "Dentist"));
    await importMain(world, person, connection);
    const calendars = [{ id: connection.calendarId, checkForConflicts: false }];
    await json(await settings(person.key, connection.id, { calendars }));
    const blocked = await json<{ data: unknown[] }>(
      await world.call("GET", "/unavailabilities", { key: person.key }),
    );
    expect(blocked.data).toEqual([]);
  });

  it("takes no calendar of another connection, not even of the caller's own (attack 48)", async () => {
    const { person, connection } = await connected();
    const own = await world.connect(person);
    const strange = (await connected()).connection;
    for (const calendarId of [own.calendarId, strange.calendarId, randomUUID(), "x"]) {
      for (const body of [
        { targetCalendarId: calendarId },
        { calendars: [{ id: calendarId, checkForConflicts: true }] },
      ]) {
        await expectProblem(await settings(person.key, connection.id, body), 404, "not_found");
      }
    }
  });

  it.each([
    [{ titles: "some" }, "titles"],
    [{ importEnabled: "yes" }, "importEnabled"],
    [{ calendars: [{ id: "x" }] }, "calendars.0.checkForConflicts"],
    [{ nickname: "x".repeat(100) }, "nickname"],
  ])("refuses %j and names the field", async (body, path) => {
    const { person, connection } = await connected();
    const problem = await expectProblem(
      await settings(person.key, connection.id, body),
      400,
      "invalid_input",
    );
    expect(problem.errors).toMatchObject([{ path }]);
  });

  it("refuses what is nobody's to change (attack 36)", async () => {
    const { person, connection } = await connected();
    for (const body of [{ userId: randomUUID() }, { status: "connected" }, { grantedScopes: [] }]) {
      await expectProblem(await settings(person.key, connection.id, body), 400, "invalid_input");
    }
  });
});

describe("POST /integrations/{id}/sync", () => {
  it("answers runs that see every change made before", async () => {
    const { person, connection } = await connected();
    await importMain(world, person, connection);
    await writeEvent(world, connection, timed(world, 4, "New"));
    const response = await world.call("POST", `/integrations/${connection.id}/sync`, { key: person.key });
    const { runIds } = await json<{ runIds: string[] }>(response, 202);
    expect(runIds).toHaveLength(1);
    await work(world, connection);
    const run = await json(await world.call("GET", `/runs/${runIds[0]}`, { key: person.key }));
    expect(run).toMatchObject({ status: "succeeded", trigger: "manual", imported: 1 });
  });

  it("under one Idempotency-Key asks for one run", async () => {
    const { person, connection } = await connected();
    await importMain(world, person, connection);
    const call = (path: string) =>
      world.call("POST", path, { key: person.key, headers: { "idempotency-key": "again" } });
    const path = `/integrations/${connection.id}/sync`;
    const first = await json(await call(path), 202);
    expect(await json(await call(path), 202)).toEqual(first);
    const other = await world.connect(person);
    await expectProblem(await call(`/integrations/${other.id}/sync`), 422, "idempotency_key_reused");
  });

  it("of a dead connection answers 409 and asks nobody (attack 59)", async () => {
    const { person, connection } = await connected();
    await world.database.db
      .update(calendarConnections)
      .set({ reconnectReason: "revoked", reconnectSince: world.services.clock.now() })
      .where(eq(calendarConnections.id, connection.id));
    const sent = world.google.sent.length;
    const path = `/integrations/${connection.id}/sync`;
    await expectProblem(await world.call("POST", path, { key: person.key }), 409, "reconnect_required");
    expect(world.google.sent.length).toBe(sent);
    expect(await json(await get(person.key, connection.id))).toMatchObject({ status: "reconnect_required" });
  });

  it("is refused while import is off or the organization forbids it", async () => {
    const { person, connection } = await connected();
    const { key, organizationId } = person;
    const path = `/integrations/${connection.id}/sync`;
    await json(await settings(key, connection.id, { importEnabled: false }));
    await expectProblem(await world.call("POST", path, { key }), 409, "import_disabled");
    await world.database.db
      .insert(integrationPolicies)
      .values({ organizationId, provider: "google", allowed: false });
    await expectProblem(await world.call("POST", path, { key }), 403, "blocked_by_policy");
    expect(await json(await get(key, connection.id))).toMatchObject({ status: "blocked_by_policy" });
  });
});

describe("DELETE /integrations/{id}", () => {
  const end = (key: string, id: string, query = "") =>
    world.call("DELETE", `/integrations/${id}${query}`, { key });

  it("answers 202, blocks nothing from then on, and is gone when the vendor is told", async () => {
    const { person, connection } = await connected();
    const { key } = person;
    await writeEvent(world, connection, timed(world, 3, "Dentist"));
    await importMain(world, person, connection);
    expect(await json(await end(key, connection.id), 202)).toEqual({
      id: connection.id,
      status: "disconnecting",
    });
    expect(await json(await world.call("GET", "/unavailabilities", { key }))).toMatchObject({ data: [] });
    expect(await json(await get(key, connection.id))).toMatchObject({ status: "disconnecting" });
    await json(await end(key, connection.id), 202);
    await finishDisconnect(world.services, connection.id);
    await expectProblem(await get(key, connection.id), 404, "not_found");
    await expectProblem(await end(key, connection.id), 404, "not_found");
    const [left] = await world.database.db
      .select({ count: sql<number>`count(*)::int` })
      .from(calendarSyncEvents)
      .where(eq(calendarSyncEvents.userId, person.userId));
    expect(left?.count).toBe(0);
    expect(world.google.sandbox.vault.revoke(connection.account)).toBe(0);
  });

  it("works with a dead token, and settles what happens to exported events", async () => {
    const { person, connection } = await connected();
    world.google.sandbox.vault.revoke(connection.account);
    await expectProblem(await end(person.key, connection.id, "?exportedEvents=burn"), 400, "invalid_input");
    await json(await end(person.key, connection.id, "?exportedEvents=remove"), 202);
    await finishDisconnect(world.services, connection.id);
    await expectProblem(await get(person.key, connection.id), 404, "not_found");
  });

  it("takes settings and syncs of a leaving connection for those of none", async () => {
    const { person, connection } = await connected();
    await json(await end(person.key, connection.id), 202);
    const { key } = person;
    await expectProblem(await settings(key, connection.id, { tentative: "block" }), 404, "not_found");
    for (const action of ["sync", "diagnose"]) {
      const path = `/integrations/${connection.id}/${action}`;
      await expectProblem(await world.call("POST", path, { key }), 404, "not_found");
    }
  });
});

describe("a caller who makes too much work at the vendor", () => {
  it("gets 429 with the seconds to wait, and only they do", async () => {
    const { person, connection } = await connected();
    const other = await connected();
    const { limits } = world.runtime;
    world.runtime.limits = { ...limits, sync: { limit: 1, windowSeconds: ONE_WINDOW } };
    const sync = ({ person: { key }, id }: { person: Caller; id: string }) =>
      world.call("POST", `/integrations/${id}/sync`, { key });
    try {
      await json(await sync({ person, id: connection.id }), 202);
      const refused = await sync({ person, id: connection.id });
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
      await expectProblem(refused, 429, "rate_limited");
      await json(await sync({ person: other.person, id: other.connection.id }), 202);
    } finally {
      world.runtime.limits = limits;
    }
  });
});
