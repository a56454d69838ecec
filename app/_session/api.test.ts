import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { GET as unknownAddress } from "@/app/api/v1/[[...unknown]]/route";
import { GET, PATCH, POST } from "@/app/api/v1/me/route";
import { adoptRuntime, createRuntime, type Runtime } from "@/inngest/runtime";
import { createApiKey } from "@/lib/organizations/api-keys";
import type { ApiScope } from "@/lib/organizations/context";
import { openSession } from "@/lib/organizations/sessions";
import { createUser } from "@/lib/organizations/users";
import { randomToken } from "@/lib/platform/crypto";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createTestRuntime, ONE_WINDOW, TEST_ORIGIN } from "@/tests/support/test-runtime";

const system = { type: "system", job: "test" } as const;
const context = { params: Promise.resolve({}) };
let database: TestDatabase;
let runtime: Runtime;

beforeAll(async () => {
  database = await createTestDatabase();
  runtime = createTestRuntime(database.url, {});
  adoptRuntime(runtime);
});
afterAll(async () => {
  await runtime?.handle.close();
  await database?.drop();
});

async function caller(scopes: ApiScope[] = ["read", "write"]) {
  const now = runtime.services.clock.now();
  const wish = { email: "pat@example.test", name: "Pat", timeZone: "Europe/Paris" };
  const user = await createUser(runtime.services.db, wish, { actor: system, now });
  const { key } = await createApiKey(runtime.services.db, { userId: user.id, scopes, actor: system }, now);
  return { ...user, key };
}

