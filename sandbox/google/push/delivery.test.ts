import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ANN, timed } from "../calendar/test-bench";
import { openPushBench, type PushBench } from "./test-receiver";

const event = timed("2026-12-01T09:00:00+01:00", "2026-12-01T10:00:00+01:00");
const create = (bench: PushBench, calendarId?: string) =>
  bench.act("events/create", { account: ANN, calendarId, event });
const watch = async (bench: PushBench, calendarId = "primary", address = bench.receiver.address) => {
  const requestBody = { id: randomUUID(), type: "web_hook", address };
  const { data } = await bench.client(ANN).events.watch({ calendarId, requestBody });
  await bench.settle();
  return data;
};

describe("delivery", () => {
  let bench: PushBench;
  let calendarId: string;

  beforeEach(async () => {
    bench = await openPushBench();
    calendarId = (await bench.act("calendars/create", { account: ANN, summary: "Own" })).id ?? "";
    await watch(bench, calendarId);
    bench.receiver.received.length = 0;
  });
  afterEach(() => bench.close());

  const change = () => create(bench, calendarId);
  const numbers = () => bench.receiver.received.map(({ number }) => number);
  const outcomes = async (count: number) =>
    (await bench.deliveries()).slice(0, count).map(({ outcome, answer }) => [outcome, answer]);

  it("A53 nobody who writes waits for a receiver", async () => {
    bench.receiver.answers.push(null);
    await change();
    await bench.receiver.until(1);
    await change();
    expect(bench.receiver.received).toHaveLength(1);
  });

  it("A53 drop 100 % loses every message, 0 % none", async () => {
    bench.push("drop", 100);
    await change();
    bench.push("drop", 0);
    await change();
    await bench.settle();
    expect(bench.receiver.received).toHaveLength(1);
    expect(await outcomes(2)).toEqual([
      ["accepted", 200],
      ["lost", ""],
    ]);
  });

  it("A53 duplicate 100 % sends every message twice under one number", async () => {
    bench.push("duplicate", 100);
    await change();
    await bench.settle();
    const [first, second] = bench.receiver.received;
    expect(bench.receiver.received).toHaveLength(2);
    expect(second?.number).toBe(first?.number);
  });

  it("A53 a delay counts by the sandbox's clock", async () => {
    bench.push("delay", 3_600);
    await change();
    bench.sandbox.clock.advance(3_500_000);
    await change();
    expect(bench.receiver.received).toEqual([]);
    bench.sandbox.clock.advance(101_000);
    await bench.receiver.until(1);
    bench.sandbox.clock.advance(3_600_000);
    await bench.receiver.until(2);
  });

  it("A53 reorder lets the next message pass", async () => {
    bench.push("delay", 60);
    bench.push("reorder", 100);
    for (let index = 0; index < 4; index += 1) await change();
    bench.sandbox.clock.advance(70_000);
    await bench.receiver.until(4);
    const sorted = numbers().toSorted((a, b) => a - b);
    expect(numbers()).toEqual([1, 0, 3, 2].map((index) => sorted[index]));
  });

  it("A53 without reorder messages keep their order, behind one that is tried again, too", async () => {
    bench.push("delay", 60);
    bench.receiver.answers.push(503);
    await change();
    await change();
    await bench.settle();
    expect(bench.receiver.received).toHaveLength(1);
    await bench.settle();
    const [first, again, next] = numbers();
    expect(again).toBe(first);
    expect(next).toBeGreaterThan(first ?? 0);
  });

  it.each([500, 502, 503, 504])("A53 %i is tried again, after waits that double", async (status) => {
    bench.receiver.answers.push(status, status);
    await change();
    await bench.settle();
    expect(await outcomes(1)).toEqual([["retried", status]]);
    bench.sandbox.clock.advance(1_000);
    await bench.receiver.until(2);
    await bench.settle();
    expect(new Set(numbers()).size).toBe(1);
    expect(await outcomes(1)).toEqual([["accepted", 200]]);
    expect(bench.receiver.received).toHaveLength(3);
  });

  it("A53 after the last retry the message is given up", async () => {
    bench.push("retries", 2);
    bench.receiver.answers.push(503, 503, 503);
    await change();
    for (let index = 0; index < 4; index += 1) await bench.settle();
    expect(bench.receiver.received).toHaveLength(3);
    expect(await outcomes(1)).toEqual([["given_up", 503]]);
  });

  it.each([400, 401, 403, 404, 410, 429, 501])("A53 %i is not tried again", async (status) => {
    bench.receiver.answers.push(status);
    await change();
    await bench.settle();
    await bench.settle();
    expect(bench.receiver.received).toHaveLength(1);
    expect(await outcomes(1)).toEqual([["refused", status]]);
  });

  it.each([201, 202, 204])("A53 %i is a success", async (status) => {
    bench.receiver.answers.push(status);
    await change();
    await bench.settle();
    expect(await outcomes(1)).toEqual([["accepted", status]]);
  });

  it("A53 a receiver that does not answer, or is not there, is tried again", async () => {
    // Sent when it is settled, not before: else it might be tried again by then.
    bench.push("delay", 60);
    bench.push("timeoutMs", 50);
    bench.receiver.answers.push(null);
    await change();
    await bench.settle();
    expect(await outcomes(1)).toEqual([["retried", "timeout"]]);
    bench.push("timeoutMs", 10_000);
    const other = (await bench.act("calendars/create", { account: ANN, summary: "Other" })).id ?? "";
    const dead = await watch(bench, other, "http://127.0.0.1:1/");
    const mine = (await bench.deliveries()).filter(({ channelId }) => channelId === dead.id);
    expect(mine).toMatchObject([{ outcome: "retried", answer: "unreachable" }]);
  });

  it("A53 localhost is this machine, by name too", async () => {
    bench.push("retries", 0);
    const { id } = await watch(bench, calendarId, bench.receiver.address.replace("127.0.0.1", "localhost"));
    const [message] = bench.receiver.received;
    expect(message).toMatchObject({ state: "sync", headers: { "x-goog-channel-id": id } });
    expect(message?.headers.host).toMatch(/^localhost:\d+$/);
  });

  it("A53 redirects are not followed", async () => {
    bench.receiver.answers.push(`${bench.receiver.address}/elsewhere`);
    await change();
    await bench.settle();
    expect(bench.receiver.received.map(({ path }) => path)).toEqual(["/hook"]);
    expect(await outcomes(1)).toEqual([["refused", 307]]);
  });

  it("A53 nothing is sent to another machine, whatever was asked", async () => {
    for (const address of [
      "https://hooks.example.com/x",
      "https://192.0.2.1/",
      "https://127.0.0.1.example.com/",
    ]) {
      const { id } = await watch(bench, calendarId, address);
      expect((await bench.deliveries())[0]).toMatchObject({
        channelId: id,
        outcome: "blocked",
        answer: "not loopback",
      });
    }
  });

  it("A53 changes that follow each other closely share a message by switch", async () => {
    bench.push("coalesceMs", 60_000);
    await change();
    await change();
    await change();
    expect(bench.receiver.received).toEqual([]);
    bench.sandbox.clock.advance(60_000);
    await bench.receiver.until(1);
    await bench.settle();
    expect(bench.receiver.received).toHaveLength(1);
    await change();
    await bench.settle();
    expect(bench.receiver.received).toHaveLength(2);
  });

  it("A53 a channel keeps 500 waiting messages at most", async () => {
    bench.push("delay", 3_600);
    for (let index = 0; index < 505; index += 1) await change();
    expect((await outcomes(6)).map(([outcome]) => outcome)).toEqual([
      ...Array(5).fill("overflow"),
      expect.not.stringMatching("overflow"),
    ]);
    await bench.settle();
    expect(bench.receiver.received).toHaveLength(500);
  });
});

it("A53 the same seed loses, doubles and numbers the same messages, another seed others", async () => {
  const run = async (seed: number) => {
    const bench = await openPushBench();
    bench.push("seed", seed);
    bench.push("drop", 40);
    bench.push("duplicate", 30);
    await watch(bench);
    for (let index = 0; index < 30; index += 1) await create(bench);
    await bench.settle();
    await bench.close();
    return bench.receiver.received.map(({ number }) => number);
  };
  const [first, again, other] = [await run(7), await run(7), await run(8)];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  expect(new Set(first).size).toBeLessThan(28);
  expect(new Set(first).size).toBeGreaterThan(8);
  expect(first.length).toBeGreaterThan(new Set(first).size);
});
