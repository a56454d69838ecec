import { and, eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { bookings, type services as offers } from "@/db/schema/bookings";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { calendarExportedBookings } from "@/db/schema/exports";
import { auditLog } from "@/db/schema/work";
import { withProviderTime } from "@/db/transaction";
import { JOBS } from "@/inngest/jobs";
import { disconnect } from "@/lib/connections/disconnect";
import { planExports } from "@/lib/connections/plan-exports";
import { disconnectConsequences, getConnection } from "@/lib/connections/queries";
import { updateSettings } from "@/lib/connections/settings";
import { createBookingRow, createServiceRow } from "@/tests/support/booking-factories";
import {
  comeBack,
  connectAs,
  connectWorld,
  decide,
  leave,
  outcomeOf,
  READ_ONLY,
  type SignedInPerson,
  signIn,
} from "@/tests/support/connect-world";
import { holdCalls } from "@/tests/support/held-calls";
import { remoteEvents } from "./export-world";

const ACCOUNT = "alice@example.test";
const HOUR_MS = 3_600_000;

const world = connectWorld();
let person: SignedInPerson;
let connectionId: string;
let service: typeof offers.$inferSelect;

beforeEach(async () => {
  await world.database.db.delete(calendarConnections);
  await world.database.db.delete(bookings);
  person = await signIn(world);
  service = await createServiceRow(world.database.db, person.userId);
  expect(await connectAs(world, person)).toBe("connected");
  const [connection] = await world.database.db.select().from(calendarConnections);
  connectionId = connection?.id ?? "";
});

const services = () => world.runtime.services;
const now = () => services().clock.now();
const ctx = () => person.ctx(now());
const settings = (body: object) => updateSettings(services(), ctx(), connectionId, body);
const drain = () => JOBS["export-pending"](services());
const finish = () => JOBS["finish-disconnects"](services());
const events = (calendarId?: string) => remoteEvents(world.sandbox, world.sandboxOrigin, ACCOUNT, calendarId);
const goAway = (exportedEvents: "keep" | "remove") =>
  disconnect(services(), ctx(), connectionId, { exportedEvents });
const act = async (path: string, body: object) => {
  const url = `${world.sandboxOrigin}/sandbox/api/calendar/${path}`;
  const answer = await fetch(url, { method: "POST", body: JSON.stringify({ account: ACCOUNT, ...body }) });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as { id: string };
};
const rows = () => world.database.db.select().from(calendarExportedBookings);
const runs = async () => [
  ...(await world.database.db.execute<{ trigger: string; status: string; exported: number }>(sql`
    select trigger, status, exported from calendar_sync_logs where kind = 'export' order by seq`)),
];

async function plan(change: Partial<typeof bookings.$inferInsert>, id: string): Promise<void> {
  await withProviderTime(world.database.db, person.userId, async (tx) => {
    await tx
      .update(bookings)
      .set({ updatedAt: now(), ...change })
      .where(eq(bookings.id, id));
    await planExports(tx, { userId: person.userId, bookingIds: [id], touch: true }, now());
  });
}

async function book(hours: number, change: Partial<typeof bookings.$inferInsert> = {}): Promise<string> {
  const startsAt = new Date(Math.floor(now().getTime() / 60_000) * 60_000 + hours * HOUR_MS);
  const time = { startsAt, endsAt: new Date(startsAt.getTime() + HOUR_MS) };
  const id = await createBookingRow(world.database.db, service, { ...time, ...change });
  await plan({}, id);
  return id;
}

async function otherCalendar(): Promise<{ id: string; externalId: string }> {
  await act("calendars/create", { summary: "Work" });
  await JOBS["refresh-calendars"](services(), { connectionId });
  const [row] = await world.database.db
    .select()
    .from(calendars)
    .where(and(eq(calendars.connectionId, connectionId), eq(calendars.name, "Work")));
  if (row === undefined) throw new Error("no other calendar");
  return row;
}

async function endings(): Promise<Record<string, unknown>> {
  const [entry] = await world.database.db
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.action, "connection.revoked"), eq(auditLog.subjectId, connectionId)));
  return entry?.details ?? {};
}

