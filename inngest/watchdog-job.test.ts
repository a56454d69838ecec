import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type DatabaseHandle, openDatabase } from "@/db/client";
import { notifications } from "@/db/schema/notifications";
import { memberships, users } from "@/db/schema/users";
import { jobBeats, vendorRequests } from "@/db/schema/watches";
import { JOBS } from "@/inngest/jobs";
import type { Services } from "@/lib/connections/services";
import { newId } from "@/lib/platform/ids";
import { log } from "@/lib/platform/log";
import { readSchedule } from "@/lib/reporting/schedule-state";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import {
  createCalendar,
  createConnection,
  createPerson,
  type Person,
  testClock,
  testLedger,
  testServices,
} from "@/tests/support/factories";

const NOON = new Date("2026-11-20T12:00:00.000Z");
const ago = (minutes: number) => new Date(NOON.getTime() - minutes * 60_000);
const clock = testClock(NOON);
const statements: string[] = [];
let database: TestDatabase;
let counted: DatabaseHandle;

beforeAll(async () => {
  database = await createTestDatabase();
  counted = openDatabase(database.url, { onStatement: (text) => statements.push(text) });
  vi.spyOn(log, "warn").mockReturnValue(undefined);
});
afterEach(async () => {
  clock.set(NOON);
  await database.db.delete(jobBeats);
  await database.db.delete(vendorRequests);
  await database.db.delete(users);
});
afterAll(async () => {
  await counted?.close();
  await database?.drop();
});

function services(more: Partial<Services> = {}): Services {
  const budgets = { vendors: { google: 1_000, microsoft: null }, person: 100 };
  const requests = testLedger(counted.db, clock, { budgets });
  return testServices(counted.db, [], { clock, requests, ...more });
}

const stop = (...jobs: string[]) =>
  database.db.insert(jobBeats).values(jobs.map((job) => ({ job, startedAt: ago(60) })));
const told = (person: Person) =>
  database.db
    .select()
    .from(notifications)
    .where(eq(notifications.userId, person.userId))
    .orderBy(notifications.dedupeKey, notifications.createdAt);
const open = async (person: Person) =>
  (await told(person)).filter(({ resolvedAt }) => resolvedAt === null).map(({ subjectId }) => subjectId);

async function provider(): Promise<Person> {
  const person = await createPerson(database.db);
  await database.db
    .update(memberships)
    .set({ role: "provider" })
    .where(eq(memberships.userId, person.userId));
  return person;
}

