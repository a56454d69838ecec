import { request as httpRequest } from "node:http";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "@/db/client";
import { performOutbox } from "@/inngest/perform-outbox";
import { adoptRuntime } from "@/inngest/runtime";
import { disconnect } from "@/lib/connections/disconnect";
import { finishDisconnect } from "@/lib/sync/finish-disconnect";
import { eventually } from "@/tests/support/eventually";
import { behindGate, countAtGate } from "@/tests/support/gated-worker";
import { holdCalls } from "@/tests/support/held-calls";
import { pushWorld } from "@/tests/support/push-world";
import { ONE_WINDOW } from "@/tests/support/test-runtime";

const world = pushWorld();
const url = () => `${world.server.origin}/api/webhooks/google`;

type HeaderValues = Record<string, string>;
let genuine: HeaderValues = {};

/** As Google wrote it last: every header of the newest message of the calendar's channel. */
beforeEach(async () => {
  world.server.before = async ({ headers }) => {
    if (String(headers["x-goog-resource-uri"]).includes("calendarList")) return;
    genuine = Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        name.startsWith("x-goog") ? [[name, String(value)]] : [],
      ),
    );
  };
  await world.renew();
  await world.deliver();
  world.server.before = null;
  world.google.sandbox.ledger.reset();
});

const send = (changes: Record<string, string | null>, init: RequestInit = {}) => {
  const headers = new Headers(genuine);
  headers.set("x-goog-resource-state", "exists");
  headers.set("x-goog-message-number", "100");
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  return fetch(url(), { method: "POST", ...init, headers });
};

/** Everything a message could change. */
async function state() {
  const [outbox, watches, calendar] = await Promise.all([
    world.database.db.execute(sql`select * from outbox`),
    world.watches(),
    world.calendar(),
  ]);
  return { outbox: [...outbox], watches, calendar };
}

async function changesNothing(status: number, act: () => Promise<Response>): Promise<void> {
  const before = await state();
  expect((await act()).status).toBe(status);
  expect(await state()).toEqual(before);
  expect((await performOutbox(world.services)).nudges).toBe(0);
}

describe("messages nobody vouches for", () => {
  it("attack 64: of an unknown channel are answered and forgotten", async () => {
    await changesNothing(200, () => send({ "x-goog-channel-id": "0197a1a0-0000-7000-8000-000000000000" }));
    await changesNothing(200, () => send({ "x-goog-channel-id": "somebody-elses" }));
  });

  it.each([
    ["a guess", "guess"],
    ["an empty one", ""],
    ["one that begins well", "prefix"],
    ["none", null],
  ])("attack 65: of a known channel with %s for a secret are refused", async (_what, token) => {
    const given = token === "prefix" ? `${genuine["x-goog-channel-token"]?.slice(0, 42)}!` : token;
    await changesNothing(401, () => send({ "x-goog-channel-token": given }));
  });

  it("attack 66: with the secret but of another resource are refused", async () => {
    await changesNothing(401, () => send({ "x-goog-resource-id": "another" }));
    await changesNothing(401, () => send({ "x-goog-resource-id": null }));
  });

  it("attack 67: that only say hello cause no round", async () => {
    const before = await world.calendar();
    expect((await send({ "x-goog-resource-state": "sync" })).status).toBe(204);
    expect(await world.calendar()).toEqual(before);
    expect((await performOutbox(world.services)).nudges).toBe(0);
  });

  it("attack 73: that are huge, packed or no message at all are refused unread", async () => {
    const body = "x".repeat(5_000_000);
    await changesNothing(413, () => send({}, { body }));
    await changesNothing(400, () => fetch(url(), { method: "POST", body: "{not json" }));
    await changesNothing(400, () => send({ "x-goog-message-number": "1e9" }));
    await changesNothing(400, () => send({ "x-goog-message-number": "-1" }));
    await changesNothing(400, () => send({ "x-goog-channel-token": "a".repeat(2_000) }));
    await changesNothing(401, () =>
      send({ "content-encoding": "gzip", "x-goog-channel-token": "x" }, { body: "bomb" }),
    );
  });

  it("attack 73: a body that never ends does not keep a true message waiting", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { ...genuine, "x-goog-resource-state": "exists", "x-goog-message-number": "300" };
      const request = httpRequest(url(), { method: "POST", headers }, (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      request.on("error", reject);
      request.write("a");
    });
    expect(status).toBe(204);
  });

  it("attack 74: after a disconnect change nothing, before its end and after", async () => {
    await disconnect(world.services, world.person.ctx(world.clock.now()), world.connectionId);
    const watches = await world.watches();
    expect((await send({})).status).toBe(204);
    expect(await world.watches()).toEqual(watches);
    await performOutbox(world.services);
    await finishDisconnect(world.services, world.connectionId);
    expect((await send({ "x-goog-message-number": "101" })).status).toBe(200);
    expect((await performOutbox(world.services)).nudges).toBe(0);
  });

  it.each(["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])("attack 75: %s is not a way in", async (method) => {
    await changesNothing(405, () => fetch(url(), { method }));
  });
});

