import { beforeEach, describe, expect, it } from "vitest";
import { jobBeats } from "@/db/schema/watches";
import { KEYS } from "@/scripts/inngest/server-process";
import { serveWorld } from "./serve-world";
import { callLike, nowSeconds, recorded, recordedCall, signature } from "./wire";

const world = serveWorld();
const HERE = "http://localhost:3000/api/inngest";
const tick = () => recordedCall("entente-drain-outbox");

/** Whatever is refused has run nothing, asked nobody, and shows nothing. */
async function expectNothing(response: Response, status: number) {
  const text = await response.text();
  expect({ status: response.status, text }).toMatchObject({ status });
  for (const secret of [KEYS.signing, KEYS.event, "test-secret-7f3c", world.database.url]) {
    expect(text).not.toContain(secret);
  }
  expect(text).not.toMatch(/\bat .+\.[jt]s:\d+/);
  expect(await world.database.db.select().from(jobBeats)).toEqual([]);
  expect(world.server.registrations).toEqual([]);
}

describe("who may call the functions", () => {
  beforeEach(async () => {
    await world.database.db.delete(jobBeats);
    world.server.registrations.length = 0;
  });

  it("signs as the recorded server did", () => {
    const signed = recorded("start").filter(
      ({ request }) => request.headers["x-inngest-signature"] !== undefined,
    );
    expect(signed.length).toBeGreaterThan(10);
    for (const { request } of signed) {
      const given = String(request.headers["x-inngest-signature"]);
      expect(signature(request.body, Number(/t=(\d+)/.exec(given)?.[1]))).toBe(given);
    }
  });

  it.each<[string, string | null | (() => string)]>([
    ["no signature", null],
    ["an empty one", ""],
    ["nonsense", "t=&s="],
    ["zeros", () => `t=${nowSeconds()}&s=${"0".repeat(64)}`],
    ["another key's", () => signature(tick().request.body, nowSeconds(), "f".repeat(64))],
    ["another body's", () => signature("{}", nowSeconds())],
    ["one of six minutes ago", () => signature(tick().request.body, nowSeconds() - 360)],
  ])("refuses %s", async (_name, given) => {
    const header = typeof given === "function" ? given() : given;
    await expectNothing(await world.call(callLike(tick(), { signature: header })), 401);
  });

  it("takes the same call when it is signed", async () => {
    expect((await world.call(callLike(tick()))).status).toBe(206);
    expect(await world.database.db.select().from(jobBeats)).toHaveLength(1);
  });

  it("lets nobody but the server have us register, whatever host they name", async () => {
    const headers = { host: "evil.example" };
    await expectNothing(await world.call(new Request(HERE, { method: "PUT", headers })), 401);
    const inBand = { ...headers, "x-inngest-sync-kind": "in_band" };
    const body = JSON.stringify({ url: "http://evil.example/api/inngest" });
    await expectNothing(await world.call(new Request(HERE, { method: "PUT", headers: inBand, body })), 401);
  });

  it("tells nobody but the server what it is", async () => {
    await expectNothing(await world.call(new Request(HERE)), 401);
    const forged = { "x-inngest-signature": signature("", nowSeconds(), "f".repeat(64)) };
    await expectNothing(await world.call(new Request(HERE, { headers: forged })), 401);
  });

  it.each([
    ["no JSON", "{", 400],
    ["a lone quote", '"', 400],
    ["too large", "x".repeat(5 * 1024 * 1024 + 1), 413],
  ])("refuses a body that is %s, before it looks at the signature", async (_name, body, status) => {
    const headers = { "x-inngest-signature": signature(body, nowSeconds()) };
    await expectNothing(await world.call(new Request(HERE, { method: "POST", headers, body })), status);
  });

  it("does not read the body of whoever signs nothing", async () => {
    let pulled = 0;
    const pull = () => {
      pulled += 1;
    };
    const body = new ReadableStream({ pull }, { highWaterMark: 0 });
    const request = new Request(HERE, { method: "POST", body, duplex: "half" } as RequestInit);
    await expectNothing(await world.call(request), 401);
    expect(pulled).toBe(0);
  });

  it.each(["null", "[]", "{}", '{"ctx":{}}', '{"version":99}'])("survives a signed %s", async (body) => {
    const headers = { host: "localhost:3000", "x-inngest-signature": signature(body, nowSeconds()) };
    const response = await world.call(
      new Request(`${HERE}?fnId=entente-drain-outbox&stepId=step`, { method: "POST", headers, body }),
    );
    const text = await response.text();
    for (const secret of [KEYS.signing, KEYS.event]) expect(text).not.toContain(secret);
  });
});