describe("the watchdog tells administrators", () => {
  it("of a job that stopped, once, also by two processes at a time, and nobody else", async () => {
    const [admin, second, other] = [
      await createPerson(database.db),
      await createPerson(database.db),
      await provider(),
    ];
    await stop("sync-tick");
    await Promise.all([JOBS.watchdog(services()), JOBS.watchdog(services({ db: database.db }))]);
    await JOBS.watchdog(services());
    expect(await told(admin)).toMatchObject([
      {
        kind: "operator",
        subjectType: "installation",
        params: { trouble: "schedule_stopped", job: "sync-tick" },
      },
    ]);
    expect(await open(second)).toEqual(["stopped:sync-tick"]);
    expect(await told(other)).toEqual([]);
  });

  it("whom the command line made, and the oldest organization's; nobody who signed up for themselves", async () => {
    const signedUp = (now?: Date) =>
      createPerson(database.db, { appointed: false, ...(now === undefined ? {} : { now }) });
    const [later, first, appointed] = [
      await signedUp(),
      await signedUp(ago(60)),
      await createPerson(database.db),
    ];
    await stop("sync-tick");
    await JOBS.watchdog(services());
    expect([await open(first), await open(later), await open(appointed)]).toEqual([
      ["stopped:sync-tick"],
      [],
      ["stopped:sync-tick"],
    ]);
    expect([await readSchedule(later.ctx(NOON)), (await readSchedule(first.ctx(NOON)))?.length]).toEqual([
      null,
      1,
    ]);
    await database.db.update(users).set({ disabledAt: NOON }).where(eq(users.id, first.userId));
    await JOBS.watchdog(services());
    expect([await open(first), await open(later)]).toEqual([[], ["stopped:sync-tick"]]);
  });

  it("that it runs again, and of the next time", async () => {
    const admin = await createPerson(database.db);
    await stop("sync-tick", "export-pending");
    await JOBS.watchdog(services());
    await database.db.update(jobBeats).set({ startedAt: NOON }).where(eq(jobBeats.job, "sync-tick"));
    await JOBS.watchdog(services());
    expect(await open(admin)).toEqual(["stopped:export-pending"]);
    await database.db
      .update(jobBeats)
      .set({ startedAt: ago(60) })
      .where(eq(jobBeats.job, "sync-tick"));
    await JOBS.watchdog(services());
    expect((await told(admin)).map(({ subjectId }) => subjectId)).toEqual([
      "stopped:export-pending",
      "stopped:sync-tick",
      "stopped:sync-tick",
    ]);
  });

  it("of a job that fails again and again, and of a budget that will not suffice", async () => {
    const admin = await createPerson(database.db);
    await database.db.insert(jobBeats).values([
      { job: "reconcile", startedAt: NOON, failures: 3 },
      { job: "expire-data", startedAt: NOON, failures: 2 },
    ]);
    const connectionId = await createConnection(testServices(database.db, [], { clock }), admin);
    for (let n = 0; n < 4; n += 1) await createCalendar(services(), connectionId, admin);
    const use = {
      provider: "google",
      userId: newId(NOON),
      day: "2026-11-20",
      failures: 0,
      limited: 0,
    } as const;
    await database.db.insert(vendorRequests).values({ ...use, requests: 900 });
    await JOBS.watchdog(services());
    expect((await told(admin)).map(({ params }) => params)).toEqual([
      { trouble: "budget_short", provider: "google", requests: 900, budget: 1_000 },
      { trouble: "job_failing", job: "reconcile", failures: 3 },
    ]);
    clock.set("2026-11-21T00:01:00.000Z");
    await database.db.update(jobBeats).set({ startedAt: clock.now(), failures: 0 });
    await JOBS.watchdog(services());
    expect(await open(admin)).toEqual([]);
  });

  it("who become one while it lasts, and no longer those who are none", async () => {
    const [admin, other] = [await createPerson(database.db), await provider()];
    await stop("sync-tick");
    await JOBS.watchdog(services());
    await database.db.update(memberships).set({ role: "admin" }).where(eq(memberships.userId, other.userId));
    await database.db
      .update(memberships)
      .set({ role: "provider" })
      .where(eq(memberships.userId, admin.userId));
    await JOBS.watchdog(services());
    expect([await open(admin), await open(other)]).toEqual([[], ["stopped:sync-tick"]]);
  });

  it("nothing of the silence before its own process began", async () => {
    const admin = await createPerson(database.db);
    await stop("sync-tick", "reconcile");
    await JOBS.watchdog(services({ startedAt: ago(4) }));
    expect(await told(admin)).toEqual([]);
    await JOBS.watchdog(services({ startedAt: ago(6) }));
    expect(await open(admin)).toEqual(["stopped:sync-tick"]);
  });

  it("with as many statements for fifty of them as for one", async () => {
    await createPerson(database.db);
    await stop("sync-tick");
    const cost = async () => {
      statements.length = 0;
      await JOBS.watchdog(services());
      return statements.length;
    };
    const one = await cost();
    for (let n = 0; n < 49; n += 1) await createPerson(database.db);
    expect(await cost()).toBe(one);
    expect(await database.db.$count(notifications)).toBe(50);
  });
});

it("the watchdog ends what is no longer true, whoever made it so", async () => {
  const person = await createPerson(database.db);
  const made = testServices(database.db, [], { clock });
  const connectionId = await createConnection(made, person);
  const failing = await createConnection(made, person);
  await createCalendar(made, failing, person, { failures: 3 });
  const notice = (
    kind: (typeof notifications.$inferInsert)["kind"],
    subjectType: string,
    subjectId: string,
  ) => ({
    ...{ id: newId(NOON), userId: person.userId, kind, subjectType, subjectId, params: {} },
    ...{ dedupeKey: `${kind}:${subjectId}`, createdAt: NOON },
  });
  await database.db
    .insert(notifications)
    .values([
      notice("sync_failing", "integration", failing),
      notice("sync_failing", "integration", connectionId),
      notice("reconnect_required", "integration", connectionId),
      notice("bulk_change_held", "bulk_change", newId(NOON)),
      notice("export_failed", "integration", connectionId),
      notice("export_failed", "booking", newId(NOON)),
    ]);
  await JOBS.watchdog(services());
  expect(await open(person)).toEqual([failing]);
});
