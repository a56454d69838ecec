import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bulkChanges, calendarRemovals } from "@/db/schema/bulk-changes";
import { calendarSyncLogs } from "@/db/schema/calendars";
import { calendarProbes } from "@/db/schema/probes";
import { auditLog, cronClaims } from "@/db/schema/work";
import { newId } from "@/lib/platform/ids";
import { expireData } from "@/lib/privacy/expire-data";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createCalendar, createConnection, createPerson, testServices } from "@/tests/support/factories";
import { scriptedVendor } from "@/tests/support/scripted-vendor";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const NOW = new Date("2026-11-26T03:41:00.000Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

it("what imports took away is kept a day, and thirty while its wholesale change is not accepted", async () => {
  const services = testServices(database.db, [scriptedVendor().provider]);
  const person = await createPerson(database.db);
  const { userId } = person;
  const connectionId = await createConnection(services, person);
  const change = async (decision: "accepted" | "held" | null, age: number) => {
    const calendarId = await createCalendar(services, connectionId, person);
    const [id, at] = [newId(NOW), daysAgo(age)];
    await database.db.insert(bulkChanges).values({
      ...{ id, userId, connectionId, calendarId, since: at, through: at, detectedAt: at },
      ...{ before: 5, gone: 5, moved: 0, decision, decidedAt: decision === null ? null : at },
    });
    return { calendarId, id };
  };
  const removal = async (externalId: string, of: { calendarId: string; id: string | null }, age: number) => {
    await database.db.insert(calendarRemovals).values({
      ...{
        id: newId(NOW),
        calendarId: of.calendarId,
        userId,
        bulkChangeId: of.id,
        how: "removed",
        externalId,
      },
      ...{ startsAt: daysAgo(-3), endsAt: daysAgo(-4), blocked: true, own: false, removedAt: daysAgo(age) },
    });
  };
  const [open, held, accepted] = [
    await change(null, 40),
    await change("held", 200),
    await change("accepted", 5),
  ];
  const forgotten = await change("accepted", 91);
  const none = { calendarId: open.calendarId, id: null };
  await removal("fresh", none, 0.9);
  await removal("stale", none, 1.1);
  await removal("open", open, 29);
  await removal("open too long", open, 31);
  await removal("held", held, 29);
  await removal("accepted", accepted, 1.1);

  expect(await expireData(database.db, NOW)).toMatchObject({ removals: 3, bulkChanges: 1 });
  const kept = await database.db.select().from(calendarRemovals).where(eq(calendarRemovals.userId, userId));
  expect(kept.map(({ externalId }) => externalId).sort()).toEqual(["fresh", "held", "open"]);
  const changes = await database.db.select().from(bulkChanges).where(eq(bulkChanges.userId, userId));
  expect(changes.map(({ id }) => id).sort()).toEqual([open.id, held.id, accepted.id].sort());
  expect(changes.map(({ id }) => id)).not.toContain(forgotten.id);
});

it("a test whose event its vendor never lets go is forgotten after thirty days", async () => {
  const services = testServices(database.db, [scriptedVendor().provider]);
  const person = await createPerson(database.db);
  const connectionId = await createConnection(services, person);
  const probe = (externalId: string, age: number, removed: boolean) => {
    const [id, at] = [newId(daysAgo(age)), daysAgo(age)];
    return {
      ...{ id, userId: person.userId, connectionId, calendarExternalId: "work", externalId },
      ...{ requestedAt: at, askedAt: at, writtenAt: at, finishedAt: at, removedAt: removed ? at : null },
      ...{ errorCode: removed ? null : "permission_denied", nextAttemptAt: at },
    };
  };
  const probes = [
    probe("removed", 0.9, true),
    probe("removed long ago", 2, true),
    probe("owed", 29, false),
    probe("never removed", 31, false),
  ];
  await database.db.insert(calendarProbes).values(probes);
  expect(await expireData(database.db, NOW)).toMatchObject({ probes: 2 });
  const kept = await database.db.select().from(calendarProbes);
  expect(kept.map(({ externalId }) => externalId).sort()).toEqual(["owed", "removed"]);
});

it("more than fits one statement goes, and what cannot be deleted keeps nothing else", async () => {
  await using own = await createTestDatabase();
  const claims = (hours: number) => sql`
    insert into cron_claims select 'job-' || n, ${daysAgo(2).toISOString()}::timestamptz - ${hours} * interval '1 hour'
    from generate_series(1, 10001) n`;
  await own.db.execute(claims(1));
  await own.db.execute(claims(-1));
  await own.db.execute(sql`alter table oauth_attempts rename to attempts_elsewhere`);
  await expect(expireData(own.db, NOW)).rejects.toMatchObject({ cause: { code: "42P01" } });
  expect(await own.db.$count(cronClaims)).toBe(10_001);
});

it("runs and the audit are kept by when they last happened", async () => {
  const services = testServices(database.db, [scriptedVendor().provider]);
  const person = await createPerson(database.db);
  const connectionId = await createConnection(services, person);
  const run = (begun: number, last: number) => ({
    ...{ id: newId(daysAgo(begun)), connectionId, userId: person.userId, trigger: "schedule" as const },
    ...{ kind: "incremental" as const, status: "succeeded" as const, changeSeq: 0 },
    ...{ startedAt: daysAgo(begun), lastRunAt: daysAgo(last) },
  });
  await database.db.insert(calendarSyncLogs).values([run(95, 91), run(95, 89), run(89, 1)]);
  const entry = (age: number) => ({
    ...{ id: newId(daysAgo(age)), at: daysAgo(age), userId: person.userId, actor: {}, details: {} },
    ...{ action: "test", subjectType: "user", subjectId: "1" },
  });
  await database.db.insert(auditLog).values([entry(401), entry(399)]);
  expect(await expireData(database.db, NOW)).toMatchObject({ runs: 1, audit: 1 });
});
