import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { calendarSyncEvents, calendarSyncLogs, calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { integrationPolicies } from "@/db/schema/users";
import { auditLog, outbox } from "@/db/schema/work";
import { disconnectConsequences, getConnection } from "@/lib/connections/queries";
import { requestSync } from "@/lib/connections/request-sync";
import { updateSettings } from "@/lib/connections/settings";
import { openConnectRun } from "@/lib/connections/wake-exports";
import { newId } from "@/lib/platform/ids";
import { getIntegration, listIntegrations } from "@/lib/reporting/integrations";
import { createEventRow } from "@/tests/support/booking-factories";
import { calendarWorld, NOW } from "@/tests/support/calendar-world";
import { createCalendar, createConnection, createPerson } from "@/tests/support/factories";

const world = calendarWorld({
  isPrimary: true,
  cursor: "c",
  cursorVersion: "v",
  syncedSeq: 1,
  syncedThrough: NOW,
  lastSyncedAt: NOW,
});
const { ctx } = world;

let team: string;
let readOnly: string;

beforeEach(async () => {
  team = await world.addCalendar({ selected: false, changeSeq: 0 });
  readOnly = await world.addCalendar({ selected: false, changeSeq: 0, canWrite: false });
  await event(world.calendarId);
});

const db = () => world.database.db;
const save = (body: unknown) => updateSettings(world.services, ctx(), world.connectionId, body);
const check = (calendarId: string, checkForConflicts: boolean) =>
  save({ calendars: [{ id: calendarId, checkForConflicts }] });
const calendar = async (calendarId: string) =>
  (await db().select().from(calendars).where(eq(calendars.id, calendarId))).at(0);
const settings = async () => (await getConnection(world.services, ctx(), world.connectionId)).settings;
const runs = () =>
  db().select().from(calendarSyncLogs).where(eq(calendarSyncLogs.connectionId, world.connectionId));
const audits = () => db().select().from(auditLog).where(eq(auditLog.subjectId, world.connectionId));
const events = () =>
  db().select().from(calendarSyncEvents).where(eq(calendarSyncEvents.userId, world.person.userId));
const blocks = async () =>
  (await db().execute(sql`select from unavailabilities where user_id = ${world.person.userId}`)).length;

function event(calendarId: string) {
  const startsAt = new Date(NOW.getTime() + 3_600_000);
  const endsAt = new Date(NOW.getTime() + 7_200_000);
  const attendees = [{ name: "X", email: "x@example.test", response: "accepted" as const, self: false }];
  const secrets = { title: "Secret plan", location: "Hidden place", attendees };
  return createEventRow(db(), { userId: world.person.userId, calendarId, startsAt, endsAt }, secrets);
}

describe("checking calendars", () => {
  it("starts the import of a newly checked one at once", async () => {
    await check(team, true);
    expect(await calendar(team)).toMatchObject({ selected: true, generation: 2, changeSeq: 1, cursor: null });
    expect(await runs()).toMatchObject([
      { calendarId: team, trigger: "connect", kind: "full", status: "running", changeSeq: 1 },
    ]);
    const nudges = await db().select().from(outbox);
    expect(nudges.at(-1)?.data).toEqual({ connectionId: world.connectionId, calendarIds: [team] });
    expect(await calendar(world.calendarId)).toMatchObject({ generation: 1, cursor: "c" });
  });

  it("takes an unchecked one's events, cursor and open runs away", async () => {
    await requestSync(world.services, ctx(), world.connectionId);
    await check(world.calendarId, false);
    expect(await events()).toEqual([]);
    expect(await blocks()).toBe(0);
    expect(await calendar(world.calendarId)).toMatchObject({
      selected: false,
      generation: 2,
      cursor: null,
      syncedThrough: null,
      leaseUntil: null,
    });
    expect(await runs()).toMatchObject([{ status: "cancelled" }]);
  });

  it("does nothing at all when nothing changes", async () => {
    await save({
      calendars: [{ id: world.calendarId, checkForConflicts: true }],
      tentative: "block",
      nickname: "",
    });
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
      openConnectRun(
        tx,
        { connectionId: world.connectionId, userId: world.person.userId },
        world.clock.now(),
      ),
    );
    await requestSync(world.services, ctx(), world.connectionId);
    await save({ importEnabled: false });
    const ended = (await runs()).map(({ kind, status }) => `${kind} ${status}`);
    expect(ended.sort()).toEqual(["export running", "incremental cancelled"]);
  });

  it("import off, a calendar that bookings are added to is read on request all the same", async () => {
    await save({ importEnabled: false, targetCalendarId: world.calendarId });
    expect((await requestSync(world.services, ctx(), world.connectionId)).runIds).toHaveLength(1);
  });

  it("import off frees the time at once, and on again reads everything that is checked", async () => {
    await save({ importEnabled: false });
    expect(await blocks()).toBe(0);
    expect(await getConnection(world.services, ctx(), world.connectionId)).toMatchObject({
      statusReason: "import_off",
    });
    await expect(requestSync(world.services, ctx(), world.connectionId)).rejects.toMatchObject({
      code: "import_disabled",
    });
    await save({ importEnabled: true });
    expect(await blocks()).toBe(1);
    expect(await runs()).toMatchObject([
      { calendarId: world.calendarId, kind: "incremental", status: "running" },
    ]);
  });

  it("attack 89: 'busy only' erases titles, places and people, and fences off whoever still carries them", async () => {
    await save({ titles: "busy_only" });
    expect(await events()).toMatchObject([{ title: null, location: null, attendees: null }]);
    expect(await calendar(world.calendarId)).toMatchObject({ generation: 2, cursor: "c" });
  });

  it("titles back to full need a full round, while what is stored goes on blocking", async () => {
    await save({ titles: "busy_only" });
    await save({ titles: "full" });
    expect(await calendar(world.calendarId)).toMatchObject({
      cursor: null,
      syncedThrough: world.clock.now(),
    });
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
      .where(eq(calendarConnections.id, world.connectionId));
    await save({ exportEnabled: true });
    expect(await settings()).toMatchObject({ exportEnabled: true, targetCalendarId: world.calendarId });
  });

  it("attack 36: unknown and ill-typed fields are refused, and nothing is written", async () => {
    for (const body of [{ userId: "x" }, { generation: 9 }, { tentative: "maybe" }, [], null, "x"]) {
      await expect(save(body)).rejects.toMatchObject({ code: "invalid_input" });
    }
    expect(await audits()).toEqual([]);
  });

  it("attack 48: calendars of another connection or person do not exist here", async () => {
    const other = await createConnection(world.services, world.person);
    const foreign = [
      await createCalendar(world.services, other, world.person),
      newId(world.clock.now()),
      "x",
    ];
    for (const calendarId of foreign) {
      await expect(save({ targetCalendarId: calendarId })).rejects.toMatchObject({ code: "not_found" });
      await expect(check(calendarId, true)).rejects.toMatchObject({ code: "not_found" });
    }
  });

  it("attack 47: another person's connection answers like one that does not exist", async () => {
    const stranger = (await createPerson(db())).ctx(world.clock.now());
    for (const target of [world.connectionId, newId(world.clock.now()), "x"]) {
      const refusal = { code: "not_found", message: "No such integration." };
      await expect(updateSettings(world.services, stranger, target, {})).rejects.toMatchObject(refusal);
      await expect(getIntegration(world.services, stranger, target)).rejects.toMatchObject(refusal);
      await expect(requestSync(world.services, stranger, target)).rejects.toMatchObject(refusal);
    }
    expect(await listIntegrations(world.services, stranger)).toEqual([]);
    expect(await disconnectConsequences(stranger, [world.connectionId])).toEqual(
      new Map([[world.connectionId, { calendars: 0, busyBlocks: 0, exportedEvents: 0 }]]),
    );
  });
});

