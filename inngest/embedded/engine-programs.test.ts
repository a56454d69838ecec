import fc from "fast-check";
import type { Inngest, InngestFunction } from "inngest";
import { expect, it } from "vitest";
import { createHarness } from "@/inngest/embedded/engine-harness";

const WEEK = 7 * 24 * 60 * 60_000;

type Program =
  | { kind: "run"; fails: number; slow: boolean }
  | { kind: "doomed" }
  | { kind: "sleep"; minutes: number }
  | { kind: "invoke" }
  | { kind: "all" | "one-by-one"; parts: Program[] };

const { program } = fc.letrec<{ program: Program }>((tie) => ({
  program: fc.oneof(
    { maxDepth: 3, depthSize: "small", withCrossShrink: true },
    fc.record({ kind: fc.constant("run" as const), fails: fc.nat(2), slow: fc.boolean() }),
    fc.record({ kind: fc.constant("doomed" as const) }),
    fc.record({ kind: fc.constant("sleep" as const), minutes: fc.nat(90) }),
    fc.record({ kind: fc.constant("invoke" as const) }),
    fc.record({
      kind: fc.constantFrom("all" as const, "one-by-one" as const),
      parts: fc.array(tie("program"), { minLength: 1, maxLength: 4 }),
    }),
  ),
}));

type Step = Parameters<Parameters<Inngest["createFunction"]>[1]>[0]["step"];

interface World {
  step: Step;
  child: InngestFunction.Any;
  started(id: string): number;
  succeeded(id: string): void;
}

/** Performs a program as a function's body would; the answer names every part, so a lost result shows. */
async function perform(part: Program, id: string, world: World): Promise<string> {
  const { step } = world;
  switch (part.kind) {
    case "run":
      return step.run(id, async () => {
        if (part.slow) await new Promise((resolve) => setImmediate(resolve));
        if (world.started(id) <= part.fails) throw new Error(id);
        world.succeeded(id);
        return id;
      });
    case "doomed":
      return step
        .run(id, () => {
          world.started(id);
          throw new Error(`doomed ${id}`);
        })
        .catch((error: unknown) => (error instanceof Error ? error.message : "?"));
    case "sleep":
      await step.sleep(id, part.minutes * 60_000);
      return id;
    case "invoke":
      return String(await step.invoke(id, { function: world.child, data: { id } }));
    case "all": {
      const results = await Promise.all(
        part.parts.map((each, index) => perform(each, `${id}.${index}`, world)),
      );
      return results.join();
    }
    case "one-by-one": {
      const results: string[] = [];
      for (const [index, each] of part.parts.entries())
        results.push(await perform(each, `${id}.${index}`, world));
      return results.join();
    }
  }
}

function expected(part: Program, id: string): string {
  if (part.kind === "doomed") return `doomed ${id}`;
  if (part.kind !== "all" && part.kind !== "one-by-one") return id;
  return part.parts.map((each, index) => expected(each, `${id}.${index}`)).join();
}

it("any mixture of steps, sleeps, invocations and failures ends with each step done once", async () => {
  await fc.assert(
    fc.asyncProperty(
      program,
      fc.boolean(),
      fc.boolean(),
      async (body, checkpointing, optimizeParallelism) => {
        const harness = createHarness({ maxConcurrentRuns: 3 });
        const starts = new Map<string, number>();
        const successes: string[] = [];
        const child = harness.client.createFunction(
          { id: "child", triggers: [{ event: "child" }] },
          async ({ event, step }) =>
            step.run("echo", () => {
              successes.push(`child ${event.data.id}`);
              return event.data.id;
            }),
        );
        const job = harness.client.createFunction(
          { id: "job", retries: 3, triggers: [{ event: "go" }], checkpointing, optimizeParallelism },
          async ({ step }) =>
            perform(body, "p", {
              step,
              child,
              started: (id) => {
                starts.set(id, (starts.get(id) ?? 0) + 1);
                return starts.get(id) ?? 0;
              },
              succeeded: (id) => successes.push(id),
            }),
        );
        await harness.start([job, child]);
        const outcome = harness.engine.trigger("job");
        await harness.advance(WEEK);
        expect(await Promise.race([outcome, "still running"])).toMatchObject({
          status: "completed",
          data: expected(body, "p"),
        });
        expect(successes.length).toBe(new Set(successes).size);
        for (const times of starts.values()) expect(times).toBeLessThanOrEqual(4);
        expect(harness.engine.stats()).toEqual({ queued: 0, running: 0, held: 0, listening: 0 });
        expect(harness.time.pending()).toBe(0);
      },
    ),
    { numRuns: 80 },
  );
});
