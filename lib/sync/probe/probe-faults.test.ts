import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { calendarProbes } from "@/db/schema/probes";
import { disconnect } from "@/lib/connections/disconnect";
import { updateSettings } from "@/lib/connections/settings";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { requestProbe } from "@/lib/sync/probe/request-probe";
import { runProbe } from "@/lib/sync/probe/run-probe";
import type { FaultKind } from "@/sandbox/core/faults";
import { createPerson } from "@/tests/support/factories";
import { probeOf } from "@/tests/support/probe-world";
import { DAY_MS, pushWorld } from "@/tests/support/push-world";

const world = pushWorld();
const probe = probeOf(world);

const INSERT = "calendar.events.insert";
const DELETE = "calendar.events.delete";
const arm = (operation: string, kind: FaultKind, count = 1) =>
  world.google.sandbox.faults.arm({ operation, kind, count, account: world.account.email });
const reconnected = () =>
  world.database.db
    .update(calendarConnections)
    .set({ reconnectReason: null, reconnectSince: null })
    .where(eq(calendarConnections.id, world.connectionId));
const died = () =>
  world.database.db
    .update(calendarConnections)
    .set({ reconnectReason: "revoked", reconnectSince: world.clock.now() })
    .where(eq(calendarConnections.id, world.connectionId));
/** Written, and its message on its way. */
const written = async () => {
  await probe.heard();
  world.set("delay", 60);
  await probe.ask();
  await probe.work();
};

