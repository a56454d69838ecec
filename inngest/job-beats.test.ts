import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { GET as ready } from "@/app/api/health/ready/route";
import { openDatabase } from "@/db/client";
import { jobBeats } from "@/db/schema/watches";
import { withBeat } from "@/inngest/job-beats";
import { adoptRuntime, type Runtime } from "@/inngest/runtime";
import { type Background, startBackground } from "@/inngest/start";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { testClock, testServices } from "@/tests/support/factories";
import { createTestRuntime } from "@/tests/support/test-runtime";

let database: TestDatabase;
let runtime: Runtime;
let running: Background | undefined;

beforeAll(async () => {
  database = await createTestDatabase();
  runtime = createTestRuntime(database.url, {});
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await database.db.delete(jobBeats);
});
afterAll(async () => {
  await runtime?.handle.close();
  await database?.drop();
});

const nothing = () => Promise.resolve();
const beats = () => database.db.select().from(jobBeats).orderBy(jobBeats.job);

it("notes when a job began and ended, and how often in a row it failed", async () => {
  const clock = testClock();
  const services = testServices(database.db, [], { clock });
  const start = clock.now();
  const work = withBeat(services, "reconcile", async () => {
    expect(await beats()).toEqual([{ job: "reconcile", startedAt: start, finishedAt: null, failures: 0 }]);
    clock.advance(2_000);
    return "done";
  });
  expect(await work).toBe("done");
  expect(await beats()).toMatchObject([{ startedAt: start, finishedAt: clock.now(), failures: 0 }]);
  for (let failures = 1; failures <= 2; failures += 1) {
    const failing = withBeat(services, "reconcile", () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(await beats()).toMatchObject([{ failures }]);
  }
  await withBeat(services, "reconcile", nothing);
  expect(await beats()).toMatchObject([{ failures: 0 }]);
});

it("keeps no job from its work when it cannot be noted", async () => {
  const nowhere = openDatabase("postgres://nobody@127.0.0.1:9/nowhere");
  const services = testServices(nowhere.db, []);
  expect(await withBeat(services, "sync-tick", async () => 7)).toBe(7);
  await nowhere.close();
});

it("is noted for what the schedule runs", async () => {
  running = await startBackground(runtime);
  await running.engine?.trigger("sync-tick");
  expect((await beats()).map(({ job }) => job)).toContain("sync-tick");
});

it("lets a process whose schedule stopped answer 503, but not one that just started", async () => {
  const clock = testClock();
  const own = { ...runtime, services: { ...runtime.services, clock }, startedAt: clock.now() };
  adoptRuntime(own);
  const answer = async () => {
    const response = await ready();
    const { reasons } = (await response.json()) as { reasons: string[] };
    return { status: response.status, reasons };
  };
  expect(await answer()).toMatchObject({ status: 200, reasons: [] });
  clock.advance(6 * 60_000);
  expect(await answer()).toMatchObject({ status: 503, reasons: ["schedule_stopped"] });
  await withBeat(own.services, "sync-tick", nothing);
  expect(await answer()).toMatchObject({ status: 200 });
  clock.advance(6 * 60_000);
  expect(await answer()).toMatchObject({ status: 503 });
  adoptRuntime({ ...own, env: { ...own.env, JOBS: "inngest" } });
  expect(await answer()).toMatchObject({ status: 200, reasons: [] });
});