describe("settings", () => {
  it("move bookings to another calendar, never leaving one without an event", async () => {
    for (const hours of [24, 26, 28]) await book(hours);
    await drain();
    expect(await events()).toHaveLength(3);
    const other = await otherCalendar();
    await settings({ targetCalendarId: other.id });
    // The new one cannot be written for a while: the old one stays.
    world.sandbox.faults.arm({ operation: "calendar.events.insert", kind: "unavailable", count: 0 });
    await drain();
    expect(await events()).toHaveLength(3);
    world.sandbox.faults.disarm();
    world.wait(HOUR_MS);
    await drain();
    expect(await events()).toHaveLength(0);
    expect(await events(other.externalId)).toHaveLength(3);
    await settings({ targetCalendarId: (await primary()).id });
    await drain();
    expect([(await events()).length, (await events(other.externalId)).length]).toEqual([3, 0]);
  });

  it("leave an event that its owner edited where it is when bookings move", async () => {
    await book(24);
    await drain();
    const [event] = await events();
    await act("events/edit", { eventId: event?.id, change: { summary: "My words" } });
    const other = await otherCalendar();
    await settings({ targetCalendarId: other.id });
    await drain();
    expect((await events()).map(({ summary }) => summary)).toEqual(["My words"]);
    expect((await rows()).map(({ remoteState }) => remoteState).sort()).toEqual(["edited", "in_place"]);
  });

  it("switch export off, leaving what is there, and on again, catching up", async () => {
    const kept = await book(24);
    await drain();
    await settings({ exportEnabled: false });
    await plan({ clientName: "Somebody else" }, kept);
    await book(26);
    await drain();
    expect((await events()).map(({ summary }) => summary)).toEqual(["Appointment: Consultation – Client"]);
    expect(await getConnection(services(), ctx(), connectionId)).toMatchObject({ pendingExports: 0 });
    await settings({ exportEnabled: true });
    expect(await getConnection(services(), ctx(), connectionId)).toMatchObject({ pendingExports: 2 });
    await drain();
    expect((await events()).map(({ summary }) => summary)).toEqual([
      "Appointment: Consultation – Somebody else",
      "Appointment: Consultation – Client",
    ]);
  });

  it("switch export on again and look at what its owner did to the events meanwhile", async () => {
    for (const hours of [24, 26, 28]) await book(hours);
    await drain();
    const [first, second] = await events();
    await settings({ exportEnabled: false });
    await act("events/delete", { eventId: first?.id });
    await act("events/edit", { eventId: second?.id, change: { summary: "My words" } });
    await settings({ exportEnabled: true });
    await drain();
    expect((await rows()).map(({ remoteState }) => remoteState).sort()).toEqual([
      "deleted",
      "edited",
      "in_place",
    ]);
    expect((await events()).map(({ summary }) => summary)).toContain("My words");
  });

  it("say less or more of clients in what is there already", async () => {
    await book(24, { clientPhone: "+33 600000000", address: "12 rue des Lilas" });
    await drain();
    expect(JSON.stringify(await events())).toContain("+33 600000000");
    await settings({ exportDetails: "minimal" });
    await drain();
    const said = JSON.stringify(await events());
    for (const secret of ["Client", "+33", "Lilas"]) expect(said).not.toContain(secret);
    expect(await events()).toHaveLength(1);
    await settings({ exportDetails: "full" });
    await drain();
    expect(JSON.stringify(await events())).toContain("12 rue des Lilas");
  });

  it("that do not concern bookings write nothing", async () => {
    await book(24);
    await drain();
    const asked = () => world.asked("calendar.events.patch") + world.asked("calendar.events.insert");
    const before = asked();
    await settings({ tentative: "ignore", whenUnsure: "refuse" });
    await drain();
    expect(asked()).toBe(before);
  });
});

async function primary() {
  const [row] = await world.database.db
    .select()
    .from(calendars)
    .where(and(eq(calendars.connectionId, connectionId), eq(calendars.isPrimary, true)));
  if (row === undefined) throw new Error("no primary calendar");
  return row;
}