describe("a flood", () => {
  it("attack 68: a message repeated a thousand times is one change", async () => {
    await world.addEvent("Once");
    const answers = await inBatches(1_000, () => send({}));
    expect(new Set(answers)).toEqual(new Set([204]));
    const nudges = await performOutbox(world.services);
    expect(nudges.nudges).toBeLessThanOrEqual(2);
    expect(world.asked("calendar.events.list")).toBeLessThanOrEqual(2);
    expect(await world.titles()).toEqual(["Once"]);
  });

  it("of a thousand true messages costs two rounds: one at once, and one more for all that came meanwhile", async () => {
    // The first round takes as long as the messages do, whoever is quicker.
    const list = holdCalls(world.google.sandbox.faults, "calendar.events.list");
    let working = performOutbox(world.services);
    let number = 1_000;
    const answers = await inBatches(1_000, async () => {
      number += 1;
      const response = await send({ "x-goog-message-number": String(number) });
      if (number % 25 === 0) working = working.then(() => performOutbox(world.services));
      return response;
    });
    await list.arrived();
    list.open();
    await working;
    await performOutbox(world.services);
    expect(new Set(answers)).toEqual(new Set([204]));
    expect(world.asked("calendar.events.list")).toBeGreaterThan(0);
    expect(world.asked("calendar.events.list")).toBeLessThanOrEqual(2);
    const { changeSeq, syncedSeq } = await world.calendar();
    expect(syncedSeq).toBe(changeSeq);
  });

  it("of guesses is limited by address; who knows the secret never is", async () => {
    const limits = { ...world.runtime.limits, webhookRefused: { limit: 3, windowSeconds: ONE_WINDOW } };
    adoptRuntime({ ...world.runtime, limits });
    const guesses = await inBatches(10, () => send({ "x-goog-channel-token": "guess" }));
    expect(guesses.filter((status) => status === 401)).toHaveLength(3);
    expect(guesses.filter((status) => status === 429)).toHaveLength(7);
    const before = await world.calendar();
    expect((await send({})).status).toBe(204);
    expect((await world.calendar()).changeSeq).toBe(before.changeSeq + 1);
  });
});

describe("the cost of a message", () => {
  it("is one look-up for a stranger's, two statements for a true one, and one nudge while one waits", async () => {
    const statements: string[] = [];
    const webhooks = openDatabase(world.database.url, {
      max: 1,
      onStatement: (text) => statements.push(text),
    });
    adoptRuntime({ ...world.runtime, webhooks });
    await send({ "x-goog-channel-token": "guess" });
    expect(statements.splice(0)).toHaveLength(1);
    await send({});
    expect(statements.splice(0)).toHaveLength(2);
    await send({ "x-goog-message-number": "101" });
    expect(statements.splice(0)).toHaveLength(2);
    await webhooks.close();
    const [row] = await world.database.db.execute<{ waiting: number }>(
      sql`select count(*)::int as waiting from outbox where name = 'calendar/changed'`,
    );
    expect(row?.waiting).toBe(1);
    expect((await world.calendar()).changeSeq).toBe(3);
    await performOutbox(world.services);
  });

  it("is a later try of the vendor's while the database does not answer", async () => {
    const webhooks = openDatabase("postgres://127.0.0.1:9/nothing", { max: 1 });
    adoptRuntime({ ...world.runtime, webhooks });
    expect((await send({})).status).toBe(503);
    await webhooks.close();
  });

  it("does not grow when everybody else waits for the database", async () => {
    const gate = 4_246;
    const everybody = Array.from({ length: 5 });
    await behindGate(world.database, gate, async (open) => {
      const held = everybody.map(async () => {
        await world.runtime.handle.db.execute(sql`select pg_advisory_xact_lock_shared(${gate})`);
      });
      await eventually(
        "all wait",
        async () => (await countAtGate(world.database, gate)) === everybody.length,
      );
      expect((await send({})).status).toBe(204);
      expect(await countAtGate(world.database, gate)).toBe(everybody.length);
      await open();
      await Promise.all(held);
    });
    await performOutbox(world.services);
  });
});

it("a calendar that is gone has the account's list read again", async () => {
  expect((await send({ "x-goog-resource-state": "not_exists" })).status).toBe(204);
  expect(await performOutbox(world.services)).toEqual({ nudges: 1, failed: 0 });
  expect(world.asked("calendar.calendarList.list")).toBe(1);
});

async function inBatches(count: number, act: () => Promise<Response>): Promise<number[]> {
  const statuses: number[] = [];
  for (let at = 0; at < count; at += 50) {
    const answers = await Promise.all(Array.from({ length: Math.min(50, count - at) }, act));
    statuses.push(...answers.map(({ status }) => status));
  }
  return statuses;
}
