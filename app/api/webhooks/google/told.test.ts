import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openDatabase } from "@/db/client";
import { adoptRuntime } from "@/inngest/runtime";
import { log } from "@/lib/platform/log";
import { metrics } from "@/lib/platform/metrics";
import { createMemoryLimiter } from "@/lib/platform/rate-limit-memory";
import { pushWorld } from "@/tests/support/push-world";
import { ONE_WINDOW } from "@/tests/support/test-runtime";

const world = pushWorld();

type Line = Record<string, unknown>;
let lines: Line[] = [];
let genuine: Record<string, string> = {};

beforeEach(async () => {
  adoptRuntime({ ...world.runtime, limiter: createMemoryLimiter() });
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
  lines = [];
  vi.spyOn(log, "info").mockImplementation((line: unknown) => void lines.push(line as Line));
});
afterEach(() => vi.restoreAllMocks());

const send = (changes: Record<string, string | null> = {}, init: RequestInit = {}) => {
  const headers = new Headers(genuine);
  headers.set("x-goog-resource-state", "exists");
  headers.set("x-goog-message-number", "100");
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  return fetch(`${world.server.origin}/api/webhooks/google`, { method: "POST", ...init, headers });
};
const told = () => lines.filter((line) => line.webhook === "google");
const counted = (outcome: string) => {
  const series = `entente_webhooks_total{vendor="google",outcome="${outcome}"} `;
  const line = metrics()
    .render()
    .split("\n")
    .find((text) => text.startsWith(series));
  return Number(line?.slice(series.length) ?? 0);
};

describe("each request to a webhook", () => {
  it.each<[string, number, () => Promise<Response>, boolean]>([
    ["stamped", 204, () => send(), true],
    ["hello", 204, () => send({ "x-goog-resource-state": "sync" }), true],
    ["repeated", 204, () => send({ "x-goog-message-number": "1" }), true],
    ["unknown", 200, () => send({ "x-goog-channel-id": "0197a1a0-0000-7000-8000-000000000000" }), false],
    ["forged", 401, () => send({ "x-goog-channel-token": "guess" }), true],
    ["malformed", 400, () => send({ "x-goog-message-number": "-1" }), false],
    ["too_large", 413, () => send({}, { body: "x".repeat(10_000) }), false],
  ])("%s is one line and one count, with ids and no secret", async (outcome, status, act, known) => {
    const before = counted(outcome);
    expect((await act()).status).toBe(status);
    expect(counted(outcome)).toBe(before + 1);
    const { connectionId, calendarId } = world;
    const ids = known ? { watchId: genuine["x-goog-channel-id"], connectionId, calendarId } : {};
    expect(told()).toEqual([expect.objectContaining({ outcome, status, ...ids })]);
    expect(told()[0]?.durationMs).toEqual(expect.any(Number));
    expect(JSON.stringify(told())).not.toContain(genuine["x-goog-channel-token"]);
    expect(metrics().render()).toContain('entente_webhook_duration_seconds_count{vendor="google"}');
  });

  it("is told of while the database does not answer", async () => {
    const webhooks = openDatabase("postgres://127.0.0.1:9/nothing", { max: 1 });
    adoptRuntime({ ...world.runtime, webhooks });
    expect((await send()).status).toBe(503);
    expect(told()).toEqual([expect.objectContaining({ outcome: "unavailable", status: 503 })]);
    await webhooks.close();
  });

  it("of a stranger is counted always and written twenty times a minute, of a vendor always both", async () => {
    const unknown = counted("unknown");
    const stamped = counted("stamped");
    for (let n = 0; n < 60; n += 1) {
      await send({ "x-goog-channel-id": "nobody" });
      await send({ "x-goog-message-number": String(200 + n) });
    }
    expect(counted("unknown") - unknown).toBe(60);
    expect(counted("stamped") - stamped).toBe(60);
    expect(told().filter(({ outcome }) => outcome === "unknown")).toHaveLength(20);
    expect(told().filter(({ outcome }) => outcome === "stamped")).toHaveLength(60);
    world.clock.advance(61_000);
    await send({ "x-goog-channel-id": "nobody" });
    expect(told().filter(({ outcome }) => outcome === "unknown")).toHaveLength(21);
  });

  it("beyond its address's limit is limited, whatever it was", async () => {
    const limits = { ...world.runtime.limits, webhookRefused: { limit: 1, windowSeconds: ONE_WINDOW } };
    adoptRuntime({ ...world.runtime, limits, limiter: createMemoryLimiter() });
    await send({ "x-goog-channel-token": "guess" });
    expect((await send({ "x-goog-channel-token": "guess" })).status).toBe(429);
    expect(told().map(({ outcome, status }) => [outcome, status])).toEqual([
      ["forged", 401],
      ["limited", 429],
    ]);
  });
});
