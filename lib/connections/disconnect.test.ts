import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { calendarSyncEvents, calendarSyncLogs, calendars } from "@/db/schema/calendars";
import { calendarConnections, disconnections, oauthAttempts, oauthTokens } from "@/db/schema/connections";
import { auditLog, outbox } from "@/db/schema/work";
import { disconnect } from "@/lib/connections/disconnect";
import { getConnection } from "@/lib/connections/queries";
import type { Services } from "@/lib/connections/services";
import { newId } from "@/lib/platform/ids";
import { finishDisconnect, finishDueDisconnects } from "@/lib/sync/finish-disconnect";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import {
  createCalendar,
  createConnection,
  createPerson,
  type Person,
  type TestClock,
  testClock,
  testServices,
} from "@/tests/support/factories";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";
import { scriptedVendor, upsert } from "@/tests/support/scripted-vendor";

let database: TestDatabase;
let bench: GoogleBench;
beforeAll(async () => {
  database = await createTestDatabase();
  bench = await openGoogle();
  const client = { id: CLIENT.clientId, secret: CLIENT.clientSecret, name: "Entente", redirectUris: [] };
  bench.sandbox.oauth.clients.set(client.id, client);
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  await database.drop();
});

let services: Services;
let clock: TestClock;
let person: Person;
let id: string;
let calendarId: string;
let refreshToken: string;
let serial = 0;

beforeEach(async () => {
  await database.db.delete(calendarConnections);
  bench.sandbox.faults.disarm();
  bench.sandbox.ledger.reset();
  clock = testClock(new Date());
  services = testServices(database.db, [bench.provider], { clock });
  person = await createPerson(database.db);
  serial += 1;
  const account = bench.account(`leaving-${serial}@example.test`);
  refreshToken = account.refreshToken;
  id = await createConnection(services, person, { ...account, subject: `subject-${serial}` });
  calendarId = await createCalendar(services, id, person);
  await event(calendarId);
});

const db = () => database.db;
const ctx = () => person.ctx(clock.now());
const alive = () => bench.sandbox.vault.refresh(refreshToken) !== undefined;
const revocations = () => bench.sandbox.ledger.count("oauth.revoke");
const leave = () => disconnect(services, ctx(), id);
const row = async () =>
  (await db().select().from(calendarConnections).where(eq(calendarConnections.id, id))).at(0);

async function event(of: string) {
  const now = clock.now();
  await db()
    .insert(calendarSyncEvents)
    .values({
      id: newId(now),
      calendarId: of,
      userId: person.userId,
      provider: "google",
      externalId: newId(now),
      fingerprint: "f",
      kind: "default",
      status: "confirmed",
      showAs: "busy",
      response: "none",
      startsAt: new Date(now.getTime() + 3_600_000),
      endsAt: new Date(now.getTime() + 7_200_000),
      learnedAt: now,
    });
}

async function blocks(): Promise<number> {
  const rows = await db().execute(sql`select from unavailabilities where user_id = ${person.userId}`);
  return rows.length;
}

/** Rows that still name the connection, its calendars or its person's imported events. */
async function remains() {
  const [found] = await db().execute<Record<string, number>>(sql`
    select
      (select count(*)::int from calendar_connections where id = ${id}) as connections,
      (select count(*)::int from oauth_tokens where connection_id = ${id}) as tokens,
      (select count(*)::int from calendars where connection_id = ${id}) as calendars,
      (select count(*)::int from calendar_sync_events where user_id = ${person.userId}) as events,
      (select count(*)::int from disconnections where connection_id = ${id}) as disconnections
  `);
  return found;
}

describe("a disconnect", () => {
  it("frees the time at once and ends the grant at the vendor soon after (attack 87)", async () => {
    expect(await blocks()).toBe(1);
    await leave();
    expect(await blocks()).toBe(0);
    expect(await remains()).toEqual({
      connections: 1,
      tokens: 0,
      calendars: 0,
      events: 0,
      disconnections: 1,
    });
    expect(await getConnection(services, ctx(), id)).toMatchObject({
      status: "disconnecting",
      calendars: [],
    });
    expect((await db().select().from(outbox)).at(-1)).toMatchObject({ name: "connection/disconnected" });
    expect(await finishDisconnect(services, id)).toEqual({ status: "done", ending: "revoked" });
    expect(alive()).toBe(false);
    expect(await remains()).toEqual({
      connections: 0,
      tokens: 0,
      calendars: 0,
      events: 0,
      disconnections: 0,
    });
    await expect(getConnection(services, ctx(), id)).rejects.toMatchObject({ code: "not_found" });
    const audit = await db().select().from(auditLog).where(eq(auditLog.subjectId, id));
    expect(audit.map((entry) => entry.action)).toEqual(["connection.disconnected", "connection.revoked"]);
  });

  it("asked for twice is done once", async () => {
    await Promise.all([leave(), leave()]);
    await leave();
    expect(await db().select().from(disconnections).where(eq(disconnections.connectionId, id))).toHaveLength(
      1,
    );
    await Promise.all([finishDisconnect(services, id), finishDisconnect(services, id)]);
    expect(revocations()).toBe(1);
    expect(await finishDisconnect(services, id)).toEqual({ status: "skipped" });
  });

  it("ends runs and attempts that were under way", async () => {
    const now = clock.now();
    const run = { connectionId: id, userId: person.userId, status: "running" as const, changeSeq: 1 };
    await db()
      .insert(calendarSyncLogs)
      .values({ id: newId(now), ...run, trigger: "manual", kind: "full", startedAt: now, lastRunAt: now });
    const attemptId = newId(now);
    await db()
      .insert(oauthAttempts)
      .values({
        id: attemptId,
        userId: person.userId,
        provider: "google",
        connectionId: id,
        mode: "tab",
        returnTo: "/integrations",
        createdAt: now,
        expiresAt: new Date(now.getTime() + 600_000),
      });
    await leave();
    const [log] = await db().select().from(calendarSyncLogs).where(eq(calendarSyncLogs.connectionId, id));
    expect(log).toMatchObject({ status: "cancelled" });
    const [attempt] = await db().select().from(oauthAttempts).where(eq(oauthAttempts.id, attemptId));
    expect(attempt).toMatchObject({ outcome: "expired", secrets: null });
  });

  it("of another person answers like one that does not exist (attack 47)", async () => {
    const stranger = await createPerson(db());
    for (const target of [id, newId(clock.now()), "x"]) {
      await expect(disconnect(services, stranger.ctx(), target)).rejects.toMatchObject({
        code: "not_found",
        message: "No such integration.",
      });
    }
    expect(await blocks()).toBe(1);
  });
});

