import { NonRetriableError, RetryAfterError } from "inngest";
import { describe, expect, it } from "vitest";
import { createHarness } from "@/inngest/embedded/engine-harness";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

describe("failures", () => {
  it("retries four times unless told otherwise, then hands the error on", async () => {
    const harness = createHarness();
    let attempts = 0;
    const job = harness.client.createFunction({ id: "job", triggers: [{ event: "go" }] }, async () => {
      attempts++;
      throw new TypeError("no luck");
    });
    await harness.start([job]);
    const outcome = harness.engine.trigger("job");
    await harness.advance(14 * SECOND);
    expect(attempts).toBe(1);
    await harness.advance(DAY);
    expect(await outcome).toMatchObject({
      status: "failed",
      error: { name: "TypeError", message: "no luck" },
    });
    expect(attempts).toBe(5);
    expect(harness.errors).toHaveLength(1);
    expect(harness.errors[0]?.context.functionId).toBe("test-job");
    expect(harness.time.pending()).toBe(0);
  });

  it("counts the attempts of each step on its own and repeats nothing that succeeded", async () => {
    const harness = createHarness();
    const calls: string[] = [];
    const failing = (name: string, times: number) => () => {
      calls.push(name);
      if (calls.filter((call) => call === name).length <= times) throw new Error(name);
      return name;
    };
    const job = harness.client.createFunction(
      { id: "job", retries: 2, triggers: [{ event: "go" }] },
      async ({ step }) => {
        await step.run("a", failing("a", 2));
        await step.run("b", failing("b", 2));
        await Promise.all([step.run("c", failing("c", 1)), step.run("d", failing("d", 0))]);
        return "done";
      },
    );
    await harness.start([job]);
    const outcome = harness.engine.trigger("job");
    await harness.advance(DAY);
    expect(await outcome).toMatchObject({ status: "completed", data: "done" });
    expect(calls.toSorted().join("")).toBe("aaabbbccd");
  });

  it("waits exactly as long as a RetryAfterError says", async () => {
    const harness = createHarness();
    const at: number[] = [];
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }] },
      async ({ step }) => {
        await step.run("ask", () => {
          at.push(harness.time.now().getTime());
          if (at.length === 1) throw new RetryAfterError("busy", "90s");
          if (at.length === 2)
            throw new RetryAfterError("busy", new Date(harness.time.now().getTime() + 7 * MINUTE));
        });
        if (at.length === 3) {
          at.push(harness.time.now().getTime());
          throw new RetryAfterError("busy", 3_000);
        }
        at.push(harness.time.now().getTime());
      },
    );
    await harness.start([job]);
    const outcome = harness.engine.trigger("job");
    await harness.advance(DAY);
    expect((await outcome).status).toBe("completed");
    const [first = 0] = at;
    expect(at.map((instant) => instant - first)).toEqual([
      0,
      90 * SECOND,
      90 * SECOND + 7 * MINUTE,
      90 * SECOND + 7 * MINUTE,
      93 * SECOND + 7 * MINUTE,
    ]);
  });

  it("stops at a NonRetriableError at once", async () => {
    const harness = createHarness();
    let attempts = 0;
    const job = harness.client.createFunction({ id: "job", triggers: [{ event: "go" }] }, async () => {
      attempts++;
      throw new NonRetriableError("never");
    });
    await harness.start([job]);
    const outcome = await harness.engine.trigger("job");
    await harness.advance(DAY);
    expect(outcome).toMatchObject({ status: "failed", error: { message: "never" } });
    expect(attempts).toBe(1);
  });

  it("lets a function catch a step that failed for good", async () => {
    const harness = createHarness();
    const job = harness.client.createFunction(
      { id: "job", retries: 0, triggers: [{ event: "go" }] },
      async ({ step }) => {
        try {
          await step.run("risky", () => {
            throw new Error("broken");
          });
        } catch (error) {
          return step.run("rescue", () => (error instanceof Error ? error.message : "?"));
        }
        return "unreached";
      },
    );
    await harness.start([job]);
    await expect(harness.engine.trigger("job")).resolves.toMatchObject({
      status: "completed",
      data: "broken",
    });
  });

  it("runs onFailure once, with the error and the event that started the run", async () => {
    const harness = createHarness();
    const failures: unknown[] = [];
    const job = harness.client.createFunction(
      {
        id: "job",
        retries: 1,
        triggers: [{ event: "go" }],
        onFailure: async ({ error, event, step }) => {
          await step.run("tell", () => {
            failures.push({ message: error.message, original: event.data.event.data });
          });
        },
      },
      async () => {
        throw new Error("gave up");
      },
    );
    const other = harness.client.createFunction(
      { id: "other", retries: 0, triggers: [{ event: "other" }] },
      async () => {
        throw new Error("without a listener");
      },
    );
    await harness.start([job, other]);
    await harness.client.send([{ name: "go", data: { connectionId: "c1" } }, { name: "other" }]);
    await harness.advance(DAY);
    expect(failures).toEqual([{ message: "gave up", original: { connectionId: "c1" } }]);
    expect(harness.errors.map(({ context }) => context.functionId).toSorted()).toEqual([
      "test-job",
      "test-other",
    ]);
  });

  it("fails a run that uses what the engine does not support, and says what", async () => {
    const harness = createHarness();
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }] },
      async ({ step }) => {
        await step.waitForSignal("wait", { signal: "s", timeout: "1h", onConflict: "fail" });
      },
    );
    await harness.start([job]);
    await expect(harness.engine.trigger("job")).resolves.toMatchObject({
      status: "failed",
      error: { name: "UnsupportedOpError", message: expect.stringContaining("WaitForSignal") },
    });
  });
});
