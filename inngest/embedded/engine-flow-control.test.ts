import { describe, expect, it } from "vitest";
import { createHarness } from "@/inngest/embedded/engine-harness";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

const events = (count: number, data: (index: number) => Record<string, unknown> = (n) => ({ n })) =>
  Array.from({ length: count }, (_, index) => ({ name: "go", data: data(index) }));

describe("concurrency", () => {
  it("never runs two calls of one key, and runs different keys side by side", async () => {
    const harness = createHarness();
    const active = new Map<string, number>();
    let together = 0;
    let mostTogether = 0;
    let overlaps = 0;
    let done = 0;
    const job = harness.client.createFunction(
      {
        id: "job",
        triggers: [{ event: "go" }],
        concurrency: [{ limit: 4 }, { limit: 1, key: "event.data.connectionId" }],
      },
      async ({ event }) => {
        const key = String(event.data.connectionId);
        active.set(key, (active.get(key) ?? 0) + 1);
        if ((active.get(key) ?? 0) > 1) overlaps++;
        mostTogether = Math.max(mostTogether, ++together);
        await new Promise((resolve) => setTimeout(resolve, 1));
        together--;
        active.set(key, (active.get(key) ?? 0) - 1);
        done++;
      },
    );
    await harness.start([job]);
    await harness.client.send(events(120, (index) => ({ connectionId: `c${index % 7}` })));
    await harness.engine.idle();
    expect({ overlaps, done, mostTogether }).toEqual({ overlaps: 0, done: 120, mostTogether: 4 });
  });

  it("gives the slot to others while a run sleeps", async () => {
    const harness = createHarness();
    const order: string[] = [];
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }], concurrency: 1 },
      async ({ event, step }) => {
        await step.run("in", () => void order.push(`in ${event.data.n}`));
        await step.sleep("nap", "1h");
        await step.run("out", () => void order.push(`out ${event.data.n}`));
      },
    );
    await harness.start([job]);
    await harness.client.send(events(2));
    await harness.engine.idle();
    expect(order.toSorted()).toEqual(["in 0", "in 1"]);
    await harness.advance(DAY);
    expect(order).toHaveLength(4);
  });

  it("starts what has a higher priority first", async () => {
    const harness = createHarness({ maxConcurrentRuns: 1 });
    const order: unknown[] = [];
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }], priority: { run: "event.data.priority" } },
      async ({ event }) => {
        order.push(event.data.priority);
      },
    );
    await harness.start([job]);
    await harness.client.send([0, 5, -10, 120].map((priority) => ({ name: "go", data: { priority } })));
    await harness.engine.idle();
    expect(order).toEqual([0, 120, 5, -10]);
  });
});

describe("holding back", () => {
  it("debounces each key until it is quiet, and no longer than the timeout", async () => {
    const harness = createHarness();
    const ran: string[] = [];
    const job = harness.client.createFunction(
      {
        id: "job",
        triggers: [{ event: "go" }],
        debounce: { key: "event.data.key", period: "10s", timeout: "25s" },
      },
      async ({ event }) => {
        ran.push(`${event.data.key}${event.data.n}`);
      },
    );
    await harness.start([job]);
    await harness.client.send({ name: "go", data: { key: "once", n: 0 } });
    for (let n = 0; n < 6; n++) {
      await harness.client.send({ name: "go", data: { key: "busy", n } });
      await harness.advance(5 * SECOND);
    }
    expect(ran).toEqual(["once0", "busy4"]);
    await harness.advance(MINUTE);
    expect(ran).toEqual(["once0", "busy4", "busy5"]);
  });

  it("collects batches by size and by time", async () => {
    const harness = createHarness();
    const batches: number[] = [];
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }], batchEvents: { maxSize: 5, timeout: "30s" } },
      async ({ events: batch }) => {
        batches.push(batch.length);
      },
    );
    await harness.start([job]);
    await harness.client.send(events(12));
    await harness.engine.idle();
    expect(batches).toEqual([5, 5]);
    await harness.advance(MINUTE);
    expect(batches).toEqual([5, 5, 2]);
  });

  it("throttles starts after the first burst and loses none", async () => {
    const harness = createHarness();
    const begin = harness.time.now().getTime();
    const at: number[] = [];
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }], throttle: { limit: 2, period: "60s" } },
      async () => {
        at.push((harness.time.now().getTime() - begin) / SECOND);
      },
    );
    await harness.start([job]);
    await harness.client.send(events(6));
    await harness.advance(DAY);
    expect(at).toEqual([0, 0, 0, 30, 60, 90]);
  });

  it("runs once per idempotency key and day, and always without a key", async () => {
    const harness = createHarness();
    let runs = 0;
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }], idempotency: "event.data.bookingId" },
      async () => {
        runs++;
      },
    );
    await harness.start([job]);
    await harness.client.send(events(3, () => ({ bookingId: "b1" })));
    await harness.client.send(events(3, (index) => ({ bookingId: `c${index}` })));
    await harness.client.send(events(2, () => ({})));
    await harness.engine.idle();
    expect(runs).toBe(1 + 3 + 2);
  });
});

describe("singleton", () => {
  it("skips what comes while one run of the key is on", async () => {
    const harness = createHarness();
    const ran: unknown[] = [];
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }], singleton: { key: "event.data.key", mode: "skip" } },
      async ({ event, step }) => {
        await step.sleep("nap", "1m");
        ran.push(event.data.n);
      },
    );
    await harness.start([job]);
    await harness.client.send(events(4, (n) => ({ key: n % 2, n })));
    await harness.advance(5 * MINUTE);
    await harness.client.send(events(1, () => ({ key: 0, n: "later" })));
    await harness.advance(5 * MINUTE);
    expect(ran).toEqual([0, 1, "later"]);
  });

  it("cancels the run that is on in favour of the new one", async () => {
    const harness = createHarness();
    const ran: unknown[] = [];
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }], singleton: { mode: "cancel" } },
      async ({ event, step }) => {
        await step.sleep("nap", "1m");
        ran.push(event.data.n);
      },
    );
    await harness.start([job]);
    await harness.client.send(events(4));
    await harness.advance(5 * MINUTE);
    expect(ran).toEqual([3]);
    expect(harness.engine.stats().held).toBe(0);
  });
});
