import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { calendarSyncLogs, calendars } from "@/db/schema/calendars";
import { users } from "@/db/schema/users";
import { listUnavailabilities } from "@/lib/bookings/unavailabilities";
import { updateSettings } from "@/lib/connections/settings";
import { expireData } from "@/lib/privacy/expire-data";
import { listEvents } from "@/lib/reporting/events";
import { recentProbes } from "@/lib/reporting/probes";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { probeOf } from "@/tests/support/probe-world";
import { DAY_MS, MINUTE_MS, pushWorld } from "@/tests/support/push-world";

const world = pushWorld();
const probe = probeOf(world);

describe("a test of a calendar", () => {
  it("shows both legs and takes its event away again", async () => {
    await probe.heard();
    const { probeId } = await probe.ask();
    expect(await probe.last()).toMatchObject({ id: probeId, status: "running", writtenMs: null });
    world.set("delay", 60);
    await probe.work();
    expect(await probe.standing()).toMatchObject([
      {
        id: (await probe.row()).externalId,
        summary: "Entente test, goes away by itself",
        visibility: "private",
        transparency: "transparent",
        reminders: { useDefault: false },
        extendedProperties: { private: { ententeProbe: probeId } },
      },
    ]);
    world.clock.advance(400);
    await world.deliver();
    expect(await probe.last()).toEqual({
      id: probeId,
      calendarId: world.calendarId,
      status: "succeeded",
      requestedAt: (await probe.row()).requestedAt.toISOString(),
      writtenMs: 0,
      pushMs: 400,
      readMs: 400,
      removedMs: 400,
      failure: null,
      trouble: null,
    });
    expect(await probe.standing()).toEqual([]);
    expect(world.asked("calendar.events.insert")).toBe(1);
    expect(world.asked("calendar.events.delete")).toBe(1);
  });

  it("speaks its person's language", async () => {
    await world.database.db.update(users).set({ locale: "fr" }).where(eq(users.id, world.person.userId));
    await probe.heard();
    world.set("delay", 60);
    await probe.ask();
    await probe.work();
    expect(await probe.standing()).toMatchObject([{ summary: "Test Entente, disparaît tout seul" }]);
  });

  it("is nobody's event: neither stored nor listed, blocks nothing, and counts as nothing", async () => {
    await probe.heard();
    world.set("delay", 60);
    await probe.ask();
    await probe.work();
    // A full reading meets it as well as a delta does.
    await world.database.db
      .update(calendars)
      .set({ cursor: null, cursorVersion: null })
      .where(eq(calendars.id, world.calendarId));
    await syncCalendar(world.services, world.calendarId, "manual");
    expect(await probe.standing()).toHaveLength(1);
    expect(await probe.stored()).toEqual([]);
    const range = { from: world.clock.now(), to: new Date(world.clock.now().getTime() + DAY_MS) };
    expect((await listEvents(probe.ctx(), range, { limit: 10, cursor: null })).data).toEqual([]);
    expect((await listUnavailabilities(probe.ctx(), range, { limit: 10, cursor: null })).data).toEqual([]);
    await world.deliver();
    await probe.work();
    expect(await probe.last()).toMatchObject({ status: "succeeded" });
    const runs = await world.database.db
      .select()
      .from(calendarSyncLogs)
      .where(eq(calendarSyncLogs.calendarId, world.calendarId));
    expect(runs.every(({ imported, updated, removed }) => imported + updated + removed === 0)).toBe(true);
    expect(await probe.stored()).toEqual([]);
  });

  it("leaves a copy that its person made an event like any other, which takes no time", async () => {
    await probe.heard();
    world.set("delay", 60);
    await probe.ask();
    await probe.work();
    const [original] = await probe.standing();
    await world.google.act("events/duplicate", { account: world.account.email, eventId: original?.id });
    await world.deliver();
    await probe.work();
    expect(await probe.last()).toMatchObject({ status: "succeeded" });
    expect(await probe.standing()).toHaveLength(1);
    expect(await probe.stored()).toMatchObject([{ own: false, showAs: "free" }]);
  });

  it("is answered with the one that runs, of two who ask at once too", async () => {
    const asked = await Promise.all([probe.ask(), probe.ask(), probe.ask()]);
    expect(new Set(asked.map(({ probeId }) => probeId)).size).toBe(1);
    await probe.work();
    expect((await probe.last()).status).toBe("limited");
    expect((await probe.ask()).probeId).not.toBe(asked[0]?.probeId);
    expect(world.asked("calendar.events.insert")).toBe(1);
  });

  it("counts as the last change that reached us", async () => {
    await probe.heard();
    world.set("delay", 60);
    await probe.ask();
    await probe.work();
    await world.deliver();
    await probe.work();
    const [run] = await world.database.db
      .select()
      .from(calendarSyncLogs)
      .where(eq(calendarSyncLogs.trigger, "push"));
    expect(run?.delayMs).not.toBeNull();
  });

  it("is shown for an hour, kept for a day, and no row goes before its event", async () => {
    await probe.ask();
    await probe.work();
    const shown = async () => (await recentProbes(probe.ctx(), [world.connectionId])).size;
    expect(await shown()).toBe(1);
    world.pass(61 * MINUTE_MS);
    expect(await shown()).toBe(0);
    expect((await probe.last()).status).toBe("limited");
    world.pass(DAY_MS);
    expect((await expireData(world.database.db, world.clock.now())).probes).toBeGreaterThanOrEqual(1);
    await expect(probe.last()).rejects.toMatchObject({ code: "not_found" });
    world.google.sandbox.faults.arm({ operation: "calendar.events.delete", kind: "unavailable", count: 0 });
    await probe.ask();
    await probe.work();
    world.pass(2 * DAY_MS);
    await expireData(world.database.db, world.clock.now());
    expect(await shown()).toBe(1);
  });
});

