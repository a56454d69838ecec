import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { performAction, performPublicAction } from "@/app/_session/perform-action";
import type { Runtime } from "@/inngest/runtime";
import type { Ctx } from "@/lib/organizations/context";
import { AppError } from "@/lib/platform/errors";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createPerson } from "@/tests/support/factories";
import { createTestRuntime, ONE_WINDOW, TEST_ORIGIN } from "@/tests/support/test-runtime";

const schema = z.object({ name: z.string().max(10) });
let database: TestDatabase;
let runtime: Runtime;
let ctx: Ctx;

beforeAll(async () => {
  database = await createTestDatabase();
  runtime = createTestRuntime(database.url, {});
  ctx = (await createPerson(database.db)).ctx();
});
afterAll(async () => {
  await runtime?.handle.close();
  await database?.drop();
});

function perform(given: { origin?: string | null; ctx?: Ctx | null; input?: unknown; fail?: Error } = {}) {
  const { origin = TEST_ORIGIN, input = { name: "Ada" }, fail } = given;
  let ran = 0;
  const answer = performAction({
    runtime,
    origin,
    ctx: async () => (given.ctx === undefined ? ctx : given.ctx),
    schema,
    input,
    work: async ({ input: parsed }) => {
      ran += 1;
      if (fail !== undefined) throw fail;
      return parsed;
    },
  });
  return answer.then((result) => ({ result, ran }));
}

describe("a server action", () => {
  it("gives its work what the schema lets through and nothing more (attack 36)", async () => {
    const input = JSON.parse('{"name":"Ada","role":"owner","orgId":"B","__proto__":{"x":1}}');
    expect(await perform({ input })).toEqual({ result: { ok: true, data: { name: "Ada" } }, ran: 1 });
  });

  it.each([null, "https://evil.test", "null", "http://localhost:3001"])(
    "does not run for Origin %j (attack 35)",
    async (origin) => {
      expect(await perform({ origin })).toEqual({
        result: { ok: false, error: { code: "forbidden" } },
        ran: 0,
      });
    },
  );

  it("does not run without a session (attack 33)", async () => {
    expect(await perform({ ctx: null })).toEqual({
      result: { ok: false, error: { code: "unauthenticated" } },
      ran: 0,
    });
  });

  it.each([[[]], [null], ["text"], [Number.NaN], [{ name: ["a"] }], [{ name: "much too long" }]])(
    "does not run with input %j (attack 37)",
    async (input) => {
      const { result, ran } = await perform({ input });
      expect(ran).toBe(0);
      expect(result).toMatchObject({ ok: false, error: { code: "invalid_input", fields: [{}] } });
    },
  );

  it("answers a refusal with its code and a failure with nothing to learn from (attack 43)", async () => {
    const refused = await perform({
      fail: new AppError("rate_limited", "Slow down", { retryAfterSeconds: 7 }),
    });
    expect(refused.result).toEqual({ ok: false, error: { code: "rate_limited", retryAfterSeconds: 7 } });
    const failed = await perform({ fail: new Error("select secret from oauth_tokens") });
    expect(failed.result).toEqual({ ok: false, error: { code: "internal" } });
  });

  it("tells a database that does not answer from a fault, and a vendor's socket from the database's", async () => {
    const refusedAt = (name: string) =>
      Object.assign(new Error("no"), {
        name,
        cause: Object.assign(new Error("no"), { code: "ECONNREFUSED" }),
      });
    const gone = await perform({ fail: refusedAt("DrizzleQueryError") });
    expect(gone.result).toEqual({ ok: false, error: { code: "unavailable", retryAfterSeconds: 5 } });
    const vendor = await perform({ fail: refusedAt("ProviderError") });
    expect(vendor.result).toEqual({ ok: false, error: { code: "internal" } });
  });
});

function performForAnybody(
  given: { origin?: string | null; address?: string; input?: unknown; within?: Runtime } = {},
) {
  const { origin = TEST_ORIGIN, address = "203.0.113.1", input = { name: "Ada" } } = given;
  const work = async ({ input: parsed, now }: { input: { name: string }; now: Date }) =>
    now instanceof Date && parsed;
  return performPublicAction({ runtime: given.within ?? runtime, origin, address, schema, input, work });
}

describe("a server action for people without an account", () => {
  it("needs no session, and gives its work what the schema lets through", async () => {
    expect(await performForAnybody()).toEqual({ ok: true, data: { name: "Ada" } });
    const refused = await performForAnybody({ input: { name: "longer than ten" } });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: "invalid_input", fields: [{ path: "name" }] },
    });
  });

  it.each([null, "null", "https://evil.test"])("does not run for Origin %j", async (origin) => {
    expect(await performForAnybody({ origin })).toEqual({ ok: false, error: { code: "forbidden" } });
  });

  it("is counted by network: beyond the limit it says when to come back, and others go on", async () => {
    const address = "203.0.113.77";
    const limit = 3;
    const publicBooking = { limit, windowSeconds: ONE_WINDOW };
    const within = { ...runtime, limits: { ...runtime.limits, publicBooking } };
    for (let attempt = 0; attempt < limit; attempt += 1) {
      expect(await performForAnybody({ address, within })).toMatchObject({ ok: true });
    }
    const refused = { ok: false, error: { code: "rate_limited", retryAfterSeconds: expect.any(Number) } };
    expect(await performForAnybody({ address, within })).toEqual(refused);
    expect(await performForAnybody({ address: "203.0.113.78", within })).toMatchObject({ ok: true });
  });
});
