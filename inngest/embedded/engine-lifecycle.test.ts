import type { Inngest } from "inngest";
import { describe, expect, it } from "vitest";
import { createHarness } from "@/inngest/embedded/engine-harness";
import type { ServeHandler } from "@/inngest/embedded/function-call";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe("start", () => {
  it.each([
    ["rateLimit", { rateLimit: { limit: 1, period: "1m" } }],
    ["timeouts", { timeouts: { finish: "1m" } }],
    [
      "batchEvents cannot be combined with debounce",
      {
        batchEvents: { maxSize: 5, timeout: "5s" },
        debounce: { period: "5s" },
      },
    ],
    [
      "concurrency: the expression `event.data.a + event.data.b`",
      {
        concurrency: { limit: 1, key: "event.data.a + event.data.b" },
      },
    ],
    [
      "cancelOn: the expression `async.data.n > 3`",
      { cancelOn: [{ event: "stop", if: "async.data.n > 3" }] },
    ],
    [
      "if: the expression `size(event.data.list) == 2`",
      {
        triggers: [{ event: "go", if: "size(event.data.list) == 2" }],
      },
    ],
    ["wildcard", { triggers: [{ event: "calendar/*" }] }],
    ["cron", { triggers: [{ cron: "*/5 * * * * *" }] }],
    ["cron", { triggers: [{ cron: "61 * * * *" }] }],
    ["debounce: soon is not a duration", { debounce: { period: "soon" } }],
  ])("refuses a function with %s, by name", async (fault, options) => {
    const harness = createHarness();
    const config = { id: "picky", triggers: [{ event: "go" }], ...options };
    const job = harness.client.createFunction(
      config as Parameters<Inngest["createFunction"]>[0],
      async () => 1,
    );
    const start = harness.start([job]);
    await expect(start).rejects.toThrow("test-picky");
    await expect(start).rejects.toThrow(fault);
  });

  it("comes before any event can be sent", async () => {
    const harness = createHarness();
    const response = await harness.engine.fetch("http://embedded.local/e/key", {
      method: "POST",
      body: "[]",
    });
    expect(response.status).toBe(503);
  });

  it("again replaces the functions and keeps the runs", async () => {
    const harness = createHarness();
    const seen: string[] = [];
    const version = (name: string) =>
      harness.client.createFunction({ id: "job", triggers: [{ event: "go" }] }, async ({ step }) => {
        await step.sleep("nap", "1m");
        seen.push(name);
      });
    await harness.start([version("old")]);
    await harness.client.send({ name: "go" });
    await harness.engine.idle();
    await harness.start([version("new")]);
    await harness.client.send({ name: "go" });
    await harness.advance(DAY);
    expect(seen).toEqual(["new", "new"]);
  });
});

describe("stop", () => {
  it("lets the running step finish, starts no other, and leaves nothing behind", async () => {
    const harness = createHarness();
    const entered = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const ran: string[] = [];
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }], concurrency: 1 },
      async ({ step }) => {
        await step.run("first", async () => {
          entered.resolve();
          await gate.promise;
          ran.push("first");
        });
        await step.run("second", () => void ran.push("second"));
      },
    );
    const sleeper = harness.client.createFunction(
      { id: "sleeper", triggers: [{ event: "go" }] },
      async ({ step }) => {
        await step.sleep("nap", "1h");
        ran.push("sleeper");
      },
    );
    await harness.start([job, sleeper]);
    const outcome = harness.engine.trigger("job");
    await harness.client.send([{ name: "go" }, { name: "go" }]);
    await entered.promise;
    const stopped = harness.engine.stop();
    const refused = await harness.engine.fetch("http://embedded.local/e/key", { method: "POST", body: "[]" });
    gate.resolve();
    await stopped;
    await harness.advance(DAY);
    expect(refused.status).toBe(503);
    expect(ran).toEqual(["first"]);
    await expect(outcome).resolves.toMatchObject({ status: "cancelled" });
    expect(harness.engine.stats()).toEqual({ queued: 0, running: 0, held: 0, listening: 0 });
    expect(harness.time.pending()).toBe(0);
    await expect(harness.engine.trigger("job")).rejects.toThrow("job");
  });

  it("does not wait longer than its limit for a step that hangs", async () => {
    const harness = createHarness({ stopWithinMs: MINUTE });
    const entered = Promise.withResolvers<void>();
    const job = harness.client.createFunction({ id: "job", triggers: [{ event: "go" }] }, async () => {
      entered.resolve();
      await new Promise(() => undefined);
    });
    await harness.start([job]);
    await harness.client.send({ name: "go" });
    await entered.promise;
    const stopped = harness.engine.stop();
    await harness.time.advance(MINUTE, async () => undefined);
    await stopped;
    expect(harness.engine.stats().held).toBe(0);
  });
});