describe("sync now", () => {
  it("opens a run for each checked calendar and answers their ids", async () => {
    await check(team, true);
    const { runIds } = await requestSync(world.services, ctx(), world.connectionId);
    expect(runIds).toHaveLength(2);
    expect(await calendar(world.calendarId)).toMatchObject({ changeSeq: 2, syncedSeq: 1 });
  });

  it("keeps a vendor's wait and forgives a failure of ours", async () => {
    const backoffUntil = new Date(world.clock.now().getTime() + 3_600_000);
    for (const [lastErrorKind, expected] of [
      ["rate_limited", backoffUntil],
      ["transient", null],
    ] as const) {
      await db()
        .update(calendars)
        .set({ lastErrorKind, backoffUntil })
        .where(eq(calendars.id, world.calendarId));
      await requestSync(world.services, ctx(), world.connectionId);
      expect((await calendar(world.calendarId))?.backoffUntil).toEqual(expected);
    }
  });

  it("is refused while the account must be connected again, or policy forbids it", async () => {
    await db()
      .update(calendarConnections)
      .set({ reconnectReason: "revoked", reconnectSince: world.clock.now() })
      .where(eq(calendarConnections.id, world.connectionId));
    await expect(requestSync(world.services, ctx(), world.connectionId)).rejects.toMatchObject({
      code: "reconnect_required",
      status: 409,
    });
    await db()
      .update(calendarConnections)
      .set({ reconnectReason: null, reconnectSince: null })
      .where(eq(calendarConnections.id, world.connectionId));
    const policy = {
      organizationId: world.person.organizationId,
      provider: "google" as const,
      allowed: false,
    };
    await db().insert(integrationPolicies).values(policy);
    await expect(requestSync(world.services, ctx(), world.connectionId)).rejects.toMatchObject({
      code: "blocked_by_policy",
    });
  });
});