describe("a message that does not come", () => {
  it("is waited for no longer than 30 seconds, then the event is read by asking, and the promise doubted", async () => {
    await probe.heard();
    world.set("drop", 100);
    await probe.ask();
    await probe.work();
    world.pass(10_000);
    await probe.sweep();
    expect(await probe.last()).toMatchObject({ status: "running", writtenMs: 0, pushMs: null, readMs: null });
    expect(world.asked("calendar.events.list")).toBe(0);
    world.pass(20_000);
    await probe.sweep();
    await probe.work();
    expect(await probe.last()).toMatchObject({
      status: "limited",
      trouble: "silent",
      pushMs: null,
      readMs: 30_000,
      removedMs: 30_000,
    });
    expect(await world.watches()).toMatchObject([{ missed: 1 }]);
    expect(await probe.standing()).toEqual([]);
  });

  it("of a vendor that was never heard points at the address", async () => {
    world.set("drop", 100);
    await world.renew();
    await probe.ask();
    await probe.work();
    world.pass(30_000);
    await probe.sweep();
    await probe.work();
    expect(await probe.last()).toMatchObject({ status: "limited", trouble: "unreachable" });
  });

  it("is not the message of what was changed before", async () => {
    await probe.heard();
    world.set("delay", 60);
    await world.addEvent("Before");
    world.clock.advance(5);
    await world.deliver();
    world.clock.advance(5);
    world.set("drop", 100);
    await probe.ask();
    await probe.work();
    await syncCalendar(world.services, world.calendarId, "schedule");
    await probe.work();
    expect(await probe.last()).toMatchObject({ status: "running", readMs: 0, pushMs: null });
    expect(await probe.standing()).toHaveLength(2);
    world.pass(30_000);
    await probe.sweep();
    expect(await probe.last()).toMatchObject({ status: "limited", trouble: "silent", readMs: 0 });
    expect(await probe.standing()).toHaveLength(1);
  });

  it.each([
    [
      "off",
      async () => updateSettings(world.services, probe.ctx(), world.connectionId, { autoSyncEnabled: false }),
    ],
    ["pending", async () => undefined],
    [
      "unsupported",
      async () =>
        world.database.db
          .update(calendars)
          .set({ pushUnsupportedUntil: new Date(world.clock.now().getTime() + DAY_MS) })
          .where(eq(calendars.id, world.calendarId)),
    ],
    [
      "refused",
      async () =>
        world.database.db
          .update(calendars)
          .set({ watchFailures: 1 })
          .where(eq(calendars.id, world.calendarId)),
    ],
  ])("is not waited for where none can come (%s)", async (trouble, prepare) => {
    await prepare();
    await probe.ask();
    await probe.work();
    expect(await probe.last()).toMatchObject({ status: "limited", trouble, readMs: 0, removedMs: 0 });
    expect(await probe.standing()).toEqual([]);
  });
});