function ask(
  path: string,
  options: { key?: string; method?: string; body?: unknown; headers?: object } = {},
) {
  const { key, method = "GET", body } = options;
  return new Request(new URL(path, TEST_ORIGIN), {
    method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

async function expectProblem(response: Response, status: number, code: string) {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(response.headers.get("cache-control")).toBe("private, no-store");
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).toMatchObject({ status, code, title: expect.any(String), type: expect.any(String) });
  expect(response.status).toBe(status);
  return body;
}

describe("a caller of the API", () => {
  it("with a key sees themselves", async () => {
    const { key, id, organizationId } = await caller();
    const response = await GET(ask("/api/v1/me", { key }), context);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(await response.json()).toEqual({
      id,
      handle: expect.stringMatching(/^pat/),
      name: "Pat",
      email: "pat@example.test",
      timeZone: "Europe/Paris",
      locale: "en",
      organization: { id: organizationId, name: "Pat", role: "admin" },
    });
  });

  it("without a key, with a wrong one, or with no bearer at all gets 401", async () => {
    const { key } = await caller();
    const wrong = `${key.slice(0, -4)}AAAA`;
    for (const headers of [
      {},
      { authorization: `Bearer ${wrong}` },
      { authorization: "Basic eDp5" },
      { authorization: "Bearer" },
    ]) {
      const response = await GET(ask("/api/v1/me", { headers }), context);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
      await expectProblem(response, 401, "unauthenticated");
    }
  });

  it("with a key that lacks the scope gets 403", async () => {
    const { key } = await caller(["read"]);
    await expectProblem(
      await PATCH(ask("/api/v1/me", { key, method: "PATCH", body: {} }), context),
      403,
      "forbidden",
    );
  });

  it("with a session may read, and change with the Origin of this installation alone (attack 35)", async () => {
    const { id } = await caller();
    const token = randomToken();
    const expiresAt = new Date(runtime.services.clock.now().getTime() + 60_000);
    await openSession(runtime.services.db, { token, userId: id, expiresAt, replaces: null });
    const cookie = `next-auth.session-token=${token}`;
    const change = (headers: object) =>
      PATCH(
        ask("/api/v1/me", { method: "PATCH", body: { name: "Patricia" }, headers: { cookie, ...headers } }),
        context,
      );
    expect((await GET(ask("/api/v1/me", { headers: { cookie } }), context)).status).toBe(200);
    await expectProblem(await change({}), 403, "forbidden");
    await expectProblem(await change({ origin: "https://evil.test" }), 403, "forbidden");
    await expectProblem(await change({ origin: "null" }), 403, "forbidden");
    expect(await (await change({ origin: TEST_ORIGIN })).json()).toMatchObject({ name: "Patricia" });
  });

  it("beyond the limit gets 429 with the seconds to wait", async () => {
    const { key } = await caller();
    adoptRuntime({ ...runtime, limits: { ...runtime.limits, api: { limit: 2, windowSeconds: ONE_WINDOW } } });
    const answers = [];
    for (let n = 0; n < 3; n += 1) answers.push(await GET(ask("/api/v1/me", { key }), context));
    adoptRuntime(runtime);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 429]);
    expect(Number(answers[2]?.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("whose attempts cannot be counted or checked is denied", async () => {
    const { key } = await caller();
    const broken = createRuntime(runtime.env);
    await broken.handle.close();
    adoptRuntime(broken);
    const response = await GET(ask("/api/v1/me", { key }), context);
    adoptRuntime(runtime);
    const body = await expectProblem(response, 503, "unavailable");
    expect(response.headers.get("retry-after")).toBe("5");
    expect(JSON.stringify(body)).not.toMatch(/CONNECTION|postgres|select/i);
  });
});

describe("PATCH /me", () => {
  const patch = async (body: unknown, headers: object = {}) => {
    const { key } = await caller();
    return PATCH(ask("/api/v1/me", { key, method: "PATCH", body, headers }), context);
  };

  it("changes what is given and ignores what is nobody's to change", async () => {
    const response = await patch({
      timeZone: "asia/kathmandu",
      locale: "fr",
      id: "x",
      email: "a@b.test",
      role: "admin",
    });
    expect(await response.json()).toMatchObject({
      timeZone: "Asia/Kathmandu",
      locale: "fr",
      email: "pat@example.test",
    });
  });

  it.each([
    [{ timeZone: "Mars/Olympus" }, "timeZone"],
    [{ timeZone: "+02:00" }, "timeZone"],
    [{ locale: "de" }, "locale"],
    [{ name: "" }, "name"],
    [{ handle: "-a" }, "handle"],
    [[], ""],
    ["null", ""],
  ])("refuses %j and names the field", async (body, path) => {
    const problem = await expectProblem(await patch(body), 400, "invalid_input");
    expect(problem.errors).toMatchObject([{ path }]);
  });

  it("refuses a handle someone has", async () => {
    const other = await caller();
    await expectProblem(await patch({ handle: other.handle }), 409, "conflict");
  });

  it("tells broken JSON, another type and an endless body apart", async () => {
    await expectProblem(await patch("{"), 400, "invalid_json");
    await expectProblem(
      await patch({ name: "A" }, { "content-type": "text/plain" }),
      415,
      "unsupported_media_type",
    );
    await expectProblem(await patch({ name: "x".repeat(300_000) }), 413, "payload_too_large");
    await expectProblem(await patch(`${"[".repeat(10_000)}${"]".repeat(10_000)}`), 400, "invalid_input");
  });
});

describe("an address", () => {
  it("answers methods it does not have with 405 and those it has", async () => {
    const response = await POST(ask("/api/v1/me", { method: "POST" }), context);
    expect(response.headers.get("allow")).toBe("GET, PATCH");
    await expectProblem(response, 405, "method_not_allowed");
  });

  it("that does not exist answers 404", async () => {
    await expectProblem(await unknownAddress(), 404, "not_found");
  });
});

describe("a request that makes something", () => {
  let made = 0;
  let hold: Promise<void> = Promise.resolve();
  const body = z.object({ name: z.string() });
  const routes = apiMethods({
    POST: apiRoute({ scope: "write", body, status: 201, creates: true }, async ({ body: { name } }) => {
      await hold;
      if (name === "broken") throw new Error("no such luck");
      made += 1;
      return { name, made };
    }),
  });
  const post = (key: string, idempotencyKey: string, given: unknown) =>
    routes.POST(
      ask("/api/v1/things", {
        key,
        method: "POST",
        body: given,
        headers: { "idempotency-key": idempotencyKey },
      }),
      context,
    );

  it("is answered, not repeated, under the same Idempotency-Key (attack 93)", async () => {
    const { key } = await caller();
    const first = await post(key, "k1", { name: "a" });
    const again = await post(key, "k1", { name: "a" });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(await again.json()).toEqual(await first.json());
    await expectProblem(await post(key, "k1", { name: "b" }), 422, "idempotency_key_reused");
    const stranger = await caller();
    expect(await (await post(stranger.key, "k1", { name: "a" })).json()).not.toEqual({ name: "a", made: 1 });
  });

  it("runs once when sent twice at a time; the other is told to wait", async () => {
    const { key } = await caller();
    let release = () => undefined as unknown;
    hold = new Promise((resolve) => {
      release = () => resolve();
    });
    const before = made;
    const both = [post(key, "k2", { name: "a" }), post(key, "k2", { name: "a" })];
    const loser = await Promise.race(both);
    await expectProblem(loser, 409, "idempotency_in_progress");
    release();
    expect((await Promise.all(both)).map((answer) => answer.status).sort()).toEqual([201, 409]);
    expect(made).toBe(before + 1);
    hold = Promise.resolve();
  });

  it("may be tried again under its key after a failure of ours", async () => {
    const { key } = await caller();
    await expectProblem(await post(key, "k3", { name: "broken" }), 500, "internal");
    await expectProblem(await post(key, "k3", { name: "broken" }), 500, "internal");
    expect((await post(key, "k3", { name: "works" })).status).toBe(201);
    await expectProblem(await post(key, "two words", { name: "x" }), 400, "invalid_input");
  });
});
