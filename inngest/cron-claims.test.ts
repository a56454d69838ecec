import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { cronClaims } from "@/db/schema/work";
import { claimCron } from "@/inngest/cron-claims";
import { JOBS } from "@/inngest/jobs";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { testClock, testServices } from "@/tests/support/factories";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NOON = "2026-11-20T12:00:00.000Z";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.db.delete(cronClaims));
afterAll(() => database?.drop());

const later = (ms: number) => new Date(new Date(NOON).getTime() + ms);
/** As a process asks whose clock stands at the firing, or a little elsewhere. */
const claim = (at: Date, now = at) =>
  claimCron(database.db, { functionId: "entente-sync-tick", scheduledAt: at, now });

describe("a firing of the schedule", () => {
  it("belongs to one of the processes that ask for it at once", async () => {
    const won = await Promise.all(Array.from({ length: 8 }, () => claim(later(0))));
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  it("belongs to one of two whose clocks are a minute apart, whoever is ahead", async () => {
    const won: boolean[] = [];
    for (let n = 0; n < 5; n += 1) {
      won.push(await claim(later(n * MINUTE_MS), later((n + 1) * MINUTE_MS)));
      won.push(await claim(later(n * MINUTE_MS)));
    }
    expect(won.filter(Boolean)).toHaveLength(5);
  });

  it("comes again after the clock went back an hour, at each of its turns", async () => {
    for (let n = 0; n < 60; n += 1) await claim(later(n * MINUTE_MS));
    const again = [];
    for (let n = 0; n < 60; n += 1) again.push(await claim(later(n * MINUTE_MS)));
    expect(again.filter(Boolean)).toHaveLength(60);
  });

  it("comes tomorrow although the clock was a day ahead for a while", async () => {
    for (let n = 0; n < 30; n += 1) await claim(later(24 * HOUR_MS + n * MINUTE_MS));
    await claimCron(database.db, {
      ...{ functionId: "entente-expire-data", scheduledAt: later(24 * HOUR_MS), now: later(24 * HOUR_MS) },
    });
    const clock = testClock(NOON);
    await JOBS.watchdog(testServices(database.db, [], { clock }));
    expect(await database.db.$count(cronClaims)).toBe(0);
  });
});
