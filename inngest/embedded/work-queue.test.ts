import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWorkQueue } from "@/inngest/embedded/work-queue";

const LIMITS: Record<string, number> = { a: 1, b: 2, c: 1, all: 3 };

const work = fc.array(
  fc.record({
    slots: fc.uniqueArray(fc.constantFrom("a", "b", "c", "all"), { maxLength: 2 }),
    rank: fc.integer({ min: 0, max: 5 }),
    stale: fc.boolean(),
    turns: fc.integer({ min: 0, max: 4 }),
  }),
  { maxLength: 60 },
);

describe("the work queue", () => {
  it("does all that is wanted, once, within every limit, and keeps nothing", async () => {
    await fc.assert(
      fc.asyncProperty(work, fc.integer({ min: 1, max: 4 }), async (plan, maxRunning) => {
        const running = new Map<string, number>();
        const done = new Map<number, number>();
        let total = 0;
        let broken = false;
        const queue = createWorkQueue({ maxRunning, onChange: () => undefined });
        plan.forEach(({ slots, rank, stale, turns }, index) => {
          queue.add({
            slots: slots.map((id) => ({ id, limit: LIMITS[id] ?? 1 })),
            rank,
            isStale: () => stale,
            async perform() {
              total++;
              for (const id of slots) running.set(id, (running.get(id) ?? 0) + 1);
              broken ||= total > maxRunning || slots.some((id) => (running.get(id) ?? 0) > (LIMITS[id] ?? 1));
              for (let turn = 0; turn < turns; turn++) await Promise.resolve();
              for (const id of slots) running.set(id, (running.get(id) ?? 0) - 1);
              total--;
              done.set(index, (done.get(index) ?? 0) + 1);
            },
          });
        });
        for (let turn = 0; turn < 200 && queue.queued() + queue.running() > 0; turn++) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        expect(broken).toBe(false);
        expect(queue.queued() + queue.running()).toBe(0);
        expect(plan.map((_, index) => done.get(index) ?? 0)).toEqual(
          plan.map(({ stale }) => (stale ? 0 : 1)),
        );
      }),
    );
  });

  it("starts nothing after it was closed", async () => {
    const queue = createWorkQueue({ maxRunning: 1, onChange: () => undefined });
    const gate = Promise.withResolvers<void>();
    const started: number[] = [];
    const item = (n: number) => ({
      slots: [{ id: "a", limit: 1 }],
      rank: 0,
      isStale: () => false,
      async perform() {
        started.push(n);
        await gate.promise;
      },
    });
    queue.add(item(1));
    queue.add(item(2));
    queue.close();
    queue.add(item(3));
    gate.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).toEqual([1]);
    expect(queue.queued() + queue.running()).toBe(0);
  });
});
