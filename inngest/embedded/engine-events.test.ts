import { describe, expect, it } from "vitest";
import { createHarness } from "@/inngest/embedded/engine-harness";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe("events", () => {
  it("reach every function they trigger, and only where the condition holds", async () => {
    const harness = createHarness();
    const ran: string[] = [];
    const listener = (id: string, condition?: string) =>
      harness.client.createFunction({ id, triggers: [{ event: "go", if: condition }] }, async ({ event }) => {
        ran.push(`${id}:${event.data.provider}`);
      });
    await harness.start([
      listener("all"),
      listener("google", "event.data.provider == 'google'"),
      listener("not-google", 'event.data.provider != "google" && event.data.live == true'),
    ]);
    await harness.client.send([
      { name: "go", data: { provider: "google", live: true } },
      { name: "go", data: { provider: "microsoft", live: true } },
      { name: "go", data: { provider: "microsoft", live: false } },
      { name: "nobody-listens" },
    ]);
    await harness.engine.idle();
    expect(ran.toSorted()).toEqual([
      "all:google",
      "all:microsoft",
      "all:microsoft",
      "google:google",
      "not-google:microsoft",
    ]);
  });

  it("count once per id for a day", async () => {
    const harness = createHarness();
    let runs = 0;
    const job = harness.client.createFunction({ id: "job", triggers: [{ event: "go" }] }, async () => {
      runs++;
    });
    await harness.start([job]);
    const event = { id: "tick:1", name: "go" };
    const { ids } = await harness.client.send([event, event]);
    await harness.client.send(event);
    await harness.advance(DAY - MINUTE);
    await harness.client.send(event);
    await harness.engine.idle();
    expect(runs).toBe(1);
    expect(ids).toEqual(["tick:1", "tick:1"]);
    await harness.advance(2 * MINUTE);
    await harness.client.send(event);
    await harness.engine.idle();
    expect(runs).toBe(2);
  });

  it("of a later instant wait for it", async () => {
    const harness = createHarness();
    const at: string[] = [];
    const job = harness.client.createFunction({ id: "job", triggers: [{ event: "go" }] }, async () => {
      at.push(harness.time.now().toISOString());
    });
    await harness.start([job]);
    await harness.client.send({ name: "go", ts: new Date("2031-03-03T09:00:00.000Z").getTime() });
    await harness.advance(DAY);
    expect(at).toEqual(["2031-03-03T09:00:00.000Z"]);
  });

  it("sent from a step are sent once, whatever fails afterwards", async () => {
    const harness = createHarness();
    const received: unknown[] = [];
    let attempts = 0;
    const sender = harness.client.createFunction(
      { id: "sender", triggers: [{ event: "go" }] },
      async ({ step }) => {
        await step.sendEvent("fan-out", [
          { name: "part", data: { n: 1 } },
          { name: "part", data: { n: 2 } },
        ]);
        if (++attempts < 3) throw new Error("after the send");
      },
    );
    const receiver = harness.client.createFunction(
      { id: "receiver", triggers: [{ event: "part" }] },
      async ({ event }) => {
        received.push(event.data.n);
      },
    );
    await harness.start([sender, receiver]);
    await harness.client.send({ name: "go" });
    await harness.advance(DAY);
    expect(attempts).toBe(3);
    expect(received.toSorted()).toEqual([1, 2]);
  });

  it("that say a run finished or failed reach whoever asks for them", async () => {
    const harness = createHarness();
    const heard: string[] = [];
    const good = harness.client.createFunction({ id: "good", triggers: [{ event: "go" }] }, async () => 7);
    const watcher = harness.client.createFunction(
      {
        id: "watcher",
        triggers: [{ event: "inngest/function.finished", if: "event.data.function_id == 'test-good'" }],
      },
      async ({ event }) => {
        heard.push(`${event.data.function_id}=${event.data.result}`);
      },
    );
    await harness.start([good, watcher]);
    await harness.client.send({ name: "go" });
    await harness.engine.idle();
    expect(heard).toEqual(["test-good=7"]);
  });
});

