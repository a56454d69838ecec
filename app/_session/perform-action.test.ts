import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { performAction } from "@/app/_session/perform-action";
import type { Runtime } from "@/inngest/runtime";
import type { Ctx } from "@/lib/organizations/context";
import { AppError } from "@/lib/platform/errors";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createPerson } from "@/tests/support/factories";
import { createTestRuntime, TEST_ORIGIN } from "@/tests/support/test-runtime";

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
});
