import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { notifications } from "@/db/schema/notifications";
import { jobBeats } from "@/db/schema/watches";
import { JOBS } from "@/inngest/jobs";
import { createSentinel } from "@/inngest/schedule-sentinel";
import { log } from "@/lib/platform/log";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createPerson, testClock, testServices } from "@/tests/support/factories";

const NOON = new Date("2026-11-20T12:00:00.000Z");
const ago = (minutes: number) => new Date(NOON.getTime() - minutes * 60_000);
const clock = testClock(NOON);
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  vi.spyOn(log, "warn").mockReturnValue(undefined);
  await createPerson(database.db);
});
beforeEach(async () => {
  clock.set(NOON);
  await database.db.delete(jobBeats);
  await database.db.delete(notifications);
});
afterAll(() => database.drop());

const services = () => testServices(database.db, [], { clock });
const sentinel = (startedAt = ago(60)) => createSentinel(services(), startedAt);
const told = async () =>
  (await database.db.select().from(notifications)).map(({ subjectId, resolvedAt }) => [
    subjectId,
    resolvedAt,
  ]);

it("where no job runs at all, and no watchdog either, administrators are told by whatever process is left", async () => {
  await database.db.insert(jobBeats).values({ job: "sync-tick", startedAt: ago(6) });
  const [one, other] = [sentinel(), sentinel()];
  await one.look();
  expect(await told(), "it may just have woken").toEqual([]);
  await one.look();
  await Promise.all([one.look(), other.look()]);
  await other.look();
  expect(await told()).toEqual([["stopped:sync-tick", null]]);
  await database.db.update(jobBeats).set({ startedAt: NOON });
  await one.look();
  await JOBS.watchdog(services());
  expect(await told()).toEqual([["stopped:sync-tick", NOON]]);
});

it("a schedule that goes, a process that just began and a database that is away are nothing to tell of", async () => {
  const young = sentinel(ago(4));
  await young.look();
  await young.look();
  await database.db.insert(jobBeats).values({ job: "sync-tick", startedAt: ago(1) });
  const old = sentinel();
  await old.look();
  await old.look();
  expect(await told()).toEqual([]);
  const nowhere = createSentinel({ ...services(), db: null as never }, ago(60));
  await expect(nowhere.look()).resolves.toBeUndefined();
});
