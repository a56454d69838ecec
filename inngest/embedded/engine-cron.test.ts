import { cron } from "inngest";
import { describe, expect, it } from "vitest";
import { createHarness, type EngineHarness } from "@/inngest/embedded/engine-harness";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The unique row of the database, in memory. */
function createClaims() {
  const taken = new Set<string>();
  return async (functionId: string, scheduledAt: Date) => {
    const key = `${functionId}@${scheduledAt.toISOString()}`;
    if (taken.has(key)) return false;
    taken.add(key);
    return true;
  };
}

function scheduled(harness: EngineHarness, expression: string) {
  const ticks: string[] = [];
  const job = harness.client.createFunction(
    { id: "job", triggers: [cron(expression)] },
    async ({ event }) => {
      const data: Record<string, unknown> = { ...event.data };
      ticks.push(String(data.scheduledAt));
    },
  );
  return { job, ticks };
}

describe("cron", () => {
  it("fires at its minutes with the tick it fires for", async () => {
    const harness = createHarness();
    const { job, ticks } = scheduled(harness, "*/5 * * * *");
    await harness.start([job]);
    await harness.advance(16 * MINUTE);
    expect(ticks).toEqual([
      "2031-03-03T08:05:00.000Z",
      "2031-03-03T08:10:00.000Z",
      "2031-03-03T08:15:00.000Z",
    ]);
  });

  it("reads the zone in front of the expression, across the change to summer time", async () => {
    const harness = createHarness({ now: new Date("2031-03-29T00:00:00.000Z") });
    const { job, ticks } = scheduled(harness, "TZ=Europe/Paris 30 8 * * *");
    await harness.start([job]);
    await harness.advance(48 * HOUR);
    expect(ticks).toEqual(["2031-03-29T07:30:00.000Z", "2031-03-30T06:30:00.000Z"]);
  });

  it("takes times without a zone as UTC, wherever the machine stands", async () => {
    const harness = createHarness({ now: new Date("2031-03-29T00:00:00.000Z") });
    const { job, ticks } = scheduled(harness, "@daily");
    await harness.start([job]);
    await harness.advance(24 * HOUR);
    expect(ticks).toEqual(["2031-03-30T00:00:00.000Z"]);
  });

  it("fires once when two engines share the claims", async () => {
    const claimCron = createClaims();
    const one = createHarness({ claimCron });
    const two = createHarness({ claimCron });
    const first = scheduled(one, "*/5 * * * *");
    const second = scheduled(two, "*/5 * * * *");
    await one.start([first.job]);
    await two.start([second.job]);
    for (let minute = 0; minute < 60; minute++) {
      const engines = minute % 2 === 0 ? [one, two] : [two, one];
      for (const engine of engines) await engine.advance(MINUTE);
    }
    const all = [...first.ticks, ...second.ticks];
    expect(all).toHaveLength(12);
    expect(new Set(all).size).toBe(12);
  });

  it("makes up for the latest of the ticks a sleeping machine missed, and for no other", async () => {
    const harness = createHarness();
    const { job, ticks } = scheduled(harness, "*/5 * * * *");
    await harness.start([job]);
    await harness.advance(MINUTE);
    harness.time.jump(3 * HOUR + 7 * MINUTE);
    await harness.advance(MINUTE);
    expect(ticks).toEqual(["2031-03-03T11:05:00.000Z"]);
    await harness.advance(5 * MINUTE);
    expect(ticks).toEqual(["2031-03-03T11:05:00.000Z", "2031-03-03T11:10:00.000Z"]);
  });

  it("goes on within one tick after the clock was set back", async () => {
    const harness = createHarness({ now: new Date("2031-03-04T08:00:30.000Z") });
    const { job, ticks } = scheduled(harness, "*/5 * * * *");
    await harness.start([job]);
    harness.time.jump(-24 * HOUR);
    await harness.advance(24 * HOUR + 6 * MINUTE);
    expect(ticks.length).toBeGreaterThan(280);
    expect(ticks[0]).toBe("2031-03-03T08:05:00.000Z");
  });

  it("asks again while the claim cannot be asked for, and gives way to the next tick", async () => {
    let failures = 3;
    const claims = createClaims();
    const harness = createHarness({
      claimCron: (id, at) => (failures-- > 0 ? Promise.reject(new Error("database away")) : claims(id, at)),
    });
    const { job, ticks } = scheduled(harness, "*/5 * * * *");
    await harness.start([job]);
    await harness.advance(5 * MINUTE);
    expect(ticks).toEqual(["2031-03-03T08:05:00.000Z"]);
    expect(harness.errors).toHaveLength(3);
    failures = Number.POSITIVE_INFINITY;
    await harness.advance(9 * MINUTE + 20 * SECOND);
    failures = 0;
    await harness.advance(5 * MINUTE);
    expect(ticks).toEqual(["2031-03-03T08:05:00.000Z", "2031-03-03T08:15:00.000Z"]);
  });

  it("fires no more after the engine stopped", async () => {
    const harness = createHarness();
    const { job, ticks } = scheduled(harness, "*/5 * * * *");
    await harness.start([job]);
    await harness.engine.stop();
    await harness.advance(HOUR);
    expect(ticks).toEqual([]);
    expect(harness.time.pending()).toBe(0);
  });
});
