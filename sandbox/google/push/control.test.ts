import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestBrowser } from "../../testing/test-browser";
import { ANN, timed } from "../calendar/test-bench";
import { openPushBench, type PushBench } from "./test-receiver";

const event = timed("2026-12-01T09:00:00+01:00", "2026-12-01T10:00:00+01:00");

describe("channels in the control API and on their page", () => {
  let bench: PushBench;
  let id: string;
  let sequence = 0;

  beforeAll(async () => {
    bench = await openPushBench();
  });
  afterAll(() => bench.close());
  beforeEach(async () => {
    bench.sandbox.switches.reset();
    sequence += 1;
    id = `channel-${sequence}`;
    await watch(id);
    await bench.settle();
    bench.receiver.received.length = 0;
  });

  const watch = (channelId: string, address = bench.receiver.address) =>
    bench.client(ANN).events.watch({
      calendarId: "primary",
      requestBody: { id: channelId, type: "web_hook", address, token: "SECRET-token" },
    });
  const change = () => bench.act("events/create", { account: ANN, event });
  const overview = async (query = "") => {
    const text = await (await fetch(`${bench.origin}/sandbox/api/channels${query}`)).text();
    expect(text).not.toContain("SECRET");
    return JSON.parse(text) as {
      channels: { id: string; state: string; pending: number }[];
      pending: number;
      counters: Record<string, number>;
    };
  };
  const mine = async () => (await overview()).channels.find((one) => one.id === id);
  const ofMine = () => bench.receiver.received.filter(({ headers }) => headers["x-goog-channel-id"] === id);

  it("lists channels without their tokens, with state, number and what waits, and counts outcomes", async () => {
    expect(await mine()).toMatchObject({
      account: ANN,
      calendarId: ANN,
      state: "active",
      number: 1,
      hasToken: true,
    });
    bench.push("delay", 600);
    await change();
    expect(await mine()).toMatchObject({ pending: 1 });
    expect((await overview("?account=nobody@example.test")).channels).toEqual([]);
    const { counters } = await overview();
    await bench.settle();
    const after = await overview();
    expect(after.pending).toBe(0);
    expect(after.counters.accepted).toBeGreaterThan(counters.accepted ?? 0);
  });

  it("expires one channel and leaves the others", async () => {
    await watch(`${id}-other`);
    await bench.settle();
    bench.receiver.received.length = 0;
    expect(await bench.control("expire", { channelId: id })).toMatchObject({ state: "expired" });
    await change();
    await bench.settle();
    const told = bench.receiver.received.map(({ headers }) => headers["x-goog-channel-id"]);
    expect(told).toContain(`${id}-other`);
    expect(told).not.toContain(id);
    expect(await bench.control("expire", { channelId: "unknown" })).toHaveProperty("error");
  });

  it("sends a stray message of a channel, a forged one, and one of no channel", async () => {
    await bench.control("expire", { channelId: id });
    expect(await bench.control("message", { channelId: id })).toEqual({ status: 200 });
    expect(ofMine()[0]).toMatchObject({
      state: "exists",
      headers: { "x-goog-channel-token": "SECRET-token" },
    });
    bench.receiver.received.length = 0;
    const headers = { "X-Goog-Channel-Token": "guess", "x-goog-resource-id": null };
    await bench.control("message", { channelId: id, state: "not_exists", headers });
    expect(ofMine()[0]).toMatchObject({ state: "not_exists", headers: { "x-goog-channel-token": "guess" } });
    expect(ofMine()[0]?.headers).not.toHaveProperty("x-goog-resource-id");
    bench.receiver.received.length = 0;
    bench.receiver.answers.push(404);
    expect(await bench.control("message", { address: bench.receiver.address })).toEqual({ status: 404 });
    expect(bench.receiver.received[0]?.headers["x-goog-channel-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(await bench.control("message", { address: "https://example.com/" })).toHaveProperty("error");
    expect(await bench.control("message", {})).toHaveProperty("error");
  });

  it("does not let a channel's address reach the control API", async () => {
    const reset = `${bench.origin}/sandbox/api/reset`;
    await watch(`${id}-reset`, reset);
    await bench.settle();
    const [last] = await bench.deliveries();
    expect(last).toMatchObject({ channelId: `${id}-reset`, outcome: "refused", answer: 403 });
    expect(bench.sandbox.accounts.get(ANN)).toBeDefined();
  });

  it("forgets channels and messages at a reset", async () => {
    const fresh = await openPushBench();
    const { address } = fresh.receiver;
    const requestBody = { id, type: "web_hook", address };
    await fresh.client(ANN).events.watch({ calendarId: "primary", requestBody });
    await fresh.settle();
    fresh.sandbox.reset();
    const answer = await (await fetch(`${fresh.origin}/sandbox/api/channels`)).json();
    expect(answer).toMatchObject({ channels: [], pending: 0, counters: { accepted: 0 } });
    await fresh.close();
  });

  it("shows channels and last deliveries in English and French, and acts on them", async () => {
    const browser = createTestBrowser(bench.origin);
    const page = await browser.open("/sandbox/channels");
    for (const text of [id, "Push channels", "Last deliveries", "accepted", "Send a stray message", ANN])
      expect(page.html).toContain(text);
    expect(page.html).not.toContain("SECRET");
    const sent = await browser.submit(page, "/sandbox/channels/message", {
      channelId: id,
      clientId: "bench",
    });
    expect(sent.status).toBe(200);
    expect(ofMine()).toHaveLength(1);
    bench.push("delay", 600);
    await change();
    expect((await browser.open("/sandbox/channels")).html).toContain("Deliver now");
    await browser.submit(page, "/sandbox/channels/deliver", {});
    expect(ofMine()).toHaveLength(2);
    await browser.submit(page, "/sandbox/channels/expire", { channelId: id, clientId: "bench" });
    expect((await mine())?.state).toBe("expired");
    const french = await browser.open("/sandbox/channels?hl=fr");
    for (const text of ["Canaux de notification", "Derniers envois", "expiré", "Envoyer un message égaré"])
      expect(french.html).toContain(text);
  });

  it("explains its switches on the fault panel in both languages", async () => {
    const browser = createTestBrowser(bench.origin);
    const page = await browser.open("/sandbox/faults?hl=en");
    expect(page.html).toContain("google.push.drop");
    expect(page.html).toContain("Percentage of messages lost");
    expect((await browser.open("/sandbox/faults?hl=fr")).html).toContain("Part des messages perdus");
    await browser.submit(page, "/sandbox/faults/switch", { name: "google.push.drop", value: "25" });
    expect(bench.sandbox.switches.get("google.push.drop")).toBe(25);
  });
});
