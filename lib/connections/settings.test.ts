import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { calendarSyncEvents, calendarSyncLogs, calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { integrationPolicies } from "@/db/schema/users";
import { auditLog, outbox } from "@/db/schema/work";
import { disconnectConsequences, getConnection } from "@/lib/connections/queries";
import { requestSync } from "@/lib/connections/request-sync";
import type { Services } from "@/lib/connections/services";
import { updateSettings } from "@/lib/connections/settings";
import { openConnectRun } from "@/lib/connections/wake-exports";
import { newId } from "@/lib/platform/ids";
import { getIntegration, listIntegrations } from "@/lib/reporting/integrations";
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
import { scriptedVendor } from "@/tests/support/scripted-vendor";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

let services: Services;
let clock: TestClock;
let person: Person;
let id: string;
let main: string;
let team: string;
let readOnly: string;

beforeEach(async () => {
  clock = testClock();
  services = testServices(database.db, [scriptedVendor().provider], { clock });
  person = await createPerson(database.db);
  id = await createConnection(services, person);
  main = await createCalendar(services, id, person, {
    isPrimary: true,
    cursor: "c",
    cursorVersion: "v",
    syncedSeq: 1,
    syncedThrough: clock.now(),
    lastSyncedAt: clock.now(),
  });
  team = await createCalendar(services, id, person, { selected: false, changeSeq: 0 });
  readOnly = await createCalendar(services, id, person, { selected: false, changeSeq: 0, canWrite: false });
  await event(main);
});

const db = () => database.db;
const ctx = () => person.ctx(clock.now());
const save = (body: unknown) => updateSettings(services, ctx(), id, body);
const check = (calendarId: string, checkForConflicts: boolean) =>
  save({ calendars: [{ id: calendarId, checkForConflicts }] });
const calendar = async (calendarId: string) =>
  (await db().select().from(calendars).where(eq(calendars.id, calendarId))).at(0);
const settings = async () => (await getConnection(services, ctx(), id)).settings;
const runs = () => db().select().from(calendarSyncLogs).where(eq(calendarSyncLogs.connectionId, id));
const audits = () => db().select().from(auditLog).where(eq(auditLog.subjectId, id));
const events = () =>
  db().select().from(calendarSyncEvents).where(eq(calendarSyncEvents.userId, person.userId));
const blocks = async () =>
  (await db().execute(sql`select from unavailabilities where user_id = ${person.userId}`)).length;

async function event(calendarId: string) {
  const now = clock.now();
  await db()
    .insert(calendarSyncEvents)
    .values({
      id: newId(now),
      calendarId,
      userId: person.userId,
      provider: "google",
      externalId: newId(now),
      fingerprint: "f",
      kind: "default",
      status: "confirmed",
      showAs: "busy",
      response: "none",
      title: "Secret plan",
      location: "Hidden place",
      attendees: [{ name: "X", email: "x@example.test", response: "accepted", self: false }],
      startsAt: new Date(now.getTime() + 3_600_000),
      endsAt: new Date(now.getTime() + 7_200_000),
      learnedAt: now,
    });
}

describe("checking calendars", () => {
  it("starts the import of a newly checked one at once", async () => {
    await check(team, true);
    expect(await calendar(team)).toMatchObject({ selected: true, generation: 2, changeSeq: 1, cursor: null });
    expect(await runs()).toMatchObject([
      { calendarId: team, trigger: "connect", kind: "full", status: "running", changeSeq: 1 },
    ]);
    const nudges = await db().select().from(outbox);
    expect(nudges.at(-1)?.data).toEqual({ connectionId: id, calendarIds: [team] });
    expect(await calendar(main)).toMatchObject({ generation: 1, cursor: "c" });
  });

  it("takes an unchecked one's events, cursor and open runs away", async () => {
    await requestSync(services, ctx(), id);
    await check(main, false);
    expect(await events()).toEqual([]);
    expect(await blocks()).toBe(0);
    expect(await calendar(main)).toMatchObject({
      selected: false,
      generation: 2,
      cursor: null,
      syncedThrough: null,
      leaseUntil: null,
    });
    expect(await runs()).toMatchObject([{ status: "cancelled" }]);
  });

  it("does nothing at all when nothing changes", async () => {
    await save({ calendars: [{ id: main, checkForConflicts: true }], tentative: "block", nickname: "" });
    expect(await audits()).toEqual([]);
    expect(await runs()).toEqual([]);
  });

  it("tells the audit what changed from what to what", async () => {
    await save({
      tentative: "ignore",
      nickname: " Practice ",
      calendars: [{ id: team, checkForConflicts: true }],
    });
    expect((await audits())[0]?.details).toEqual({
      changed: { tentative: ["block", "ignore"], nickname: [null, "Practice"] },
      checked: [team],
      unchecked: [],
    });
  });
});

describe("the settings", () => {
  it("import off leaves a run that writes bookings alone", async () => {
    await db().transaction((tx) =>
      openConnectRun(tx, { connectionId: id, userId: person.userId }, clock.now()),
    );
    await requestSync(services, ctx(), id);
    await save({ importEnabled: false });
    const ended = (await runs()).map(({ kind, status }) => `${kind} ${status}`);
    expect(ended.sort()).toEqual(["export running", "incremental cancelled"]);
  });

  it("import off, a calendar that bookings are added to is read on request all the same", async () => {
    await save({ importEnabled: false, targetCalendarId: main });
    expect((await requestSync(services, ctx(), id)).runIds).toHaveLength(1);
  });

  it("import off frees the time at once, and on again reads everything that is checked", async () => {
    await save({ importEnabled: false });
    expect(await blocks()).toBe(0);
    expect(await getConnection(services, ctx(), id)).toMatchObject({ statusReason: "import_off" });
    await expect(requestSync(services, ctx(), id)).rejects.toMatchObject({ code: "import_disabled" });
    await save({ importEnabled: true });
    expect(await blocks()).toBe(1);
    expect(await runs()).toMatchObject([{ calendarId: main, kind: "incremental", status: "running" }]);
  });

  it("attack 89: 'busy only' erases titles, places and people, and fences off whoever still carries them", async () => {
    await save({ titles: "busy_only" });
    expect(await events()).toMatchObject([{ title: null, location: null, attendees: null }]);
    expect(await calendar(main)).toMatchObject({ generation: 2, cursor: "c" });
  });

  it("titles back to full need a full round, while what is stored goes on blocking", async () => {
    await save({ titles: "busy_only" });
    await save({ titles: "full" });
    expect(await calendar(main)).toMatchObject({ cursor: null, syncedThrough: clock.now() });
    expect((await runs()).map((run) => run.kind)).toEqual(["incremental", "full"]);
    expect(await blocks()).toBe(1);
  });

  it("tentative and all-day are columns: no event is touched and nothing is read", async () => {
    const before = await events();
    await save({
      tentative: "ignore",
      allDayEvents: "as_provider",
      whenUnsure: "refuse",
      exportDetails: "minimal",
    });
    expect(await events()).toEqual(before);
    expect(await runs()).toEqual([]);
    expect(await settings()).toMatchObject({ tentative: "ignore", allDayEvents: "as_provider" });
  });

  it("the target is one of this connection's calendars, and can be written to", async () => {
    await save({ targetCalendarId: team });
    expect(await settings()).toMatchObject({ targetCalendarId: team });
    await expect(save({ targetCalendarId: readOnly })).rejects.toMatchObject({
      code: "invalid_input",
      fields: [{ path: "targetCalendarId" }],
    });
    await save({ targetCalendarId: null });
    expect(await settings()).toMatchObject({ targetCalendarId: null });
  });

  it("export switched on without a target takes the main calendar", async () => {
    await db()
      .update(calendarConnections)
      .set({ exportEnabled: false })
      .where(eq(calendarConnections.id, id));
    await save({ exportEnabled: true });
    expect(await settings()).toMatchObject({ exportEnabled: true, targetCalendarId: main });
  });

  it("attack 36: unknown and ill-typed fields are refused, and nothing is written", async () => {
    for (const body of [{ userId: "x" }, { generation: 9 }, { tentative: "maybe" }, [], null, "x"]) {
      await expect(save(body)).rejects.toMatchObject({ code: "invalid_input" });
    }
    expect(await audits()).toEqual([]);
  });

  it("attack 48: calendars of another connection or person do not exist here", async () => {
    const other = await createConnection(services, person);
    const foreign = [await createCalendar(services, other, person), newId(clock.now()), "x"];
    for (const calendarId of foreign) {
      await expect(save({ targetCalendarId: calendarId })).rejects.toMatchObject({ code: "not_found" });
      await expect(check(calendarId, true)).rejects.toMatchObject({ code: "not_found" });
    }
  });

  it("attack 47: another person's connection answers like one that does not exist", async () => {
    const stranger = (await createPerson(db())).ctx(clock.now());
    for (const target of [id, newId(clock.now()), "x"]) {
      const refusal = { code: "not_found", message: "No such integration." };
      await expect(updateSettings(services, stranger, target, {})).rejects.toMatchObject(refusal);
      await expect(getIntegration(services, stranger, target)).rejects.toMatchObject(refusal);
      await expect(requestSync(services, stranger, target)).rejects.toMatchObject(refusal);
    }
    expect(await listIntegrations(services, stranger)).toEqual([]);
    expect(await disconnectConsequences(stranger, [id])).toEqual(
      new Map([[id, { calendars: 0, busyBlocks: 0, exportedEvents: 0 }]]),
    );
  });
});

describe("sync now", () => {
  it("opens a run for each checked calendar and answers their ids", async () => {
    await check(team, true);
    const { runIds } = await requestSync(services, ctx(), id);
    expect(runIds).toHaveLength(2);
    expect(await calendar(main)).toMatchObject({ changeSeq: 2, syncedSeq: 1 });
  });

  it("keeps a vendor's wait and forgives a failure of ours", async () => {
    const backoffUntil = new Date(clock.now().getTime() + 3_600_000);
    for (const [lastErrorKind, expected] of [
      ["rate_limited", backoffUntil],
      ["transient", null],
    ] as const) {
      await db().update(calendars).set({ lastErrorKind, backoffUntil }).where(eq(calendars.id, main));
      await requestSync(services, ctx(), id);
      expect((await calendar(main))?.backoffUntil).toEqual(expected);
    }
  });

  it("is refused while the account must be connected again, or policy forbids it", async () => {
    await db()
      .update(calendarConnections)
      .set({ reconnectReason: "revoked", reconnectSince: clock.now() })
      .where(eq(calendarConnections.id, id));
    await expect(requestSync(services, ctx(), id)).rejects.toMatchObject({
      code: "reconnect_required",
      status: 409,
    });
    await db()
      .update(calendarConnections)
      .set({ reconnectReason: null, reconnectSince: null })
      .where(eq(calendarConnections.id, id));
    const policy = { organizationId: person.organizationId, provider: "google" as const, allowed: false };
    await db().insert(integrationPolicies).values(policy);
    await expect(requestSync(services, ctx(), id)).rejects.toMatchObject({ code: "blocked_by_policy" });
  });
});