describe("a test is refused", () => {
  const refused = (code: string) => expect(probe.ask()).rejects.toMatchObject({ code });

  it("where its account or its organization stands against it", async () => {
    await died();
    await refused("reconnect_required");
    await reconnected();
    await disconnect(world.services, probe.ctx(), world.connectionId);
    await refused("not_found");
  });

  it("where nobody would read it", async () => {
    const { db } = world.database;
    await db.update(calendars).set({ selected: false }).where(eq(calendars.id, world.calendarId));
    await refused("calendar_not_checked");
    await updateSettings(world.services, probe.ctx(), world.connectionId, { importEnabled: false });
    await refused("import_disabled");
  });

  it("where nothing may be written", async () => {
    const { db } = world.database;
    await db.update(calendars).set({ canWrite: false }).where(eq(calendars.id, world.calendarId));
    await refused("calendar_not_writable");
    expect(world.asked(INSERT)).toBe(0);
  });

  it("to whoever it is not", async () => {
    const other = await createPerson(world.database.db);
    const asked = requestProbe(world.services, other.ctx(), world.connectionId, world.calendarId);
    await expect(asked).rejects.toMatchObject({ code: "not_found" });
    const elsewhere = requestProbe(world.services, probe.ctx(), world.connectionId, other.userId);
    await expect(elsewhere).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("an event that is not written", () => {
  it.each<[FaultKind, string]>([
    ["insufficient_permissions", "scope_missing"],
    ["quota_exceeded", "quota_exhausted"],
    ["user_rate_limit_exceeded", "rate_limited"],
    ["not_found", "not_found"],
  ])("because of %s says so at once and leaves nothing to do", async (fault, code) => {
    arm(INSERT, fault, 0);
    await probe.ask();
    await probe.work();
    expect(await probe.last()).toMatchObject({
      status: "failed",
      failure: { code, step: "write" },
      writtenMs: null,
      removedMs: null,
    });
    expect((await probe.row()).removedAt).not.toBeNull();
    expect(world.asked(DELETE)).toBe(0);
  });

  it("while the vendor is down is tried for 20 seconds, given up, and looked for once more", async () => {
    arm(INSERT, "unavailable", 0);
    await probe.ask();
    await probe.work();
    expect(await probe.last()).toMatchObject({ status: "running" });
    for (let tries = 0; tries < 11; tries += 1) {
      world.clock.advance(2_000);
      await probe.sweep();
    }
    expect(await probe.last()).toMatchObject({
      status: "failed",
      failure: { code: "transient", step: "write" },
    });
    expect((await probe.row()).removedAt).not.toBeNull();
    expect(world.asked(DELETE)).toBe(1);
  });
});

describe("an answer that is lost", () => {
  it.each<FaultKind>(["reset_after", "error_after"])(
    "to the writing (%s) makes no second event, and the test goes on",
    async (fault) => {
      await probe.heard();
      arm(INSERT, fault);
      world.set("delay", 60);
      await probe.ask();
      await probe.work();
      expect(await probe.row()).toMatchObject({ writtenAt: null });
      world.pass(2_000);
      await probe.sweep();
      expect(await probe.standing()).toHaveLength(1);
      expect(await probe.last()).toMatchObject({ writtenMs: 2_000 });
      await world.deliver();
      await probe.work();
      expect(await probe.last()).toMatchObject({ status: "succeeded" });
      expect(await probe.standing()).toEqual([]);
    },
  );

  it("to the writing is found by the round that meets the event", async () => {
    await probe.heard();
    arm(INSERT, "reset_after");
    world.set("delay", 60);
    await probe.ask();
    await probe.work();
    world.clock.advance(500);
    await world.deliver();
    await probe.work();
    expect(await probe.last()).toMatchObject({
      ...{ status: "succeeded", writtenMs: 500, pushMs: 500, readMs: 500 },
    });
    expect(world.asked(INSERT)).toBe(1);
    expect(await probe.standing()).toEqual([]);
  });

  it("to the removal is asked for again, and what is gone counts as removed", async () => {
    await written();
    arm(DELETE, "reset_after");
    await world.deliver();
    await probe.work();
    expect(await probe.last()).toMatchObject({
      status: "failed",
      failure: { code: "transient", step: "remove" },
    });
    world.clock.advance(1_000);
    await probe.sweep();
    expect(await probe.last()).toMatchObject({ status: "succeeded", failure: null });
    expect(world.asked(DELETE)).toBe(2);
  });
});

describe("a worker that dies", () => {
  /** As it would be found after 90 seconds. */
  const found = async (change: Partial<typeof calendarProbes.$inferInsert>) => {
    await world.database.db
      .update(calendarProbes)
      .set({ leaseUntil: null, nextAttemptAt: world.clock.now(), ...change })
      .where(eq(calendarProbes.connectionId, world.connectionId));
  };

  it("after the vendor wrote the event and before that was noted", async () => {
    await written();
    await found({ writtenAt: null });
    await probe.sweep();
    expect(await probe.row()).toMatchObject({ writtenAt: world.clock.now() });
    await world.deliver();
    await probe.work();
    expect(await probe.last()).toMatchObject({ status: "succeeded" });
    expect(await probe.standing()).toEqual([]);
  });

  it("before the removal", async () => {
    await written();
    await world.control("channels/deliver", {});
    await syncCalendar(world.services, world.calendarId, "push");
    await world.database.db.execute(sql`delete from outbox`);
    expect(await probe.standing()).toHaveLength(1);
    await probe.sweep();
    expect(await probe.last()).toMatchObject({ status: "succeeded" });
    expect(await probe.standing()).toEqual([]);
  });

  it("after the removal and before that was noted", async () => {
    await written();
    await world.deliver();
    await probe.work();
    await found({ removedAt: null, finishedAt: null });
    await probe.sweep();
    expect(await probe.last()).toMatchObject({ status: "succeeded" });
  });

  it("leaves its lease, which nobody takes before it ends", async () => {
    await written();
    const { id, leaseEpoch } = await probe.row();
    await world.database.db.execute(
      sql`update calendar_probes set lease_until = clock_timestamp() + interval '60 seconds' where id = ${id}`,
    );
    await probe.sweep();
    expect(await runProbe(world.services, id)).toBeNull();
    expect(await probe.row()).toMatchObject({ leaseEpoch });
  });

  it("and wakes too late: what it still writes is met and removed", async () => {
    arm(INSERT, "unavailable", 0);
    await probe.ask();
    await probe.work();
    for (let tries = 0; tries < 11; tries += 1) {
      world.pass(2_000);
      await probe.sweep();
    }
    const { externalId, removedAt } = await probe.row();
    expect(removedAt).not.toBeNull();
    world.google.sandbox.faults.disarm();
    world.pass(5_000);
    await world.google.act("events/create", {
      account: world.account.email,
      id: externalId,
      event: {
        summary: "Late",
        start: { dateTime: new Date(world.clock.now().getTime() + DAY_MS).toISOString() },
        end: { dateTime: new Date(world.clock.now().getTime() + DAY_MS + 1_000).toISOString() },
      },
    });
    expect(await probe.standing()).toMatchObject([{ id: externalId }]);
    await syncCalendar(world.services, world.calendarId, "schedule");
    await probe.work();
    expect(await probe.standing()).toEqual([]);
    expect(await probe.stored()).toEqual([]);
  });
});

it("two workers at once write one event and remove it once", async () => {
  await probe.heard();
  world.set("delay", 60);
  const { probeId } = await probe.ask();
  await Promise.all([1, 2, 3].map(() => runProbe(world.services, probeId)));
  expect(world.asked(INSERT)).toBe(1);
  await world.control("channels/deliver", {});
  await syncCalendar(world.services, world.calendarId, "push");
  await Promise.all([1, 2, 3].map(() => runProbe(world.services, probeId)));
  expect(await probe.last()).toMatchObject({ status: "succeeded" });
  expect(world.asked(DELETE)).toBe(1);
});