describe("a disconnect in the middle of a sync", () => {
  it("fences the worker off: nothing it read is written", async () => {
    const vendor = scriptedVendor();
    const scripted = testServices(db(), [vendor.provider], { clock, masterKeys: services.masterKeys });
    vendor.script({
      pages: [{ items: [upsert("first")] }, { items: [upsert("second")], before: leave }],
      cursor: "c-1",
    });
    await syncCalendar(scripted, calendarId, "schedule");
    expect(await remains()).toMatchObject({ calendars: 0, events: 0, tokens: 0 });
    expect(await blocks()).toBe(0);
  });
});

describe("a disconnect with a dead token", () => {
  it("needs no vendor", async () => {
    await db()
      .update(calendarConnections)
      .set({ reconnectReason: "revoked", reconnectSince: clock.now() })
      .where(eq(calendarConnections.id, id));
    await leave();
    expect(await finishDisconnect(services, id)).toEqual({ status: "done", ending: "dead" });
    expect(revocations()).toBe(0);
    expect(await row()).toBeUndefined();
  });

  it("counts a grant the person ended at the vendor as ended", async () => {
    bench.sandbox.vault.revoke(`leaving-${serial}@example.test`);
    await leave();
    expect(await finishDisconnect(services, id)).toEqual({ status: "done", ending: "revoked" });
  });

  it("works when the master key is gone", async () => {
    const blind = testServices(db(), [bench.provider], { clock });
    await disconnect(blind, ctx(), id);
    expect(await finishDisconnect(blind, id)).toEqual({ status: "done", ending: "dead" });
  });
});

describe("a disconnect while the vendor is down", () => {
  it("keeps trying, says why, and keeps no usable token in clear (attack 87)", async () => {
    bench.sandbox.faults.arm({ operation: "oauth.revoke", kind: "unavailable", count: 0 });
    await leave();
    expect(await blocks()).toBe(0);
    expect(await finishDisconnect(services, id)).toMatchObject({ status: "waiting", reason: "transient" });
    expect(await getConnection(services, ctx(), id)).toMatchObject({
      status: "disconnecting",
      statusReason: "provider_unreachable",
    });
    expect(JSON.stringify(await db().select().from(disconnections))).not.toContain(refreshToken);
    expect(await finishDueDisconnects(services)).toMatchObject({ due: 0 });
    clock.advance(60_000);
    expect(await finishDueDisconnects(services)).toMatchObject({ due: 1, waiting: 1 });
    bench.sandbox.faults.disarm();
    clock.advance(15 * 60_000);
    expect(await finishDueDisconnects(services)).toMatchObject({ due: 1, done: 1 });
    expect(alive()).toBe(false);
    expect(await row()).toBeUndefined();
  });

  it("gives up after a day, so that no token is kept for longer", async () => {
    bench.sandbox.faults.arm({ operation: "oauth.revoke", kind: "reset_before", count: 0 });
    await leave();
    await finishDisconnect(services, id);
    clock.advance(24 * 3_600_000 + 60_000);
    expect(await finishDueDisconnects(services)).toMatchObject({ done: 1 });
    expect(await row()).toBeUndefined();
  });

  it("a worker that died after taking it up is followed by another", async () => {
    await leave();
    await db()
      .update(disconnections)
      .set({ attempts: 1, nextAttemptAt: new Date(clock.now().getTime() + 60_000) })
      .where(eq(disconnections.connectionId, id));
    expect(await finishDueDisconnects(services)).toMatchObject({ due: 0 });
    clock.advance(61_000);
    expect(await finishDueDisconnects(services)).toMatchObject({ done: 1 });
  });
});

describe("a grant that somebody else needs", () => {
  it("is not ended: another living connection holds the account", async () => {
    await leave();
    const other = await createPerson(db());
    await createConnection(services, other, { subject: `subject-${serial}` });
    expect(await finishDisconnect(services, id)).toEqual({ status: "done", ending: "shared" });
    expect(revocations()).toBe(0);
    expect(alive()).toBe(true);
  });

  it("is ended when that other connection is dead itself", async () => {
    await leave();
    const other = await createPerson(db());
    const dead = { reconnectReason: "revoked" as const, reconnectSince: clock.now() };
    await createConnection(services, other, { subject: `subject-${serial}`, ...dead });
    expect(await finishDisconnect(services, id)).toEqual({ status: "done", ending: "revoked" });
  });
});

it("a calendar of nobody is left after all of this", async () => {
  await leave();
  expect(await db().select().from(calendars).where(eq(calendars.connectionId, id))).toEqual([]);
  expect(await db().select().from(oauthTokens).where(eq(oauthTokens.connectionId, id))).toEqual([]);
});
