import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { calendarConnections } from "@/db/schema/connections";
import { JOBS } from "@/inngest/jobs";
import { exportConnection } from "@/lib/sync/export/export-connection";
import type { FaultOrder } from "@/sandbox/core/faults";
import { exportWorld } from "./export-world";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const world = exportWorld();

describe("a vendor with a bad hour", () => {
  it.each<FaultOrder["kind"]>(["internal_error", "bad_gateway", "unavailable", "reset_before", "slow"])(
    "(%s) loses nothing, and is not asked without end",
    async (kind) => {
      world.hurry(kind === "slow");
      world.fault("insert", kind, { count: 0, ...(kind === "slow" ? { delayMs: 2_000 } : {}) });
      for (let hours = 24; hours < 34; hours += 1) await world.book(hours);
      await world.drain();
      expect(world.asked("insert") + (kind === "slow" ? 3 : 0)).toBeLessThanOrEqual(6);
      await world.drain();
      const [failed] = await world.runs();
      expect(failed).toMatchObject({ status: "failed", exported: 0, error: "transient" });
      world.google.sandbox.faults.disarm();
      world.hurry(false);
      world.pass(6 * MINUTE_MS);
      await world.job();
      await world.expectAgreement();
    },
  );

  it("that asks to wait is left alone so long, by new bookings too", async () => {
    world.fault("insert", "too_many_requests", { count: 0, retryAfter: 120 });
    await world.book(24);
    await world.drain();
    expect(world.asked("insert")).toBe(1);
    await world.book(30);
    await world.drain();
    world.pass(MINUTE_MS);
    await world.job();
    expect(world.asked("insert")).toBe(1);
    world.google.sandbox.faults.disarm();
    world.pass(90_000);
    await world.job();
    await world.expectAgreement();
  });
});

describe("too many writes (A 59)", () => {
  it("pause writing for an hour or more while reading goes on, and lose nothing", async () => {
    world.google.set("writesPerHour", 3);
    world.google.set("quotaHours", 2);
    for (let hours = 24; hours < 32; hours += 1) await world.book(hours);
    expect(await world.drain()).toEqual({ exported: 3, failed: 1 });
    const inserts = world.asked("insert");
    for (let minute = 0; minute < 30; minute += 1) {
      world.pass(MINUTE_MS);
      await world.job();
    }
    expect(world.asked("insert")).toBe(inserts);
    await world.minutes(1);
    const [read] = await world.database.db.execute<{ status: string }>(sql`
      select status from calendar_sync_logs where connection_id = ${world.connectionId} and kind <> 'export'
      order by seq desc limit 1`);
    expect(read?.status).toBe("succeeded");
    world.google.set("writesPerHour", 10_000);
    world.pass(5 * HOUR_MS);
    await world.job();
    await world.expectAgreement();
    expect((await world.runs())[0]).toMatchObject({
      status: "failed",
      exported: 3,
      error: "quota_exhausted",
    });
  });
});

describe("a calendar that may no longer be written to (A 44)", () => {
  it("is said, tried daily, and caught up when the right comes back", async () => {
    const owner = world.google.account(`owner-${world.connectionId}@example.test`);
    const share = (role: string) =>
      world.google.act("calendars/share", {
        account: owner.email,
        calendarId: owner.email,
        with: world.account.email,
        role,
      });
    await share("writer");
    await JOBS["refresh-calendars"](world.services, { connectionId: world.connectionId });
    await world.database.db.execute(sql`
      update calendar_connections set target_calendar_id = (
        select id from calendars where connection_id = ${world.connectionId} and external_id = ${owner.email}
      ) where id = ${world.connectionId}`);
    const id = await world.book(24);
    await world.drain();
    await world.expectAgreement(owner.email);
    await share("reader");
    for (let hours = 30; hours < 40; hours += 1) await world.book(hours);
    await world.drain();
    await world.move(id, 26);
    await world.drain();
    expect(world.asked("insert")).toBeLessThanOrEqual(5);
    expect(await world.statusOf(id)).toEqual({ status: "failed", code: "permission_denied" });
    const failed = await world.database.db.execute(sql`
      select from calendar_exported_bookings
      where connection_id = ${world.connectionId} and error_code = 'permission_denied'`);
    expect(failed.length).toBe(11);
    await share("writer");
    await JOBS["refresh-calendars"](world.services, { connectionId: world.connectionId });
    // The list was never read while it was read-only, so nothing of it changed: a day later at the latest.
    world.pass(DAY_MS + 2 * HOUR_MS);
    await world.book(100);
    await world.job();
    const left = await world.database.db.execute(sql`
      select from calendar_exported_bookings
      where connection_id = ${world.connectionId} and error_code is not null`);
    expect(left.length).toBe(0);
  });

  it("is caught up at once when the list of calendars says so", async () => {
    const owner = world.google.account(`owner-${world.connectionId}@example.test`);
    const share = async (role: string) => {
      const shared = { account: owner.email, calendarId: owner.email, with: world.account.email, role };
      await world.google.act("calendars/share", shared);
      await JOBS["refresh-calendars"](world.services, { connectionId: world.connectionId });
    };
    await share("writer");
    await world.database.db.execute(sql`
      update calendar_connections set target_calendar_id = (
        select id from calendars where connection_id = ${world.connectionId} and external_id = ${owner.email}
      ) where id = ${world.connectionId}`);
    await share("reader");
    const id = await world.book(24);
    await world.drain();
    expect(await world.statusOf(id)).toEqual({ status: "failed", code: "permission_denied" });
    await share("writer");
    await world.drain();
    await world.expectAgreement(owner.email);
  });

  it("and one that is gone is no deletion by its owner", async () => {
    const id = await world.book(24);
    await world.drain();
    world.fault("patch", "not_found", { count: 0 });
    world.fault("get", "not_found", { count: 0 });
    world.fault("list", "not_found", { count: 0 });
    await world.move(id, 30);
    await world.drain();
    expect(await world.statusOf(id)).toEqual({ status: "failed", code: "not_found" });
    world.google.sandbox.faults.disarm();
    world.pass(26 * HOUR_MS);
    await world.job();
    await world.expectAgreement();
  });
});

describe("a dead grant", () => {
  it("keeps bookings waiting without calling them failed", async () => {
    world.google.sandbox.vault.revoke(world.account.email);
    const id = await world.book(24);
    expect(await world.drain()).toEqual({ exported: 0, failed: 0 });
    expect(await world.statusOf(id)).toEqual({ status: "pending", code: null });
    const [connection] = await world.database.db
      .select()
      .from(calendarConnections)
      .where(eq(calendarConnections.id, world.connectionId));
    expect(connection?.reconnectReason).toBe("revoked");
    const before = world.google.sent.length;
    await world.job();
    await exportConnection(world.services, world.connectionId, "booking");
    expect(world.google.sent.length).toBe(before);
  });
});