describe("limits", () => {
  it("refuse events when too many runs are held, all of one send or none", async () => {
    const harness = createHarness({ maxHeldRuns: 3 });
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }] },
      async ({ step }) => {
        await step.sleep("nap", "1h");
      },
    );
    await harness.start([job]);
    const send = (count: number) =>
      harness.engine.fetch("http://embedded.local/e/key", {
        method: "POST",
        body: JSON.stringify(Array.from({ length: count }, () => ({ name: "go" }))),
      });
    expect((await send(2)).status).toBe(200);
    expect((await send(2)).status).toBe(503);
    expect(harness.engine.stats().held).toBe(2);
    expect((await send(1)).status).toBe(200);
    await harness.advance(DAY);
    expect((await send(3)).status).toBe(200);
  });

  it("hold nothing of finished runs", async () => {
    const harness = createHarness();
    let runs = 0;
    const job = harness.client.createFunction(
      {
        id: "job",
        triggers: [{ event: "go" }],
        concurrency: { limit: 1, key: "event.data.n" },
        cancelOn: [{ event: "stop", match: "data.n" }],
      },
      async ({ step }) => {
        await step.run("one", () => void runs++);
      },
    );
    await harness.start([job]);
    for (let round = 0; round < 5; round++) {
      await harness.client.send(Array.from({ length: 100 }, (_, n) => ({ name: "go", data: { n, round } })));
      await harness.engine.idle();
    }
    expect(runs).toBe(500);
    expect(harness.engine.stats()).toEqual({ queued: 0, running: 0, held: 0, listening: 0 });
    expect(harness.time.pending()).toBe(0);
  });

  it("fail a run with more steps than the service allows", async () => {
    const harness = createHarness();
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }] },
      async ({ step }) => {
        for (let index = 0; index < 1_200; index++) await step.run(`s${index}`, () => index);
      },
    );
    await harness.start([job]);
    await expect(harness.engine.trigger("job")).resolves.toMatchObject({
      status: "failed",
      error: { message: expect.stringContaining("1000 steps") },
    });
  });
});

describe("answers", () => {
  const answering = async (answer: () => Response) => {
    const harness = createHarness();
    const job = harness.client.createFunction(
      { id: "job", retries: 1, triggers: [{ event: "go" }] },
      async () => 1,
    );
    const real = await harness.start([job]);
    let calls = 0;
    const forged: ServeHandler = async (request) => {
      if (request.method === "PUT") return real(request);
      calls++;
      return answer();
    };
    await harness.engine.start(forged);
    const outcome = harness.engine.trigger("job");
    await harness.advance(DAY);
    return { outcome: await outcome, calls };
  };

  it.each([
    ["not JSON", () => new Response("<html>", { status: 200 })],
    ["unreadable operations", () => Response.json([{ op: 3 }], { status: 206 })],
    ["status 201", () => Response.json({}, { status: 201 })],
  ])("with %s end the run with a clear error", async (words, answer) => {
    const { outcome, calls } = await answering(answer);
    expect(outcome).toMatchObject({
      status: "failed",
      error: { name: "MalformedAnswerError", message: expect.stringContaining(words) },
    });
    expect(calls).toBe(1);
  });

  it("with an operation nobody knows end the run by its name", async () => {
    const { outcome } = await answering(() => Response.json([{ id: "x", op: "Teleport" }], { status: 206 }));
    expect(outcome).toMatchObject({
      status: "failed",
      error: { message: expect.stringContaining("Teleport") },
    });
  });

  it("with nothing at all to do end the run instead of hanging", async () => {
    const { outcome } = await answering(() => Response.json([], { status: 206 }));
    expect(outcome).toMatchObject({
      status: "failed",
      error: { message: expect.stringContaining("nothing to do") },
    });
  });

  it("with a server's fault are asked for again", async () => {
    const { outcome, calls } = await answering(() => new Response("", { status: 502 }));
    expect(outcome.status).toBe("failed");
    expect(calls).toBe(2);
  });
});

describe("checkpoints", () => {
  it("of a call that is not the run's current one are refused with 409", async () => {
    const harness = createHarness();
    const entered = Promise.withResolvers<string>();
    const gate = Promise.withResolvers<void>();
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }] },
      async ({ runId }) => {
        entered.resolve(runId);
        await gate.promise;
      },
    );
    await harness.start([job]);
    const outcome = harness.engine.trigger("job");
    const runId = await entered.promise;
    const checkpoint = (id: string, body: unknown) =>
      harness.engine.fetch(`http://embedded.local/v1/checkpoint/${id}/async`, {
        method: "POST",
        body: JSON.stringify(body),
      });
    const forged = {
      run_id: runId,
      request_id: "of-another-call",
      steps: [{ id: "a", op: "StepRun", data: 1 }],
    };
    expect((await checkpoint(runId, forged)).status).toBe(409);
    expect((await checkpoint("gone", forged)).status).toBe(409);
    expect((await checkpoint(runId, { steps: "none" })).status).toBe(400);
    gate.resolve();
    expect((await outcome).status).toBe("completed");
  });

  it("and other calls the engine has no answer for say so", async () => {
    const harness = createHarness();
    await harness.start([]);
    const response = await harness.engine.fetch("http://embedded.local/v1/signals", {
      method: "POST",
      body: "{}",
    });
    expect(response.status).toBe(501);
    await expect(response.text()).resolves.toContain("POST /v1/signals");
  });
});