describe("waiting", () => {
  it("for an event gives the one that matches, or null when the time is over", async () => {
    const harness = createHarness();
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }] },
      async ({ step }) => {
        const answer = await step.waitForEvent("answer", {
          event: "answer",
          match: "data.id",
          timeout: "1h",
        });
        const silence = await step.waitForEvent("silence", {
          event: "answer",
          if: "event.data.id == async.data.id && async.data.ok == true",
          timeout: "10m",
        });
        return { said: answer?.data.word, silence };
      },
    );
    await harness.start([job]);
    const outcome = harness.engine.trigger("job", { data: { id: "x" } });
    await harness.engine.idle();
    await harness.client.send({ name: "answer", data: { id: "y", word: "wrong" } });
    await harness.client.send({ name: "answer", data: { word: "nobody" } });
    await harness.client.send({ name: "answer", data: { id: "x", word: "right" } });
    await harness.engine.idle();
    await harness.client.send({ name: "answer", data: { id: "x", ok: false } });
    await harness.advance(DAY);
    await expect(outcome).resolves.toMatchObject({ data: { said: "right", silence: null } });
    expect(harness.engine.stats()).toEqual({ queued: 0, running: 0, held: 0, listening: 0 });
  });

  it("with a condition nobody can evaluate fails by name", async () => {
    const harness = createHarness();
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }] },
      async ({ step }) => {
        await step.waitForEvent("w", { event: "answer", if: "size(async.data.list) > 2", timeout: "1h" });
      },
    );
    await harness.start([job]);
    await expect(harness.engine.trigger("job")).resolves.toMatchObject({
      status: "failed",
      error: { message: expect.stringContaining("size(async.data.list) > 2") },
    });
  });

  it("for another function gives its result, its error, or gives up in time", async () => {
    const harness = createHarness();
    const double = harness.client.createFunction(
      { id: "double", retries: 0, triggers: [{ event: "never" }] },
      async ({ event, step }) => {
        if (event.data.n < 0) throw new Error("negative");
        if (event.data.n === 0) await step.sleep("long", "2h");
        return event.data.n * 2;
      },
    );
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }] },
      async ({ step }) => {
        const results: unknown[] = [];
        for (const n of [21, -1, 0]) {
          try {
            results.push(await step.invoke(`n${n}`, { function: double, data: { n }, timeout: "1h" }));
          } catch (error) {
            results.push(error instanceof Error ? error.message : error);
          }
        }
        return results;
      },
    );
    await harness.start([double, job]);
    const outcome = harness.engine.trigger("job");
    await harness.advance(DAY);
    await expect(outcome).resolves.toMatchObject({
      data: [42, "negative", "test-double did not finish in time"],
    });
  });
});

describe("cancelOn", () => {
  it("ends the matching runs between steps and lets a running step finish", async () => {
    const harness = createHarness();
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const ran: string[] = [];
    const job = harness.client.createFunction(
      {
        id: "job",
        triggers: [{ event: "go" }],
        cancelOn: [{ event: "disconnected", match: "data.connectionId" }],
      },
      async ({ event, step }) => {
        const id = event.data.connectionId;
        await step.run("first", async () => {
          ran.push(`${id} starts`);
          if (id === "a") {
            entered.resolve();
            await gate.promise;
          }
          ran.push(`${id} ends`);
        });
        await step.run("second", () => void ran.push(`${id} second`));
      },
    );
    await harness.start([job]);
    const a = harness.engine.trigger("job", { data: { connectionId: "a" } });
    await entered.promise;
    await harness.client.send({ name: "disconnected", data: { connectionId: "a" } });
    await expect(a).resolves.toMatchObject({ status: "cancelled", reason: "disconnected" });
    gate.resolve();
    await harness.engine.trigger("job", { data: { connectionId: "b" } });
    await harness.engine.idle();
    expect(ran.toSorted()).toEqual(["a ends", "a starts", "b ends", "b second", "b starts"]);
    expect(harness.errors).toEqual([]);
  });

  it("ends a sleeping run and leaves no timer behind", async () => {
    const harness = createHarness();
    let woke = 0;
    const job = harness.client.createFunction(
      {
        id: "job",
        triggers: [{ event: "go" }],
        cancelOn: [{ event: "stop", if: "event.data.id == async.data.id", timeout: "30m" }],
      },
      async ({ step }) => {
        await step.sleep("nap", "2h");
        woke++;
      },
    );
    await harness.start([job]);
    await harness.client.send([
      { name: "go", data: { id: 1 } },
      { name: "go", data: { id: 2 } },
    ]);
    await harness.engine.idle();
    await harness.client.send({ name: "stop", data: { id: 1 } });
    expect(harness.engine.stats()).toMatchObject({ held: 1, listening: 1 });
    await harness.advance(31 * MINUTE);
    await harness.client.send({ name: "stop", data: { id: 2 } });
    await harness.advance(DAY);
    expect(woke).toBe(1);
    expect(harness.time.pending()).toBe(0);
  });
});
