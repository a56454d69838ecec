import { describe, expect, it } from "vitest";
import { createHarness } from "@/inngest/embedded/engine-harness";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe("steps", () => {
  it("runs the steps of a function in order and once each", async () => {
    const harness = createHarness();
    const seen: string[] = [];
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }] },
      async ({ event, step }) => {
        const first = await step.run("first", () => seen.push("first"));
        const second = await step.run("second", () => {
          seen.push("second");
          return { first, name: event.data.name };
        });
        return second;
      },
    );
    await harness.start([job]);
    await expect(harness.engine.trigger("job", { data: { name: "Ada" } })).resolves.toMatchObject({
      status: "completed",
      data: { first: 1, name: "Ada" },
    });
    expect(seen).toEqual(["first", "second"]);
  });

  it.each([{ checkpointing: true }, { checkpointing: false }])(
    "runs 40 steps and one repeated step id once each with $checkpointing checkpointing",
    async ({ checkpointing }) => {
      const harness = createHarness();
      const counts = new Map<string, number>();
      const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
      let replays = 0;
      const job = harness.client.createFunction(
        { id: "job", triggers: [{ event: "go" }], checkpointing },
        async ({ step }) => {
          replays++;
          for (let index = 0; index < 40; index++) await step.run(`s${index}`, () => void count(`s${index}`));
          await step.run("same", () => void count("same"));
          await step.run("same", () => void count("same again"));
        },
      );
      await harness.start([job]);
      await harness.engine.trigger("job");
      expect(counts.size).toBe(42);
      expect([...counts.values()].every((times) => times === 1)).toBe(true);
      expect(replays).toBe(checkpointing ? 1 : 43);
    },
  );

  it("runs parallel steps once each and goes on when all are done", async () => {
    const harness = createHarness();
    const ran: string[] = [];
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }] },
      async ({ step }) => {
        const before = await step.run("before", () => "b");
        const results = await Promise.all(
          Array.from({ length: 12 }, (_, index) =>
            step.run(`parallel-${index}`, () => {
              ran.push(`parallel-${index}`);
              return index;
            }),
          ),
        );
        const after = await step.run("after", () => {
          ran.push("after");
          return results.length;
        });
        return { before, after };
      },
    );
    await harness.start([job]);
    const outcome = await harness.engine.trigger("job");
    expect(outcome).toMatchObject({ status: "completed", data: { before: "b", after: 12 } });
    expect(ran).toHaveLength(13);
    expect(new Set(ran).size).toBe(13);
  });

  it("runs parallel chains of steps once each", async () => {
    const harness = createHarness();
    const ran: string[] = [];
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }] },
      async ({ step }) => {
        const chain = async (name: string) => {
          await step.run(`${name}1`, () => void ran.push(`${name}1`));
          await step.sleep(`${name}-nap`, "5s");
          await step.run(`${name}2`, () => void ran.push(`${name}2`));
        };
        await Promise.all([chain("a"), chain("b"), chain("c")]);
      },
    );
    await harness.start([job]);
    const outcome = harness.engine.trigger("job");
    await harness.advance(MINUTE);
    expect((await outcome).status).toBe("completed");
    expect(ran.toSorted()).toEqual(["a1", "a2", "b1", "b2", "c1", "c2"]);
  });

  it("goes on after a race while the slower step still runs", async () => {
    const harness = createHarness();
    const gate = Promise.withResolvers<void>();
    const won = Promise.withResolvers<void>();
    let slowRuns = 0;
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }], optimizeParallelism: false },
      async ({ step }) => {
        const slow = step.run("slow", async () => {
          slowRuns++;
          await gate.promise;
        });
        const winner = await Promise.race([slow, step.run("fast", () => "fast")]);
        return step.run("after", () => {
          won.resolve();
          return winner;
        });
      },
    );
    await harness.start([job]);
    const outcome = harness.engine.trigger("job");
    await won.promise;
    gate.resolve();
    await expect(outcome).resolves.toMatchObject({ status: "completed", data: "fast" });
    expect(slowRuns).toBe(1);
  });

  it("sleeps for as long as asked and runs what comes before once", async () => {
    const harness = createHarness();
    const seen: string[] = [];
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }] },
      async ({ step }) => {
        await step.run("before", () => void seen.push("before"));
        await step.sleep("nap", "2h");
        await step.run("after", () => void seen.push("after"));
      },
    );
    await harness.start([job]);
    await harness.client.send({ name: "go" });
    await harness.advance(119 * MINUTE);
    expect(seen).toEqual(["before"]);
    await harness.advance(2 * MINUTE);
    expect(seen).toEqual(["before", "after"]);
    expect(harness.engine.stats().held).toBe(0);
  });

  it("sleeps until an instant", async () => {
    const harness = createHarness({ now: new Date("2031-03-03T08:00:00.000Z") });
    let woke: string | undefined;
    const job = harness.client.createFunction(
      { id: "job", triggers: [{ event: "go" }] },
      async ({ step }) => {
        await step.sleepUntil("nap", new Date("2031-03-03T09:30:00.000Z"));
        woke = harness.time.now().toISOString();
      },
    );
    await harness.start([job]);
    await harness.client.send({ name: "go" });
    await harness.advance(DAY);
    expect(woke).toBe("2031-03-03T09:30:00.000Z");
  });
});