describe("a reconnect", () => {
  it("catches up what was missed, once, and the ledger says so", async () => {
    const moved = await book(24);
    const cancelled = await book(26);
    await drain();
    world.sandbox.vault.revoke(ACCOUNT);
    await plan({ clientName: "Moved" }, moved);
    await plan({ status: "cancelled", cancelledAt: now(), cancelledBy: "client" }, cancelled);
    await book(28);
    await book(30);
    await drain();
    await drain();
    expect(await getConnection(services(), ctx(), connectionId)).toMatchObject({
      status: "reconnect_required",
      pendingExports: 4,
    });
    expect(await connectAs(world, person, { query: `?integrationId=${connectionId}` })).toBe("connected");
    await JOBS["drain-outbox"](services());
    await Promise.all([drain(), drain()]);
    expect((await events()).map(({ summary }) => summary.split(" – ")[1])).toEqual([
      "Moved",
      "Client",
      "Client",
    ]);
    expect(await runs()).toEqual([
      { trigger: "schedule", status: "succeeded", exported: 2 },
      { trigger: "connect", status: "succeeded", exported: 4 },
    ]);
    expect(await getConnection(services(), ctx(), connectionId)).toMatchObject({ pendingExports: 0 });
  });

  it("that missed nothing leaves no run", async () => {
    await book(24);
    await drain();
    expect(await connectAs(world, person, { query: `?integrationId=${connectionId}` })).toBe("connected");
    await JOBS["drain-outbox"](services());
    expect(await runs()).toEqual([{ trigger: "schedule", status: "succeeded", exported: 1 }]);
  });

  it("by which writing was not allowed waits for one that allows it", async () => {
    world.sandbox.vault.revoke(ACCOUNT);
    await book(24);
    await drain();
    const query = `?integrationId=${connectionId}`;
    const consent = await leave(world, person, query);
    consent.searchParams.set("scope", `openid email ${READ_ONLY.join(" ")}`);
    const callback = await decide(world, consent, { tick: READ_ONLY });
    expect(outcomeOf(await comeBack(world, callback, person.cookie))).toBe("limited");
    await JOBS["drain-outbox"](services());
    const [refused] = await rows();
    expect(refused).toMatchObject({ errorCode: "scope_missing", writtenStart: null });
    expect(await connectAs(world, person, { query })).toBe("connected");
    await JOBS["drain-outbox"](services());
    expect(await events()).toHaveLength(1);
  });

  it("a first connect adds the bookings that were there before", async () => {
    await goAway("keep");
    await finish();
    await book(24);
    expect(await connectAs(world, person)).toBe("connected");
    await JOBS["drain-outbox"](services());
    expect(await events()).toHaveLength(1);
    expect((await runs()).at(-1)).toEqual({ trigger: "connect", status: "succeeded", exported: 1 });
  });
});

