import { and, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections, oauthTokens } from "@/db/schema/connections";
import { auditLog } from "@/db/schema/work";
import { disconnect } from "@/lib/connections/disconnect";
import { updateSettings } from "@/lib/connections/settings";
import { vaultForSealing } from "@/lib/connections/token-vault";
import { finishDisconnect } from "@/lib/sync/finish-disconnect";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { runProbe } from "@/lib/sync/probe/run-probe";
import { holdCalls } from "@/tests/support/held-calls";
import { probeOf } from "@/tests/support/probe-world";
import { DAY_MS, pushWorld } from "@/tests/support/push-world";

const world = pushWorld();
const probe = probeOf(world);

const INSERT = "calendar.events.insert";
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
/** As a new consent leaves the connection. */
const reconnect = async () => {
  const { accessToken, refreshToken } = world.google.account(world.account.email);
  const { services, connectionId, person } = world;
  await world.database.db.transaction(async (tx) => {
    const vault = await vaultForSealing(tx, person.userId, services.masterKeys);
    await tx
      .update(oauthTokens)
      .set({
        accessToken: vault.seal(connectionId, "access", accessToken),
        refreshToken: vault.seal(connectionId, "refresh", refreshToken),
      })
      .where(eq(oauthTokens.connectionId, connectionId));
  });
  await reconnected();
};
/** Written, and its message on its way. */
const written = async () => {
  await probe.heard();
  world.set("delay", 60);
  await probe.ask();
  await probe.work();
};

describe("a grant that dies", () => {
  it("before the writing ends the test, which says what to do", async () => {
    await probe.ask();
    world.google.sandbox.vault.revoke(world.account.email);
    await probe.work();
    expect(await probe.last()).toMatchObject({
      status: "failed",
      failure: { code: "reauthorization_required", step: "write" },
    });
    expect((await probe.row()).removedAt).not.toBeNull();
  });

  it("before the removal leaves the event, until its owner has reconnected", async () => {
    await written();
    world.google.sandbox.vault.revoke(world.account.email);
    await syncCalendar(world.services, world.calendarId, "schedule");
    world.pass(2_000);
    await probe.sweep();
    expect(await probe.last()).toMatchObject({
      status: "failed",
      failure: { code: "reauthorization_required", stays: true },
      removedMs: null,
    });
    expect(await probe.standing()).toHaveLength(1);
    world.pass(DAY_MS);
    expect(await probe.sweep()).toEqual({ due: 0, failed: 0 });

    await reconnect();
    world.pass(61_000);
    await probe.sweep();
    expect(await probe.standing()).toEqual([]);
    expect((await probe.row()).removedAt).not.toBeNull();
  });
});

describe("a disconnect in the middle", () => {
  it.each(["keep", "remove"] as const)(
    "removes the event before the access is revoked, though bookings' events are to %s",
    async (exportedEvents) => {
      await written();
      await disconnect(world.services, probe.ctx(), world.connectionId, { exportedEvents });
      expect(await probe.standing()).toHaveLength(1);
      expect(await finishDisconnect(world.services, world.connectionId)).toMatchObject({
        status: "done",
        ending: "revoked",
      });
      expect(await probe.standing()).toEqual([]);
    },
  );

  it("waits for the worker that is just writing, and leaves nothing of it", async () => {
    await probe.heard();
    const { probeId } = await probe.ask();
    const insert = holdCalls(world.google.sandbox.faults, INSERT);
    const worker = runProbe(world.services, probeId);
    await insert.arrived();
    await disconnect(world.services, probe.ctx(), world.connectionId);
    expect(await finishDisconnect(world.services, world.connectionId)).toMatchObject({ status: "waiting" });
    insert.open();
    expect(await worker).toBeNull();
    expect(await probe.standing()).toHaveLength(1);
    world.pass(6_000);
    expect(await finishDisconnect(world.services, world.connectionId)).toMatchObject({ status: "done" });
    expect(await probe.standing()).toEqual([]);
  });

  it("of a dead grant says in the audit that the event stays", async () => {
    await written();
    await died();
    await disconnect(world.services, probe.ctx(), world.connectionId);
    expect(await finishDisconnect(world.services, world.connectionId)).toMatchObject({ ending: "dead" });
    const [entry] = await world.database.db
      .select()
      .from(auditLog)
      .where(and(eq(auditLog.subjectId, world.connectionId), eq(auditLog.action, "connection.revoked")));
    expect(entry?.details).toMatchObject({ ending: "dead", leftTests: 1 });
  });
});

describe("a calendar that goes away in the middle", () => {
  it("ends the test; the event went with it", async () => {
    await written();
    await world.database.db.delete(calendars).where(eq(calendars.id, world.calendarId));
    world.pass(2_000);
    await probe.sweep();
    expect(await probe.row()).toMatchObject({ errorCode: "not_found", removedAt: world.clock.now() });
  });

  it("that is no longer read is not waited for without end", async () => {
    await written();
    await updateSettings(world.services, probe.ctx(), world.connectionId, {
      calendars: [{ id: world.calendarId, checkForConflicts: false }],
    });
    for (let looks = 0; looks < 8; looks += 1) {
      world.pass(10_000);
      await probe.sweep();
    }
    expect(await probe.last()).toMatchObject({
      status: "failed",
      failure: { code: "not_read", step: "read" },
    });
    expect(await probe.standing()).toEqual([]);
  });
});