describe("a disconnect", () => {
  it("that keeps our events leaves them, known as ours, and no longer updated", async () => {
    const id = await book(24);
    await drain();
    expect((await disconnectConsequences(ctx(), [connectionId])).get(connectionId)).toMatchObject({
      exportedEvents: 1,
    });
    await goAway("keep");
    await finish();
    await plan({ clientName: "Changed" }, id);
    await drain();
    expect(await events()).toHaveLength(1);
    const [row] = await rows();
    expect(row).toMatchObject({
      connectionId: null,
      calendarId: null,
      desired: "left",
      calendarExternalId: ACCOUNT,
    });
    expect(row?.externalId).toMatch(/^ent/);
    expect(await endings()).toMatchObject({
      ending: "revoked",
      exportedEvents: "keep",
      removedEvents: 0,
      leftEvents: 1,
    });
  });

  it("that removes them does so before the access is given back, with whatever their owner did to them", async () => {
    for (const hours of [24, 26, 28, 30]) await book(hours);
    await book(32);
    await drain();
    const [edited, deleted] = await events();
    await act("events/edit", { eventId: edited?.id, change: { summary: "My words" } });
    await act("events/delete", { eventId: deleted?.id });
    await goAway("remove");
    await finish();
    expect(await events()).toEqual([]);
    expect(await endings()).toMatchObject({ ending: "revoked", removedEvents: 5, leftEvents: 0 });
    expect(await world.database.db.select().from(calendarConnections)).toEqual([]);
    expect((await rows()).every((row) => row.externalId !== null && row.connectionId === null)).toBe(true);
  });

  it("that removes them finds one its owner moved to another calendar of the account", async () => {
    await book(24);
    await drain();
    const [moved] = await events();
    const team = await act("calendars/create", { summary: "Team" });
    await act("events/move", { eventId: moved?.id, destination: team.id });
    // As an import of either calendar would have noted it.
    await world.database.db.update(calendarExportedBookings).set({ remoteState: "relocated" });
    await goAway("remove");
    await finish();
    expect(await events(team.id)).toEqual([]);
    expect(await endings()).toMatchObject({ ending: "revoked", removedEvents: 1, leftEvents: 0 });
  });

  it("removes what an earlier switch-off had left, but nothing that is over", async () => {
    await book(24);
    const over = await book(1);
    await drain();
    await settings({ exportEnabled: false });
    world.wait(3 * HOUR_MS);
    await goAway("remove");
    await finish();
    expect(await events()).toHaveLength(1);
    const [left] = (await rows()).filter((row) => row.bookingId === over);
    expect(left?.desired).toBe("left");
  });

  it("with a dead token cannot remove them, and says so", async () => {
    await book(24);
    await drain();
    world.sandbox.vault.revoke(ACCOUNT);
    await goAway("remove");
    await finish();
    expect(await events()).toHaveLength(1);
    expect(await endings()).toMatchObject({ removedEvents: 0, leftEvents: 1, exportedEvents: "remove" });
    expect((await rows())[0]).toMatchObject({ desired: "left", connectionId: null });
  });

  it("whose vendor is down removes them when it is back, and gives up after a day", async () => {
    await book(24);
    await book(26);
    await drain();
    world.sandbox.faults.arm({
      operation: "calendar.events.delete",
      kind: "unavailable",
      count: 0,
      onCall: 2,
    });
    await goAway("remove");
    await finish();
    expect(await events()).toHaveLength(1);
    expect(await world.database.db.select().from(calendarConnections)).toHaveLength(1);
    expect(world.asked("oauth.revoke")).toBe(0);
    world.sandbox.faults.disarm();
    world.wait(16 * 60_000);
    await finish();
    expect(await events()).toEqual([]);
    expect(await endings()).toMatchObject({ ending: "revoked", removedEvents: 2, leftEvents: 0 });
  });

  it("gives up after a day, saying what stayed", async () => {
    await book(48);
    await drain();
    world.sandbox.faults.arm({ operation: "calendar.events.delete", kind: "unavailable", count: 0 });
    await goAway("remove");
    await finish();
    world.wait(25 * HOUR_MS);
    await finish();
    expect(await world.database.db.select().from(calendarConnections)).toEqual([]);
    expect(await endings()).toMatchObject({ ending: "gave_up", removedEvents: 0, leftEvents: 1 });
  });

  it("while an event is just being written removes that one, too", async () => {
    await book(24);
    const insert = holdCalls(world.sandbox.faults, "calendar.events.insert");
    const drained = drain();
    await insert.arrived();
    await goAway("remove");
    await finish();
    expect(await world.database.db.select().from(calendarConnections)).toHaveLength(1);
    insert.open();
    await drained;
    world.wait(60_000);
    await finish();
    expect(await events()).toEqual([]);
    expect(await world.database.db.select().from(calendarConnections)).toEqual([]);
  });

  it("by two workers at once removes each event once and gives the access back once", async () => {
    for (const hours of [24, 26, 28, 30]) await book(hours);
    await drain();
    await goAway("remove");
    await Promise.all([finish(), finish(), finish()]);
    expect(await events()).toEqual([]);
    expect(world.asked("calendar.events.delete")).toBe(4);
    expect(world.asked("oauth.revoke")).toBe(1);
  });

  it("and a new connection of the same account has one event for each booking again", async () => {
    await book(24);
    await drain();
    await goAway("remove");
    await finish();
    expect(await connectAs(world, person)).toBe("connected");
    await JOBS["drain-outbox"](services());
    await drain();
    expect(await events()).toHaveLength(1);
    expect(await rows()).toHaveLength(1);
  });
});
