import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { calendarConnections } from "@/db/schema/connections";
import { JOBS } from "@/inngest/jobs";
import { exportStatus } from "@/lib/calendar/export-status";
import { exportConnection } from "@/lib/sync/export/export-connection";
import type { FaultOrder } from "@/sandbox/core/faults";
import { exportWorld } from "./export-world";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const world = exportWorld();

const person = (act: string, body: object) =>
  world.google.act(`events/${act}`, { account: world.account.email, ...body });
const move = (id: string, hours: number) => {
  const startsAt = world.inHours(hours);
  return world.change(id, { startsAt, endsAt: new Date(startsAt.getTime() + HOUR_MS) });
};
const statusOf = async (bookingId: string) => {
  const row = await world.row(bookingId);
  return exportStatus({ ...row, over: false, written: row.writtenStart !== null });
};
const job = () => JOBS["export-pending"](world.services, { connectionId: world.connectionId });

describe("a booking in its provider's calendar", () => {
  it("appears, moves, says more, and goes with its cancellation: always one event", async () => {
    const id = await world.book(24, { clientPhone: "+33 1", instructions: "Ring twice" });
    expect(await world.drain()).toEqual({ exported: 1, failed: 0 });
    await world.expectAgreement();
    const [made] = await world.events();
    expect(made).toMatchObject({ summary: "Appointment: Consultation – Client", location: "Practice" });
    expect(made?.description).toContain("Ring twice");
    expect(made?.description).toContain(`http://localhost:3000/bookings/${id}`);
    await move(id, 48);
    await world.change(id, { address: "12 rue des Lilas" });
    expect(await world.drain()).toEqual({ exported: 1, failed: 0 });
    await world.expectAgreement();
    const [moved] = await world.events();
    expect(moved).toMatchObject({ id: made?.id, location: "12 rue des Lilas" });
    expect(await statusOf(id)).toEqual({ status: "synced", code: null });
    await world.cancel(id);
    expect(await world.drain()).toEqual({ exported: 1, failed: 0 });
    await world.expectAgreement();
    expect(await statusOf(id)).toEqual({ status: "removed", code: null });
    expect(await world.drain()).toEqual({ exported: 0, failed: 0 });
    expect(await world.runs()).toEqual([
      { trigger: "booking", status: "succeeded", exported: 1, error: null },
      { trigger: "booking", status: "succeeded", exported: 1, error: null },
      { trigger: "booking", status: "succeeded", exported: 1, error: null },
    ]);
  });

  it("touched without a change costs no request", async () => {
    const id = await world.book(24);
    await world.drain();
    const before = world.google.sent.length;
    await world.change(id, {});
    expect(await world.drain()).toEqual({ exported: 0, failed: 0 });
    expect(world.google.sent.length).toBe(before);
    expect(await world.row(id)).toMatchObject({ wantedSeq: 2, doneSeq: 2 });
  });

  it("that is over is not written any more", async () => {
    await world.book(1);
    world.pass(3 * HOUR_MS);
    expect(await job()).toEqual({ connections: 0, exported: 0, failed: 0 });
    expect(await world.events()).toEqual([]);
  });

  it("cancelled before anything was written costs no request", async () => {
    const id = await world.book(24);
    await world.cancel(id);
    const before = world.google.sent.length;
    await world.drain();
    expect(world.google.sent.length).toBe(before);
    expect(await statusOf(id)).toEqual({ status: "removed", code: null });
  });
});

describe("an insert whose answer was lost (A 35)", () => {
  it.each<FaultOrder["kind"]>(["error_after", "reset_after", "truncated_json", "html_ok"])(
    "by %s makes one event",
    async (kind) => {
      world.fault("insert", kind);
      const id = await world.book(24);
      expect(await world.drain()).toEqual({ exported: 0, failed: 1 });
      expect(await world.row(id)).toMatchObject({ attempts: 1, externalId: expect.stringMatching(/^ent/) });
      world.pass(MINUTE_MS);
      expect(await job()).toEqual({ connections: 1, exported: 1, failed: 0 });
      await world.expectAgreement();
      expect(await statusOf(id)).toEqual({ status: "synced", code: null });
    },
  );

  it("and whose booking was moved meanwhile ends where the booking is", async () => {
    world.fault("insert", "error_after");
    const id = await world.book(24);
    await world.drain();
    await move(id, 30);
    world.pass(MINUTE_MS);
    await world.drain();
    await world.expectAgreement();
  });

  it("and whose booking was cancelled meanwhile leaves nothing", async () => {
    world.fault("insert", "reset_after");
    const id = await world.book(24);
    await world.drain();
    expect(await world.events()).toHaveLength(1);
    await world.cancel(id);
    await world.drain();
    expect(await world.events()).toEqual([]);
  });

  it("and whose event its owner deleted before we asked again is brought back", async () => {
    world.fault("insert", "reset_after");
    await world.book(24);
    await world.drain();
    const [event] = await world.events();
    await person("delete", { eventId: event?.id });
    world.pass(MINUTE_MS);
    await world.drain();
    await world.expectAgreement();
  });
});

describe("an update whose answer was lost", () => {
  it.each<FaultOrder["kind"]>(["error_after", "reset_after"])("by %s is recognized as ours", async (kind) => {
    const id = await world.book(24);
    await world.drain();
    world.fault("patch", kind);
    await move(id, 30);
    await world.drain();
    world.pass(MINUTE_MS);
    await world.drain();
    await world.expectAgreement();
    expect(await statusOf(id)).toEqual({ status: "synced", code: null });
  });

  it("is not taken for its owner's when the booking moved once more", async () => {
    const id = await world.book(24);
    await world.drain();
    world.fault("patch", "reset_after");
    await move(id, 30);
    await world.drain();
    await move(id, 36);
    world.pass(MINUTE_MS);
    await world.drain();
    await world.expectAgreement();
    expect(await statusOf(id)).toEqual({ status: "synced", code: null });
  });

  it("and the removal's, too: gone is gone", async () => {
    const id = await world.book(24);
    await world.drain();
    world.fault("delete", "reset_after");
    await world.cancel(id);
    await world.drain();
    world.pass(MINUTE_MS);
    expect(await world.drain()).toEqual({ exported: 1, failed: 0 });
    expect(await world.events()).toEqual([]);
    expect(await statusOf(id)).toEqual({ status: "removed", code: null });
  });
});

describe("an id that is taken (A 34, 36)", () => {
  const forget = (id: string) =>
    world.database.db.execute(sql`
      update calendar_exported_bookings
      set written_start = null, written_end = null, content_hash = null, shape_hash = null, etag = null,
        external_id = null, wanted_seq = wanted_seq + 1
      where booking_id = ${id}`);

  it("by our own live event: adopted, and brought up to date", async () => {
    const id = await world.book(24);
    await world.drain();
    await forget(id);
    await move(id, 26);
    expect(await world.drain()).toEqual({ exported: 1, failed: 0 });
    await world.expectAgreement();
    expect(world.asked("insert")).toBe(2);
  });

  it("by a deleted event: it comes back", async () => {
    const id = await world.book(24);
    await world.drain();
    await world.cancel(id);
    await world.drain();
    await world.change(id, { status: "confirmed", cancelledAt: null, cancelledBy: null });
    await world.drain();
    await world.expectAgreement();
    expect(await world.row(id)).toMatchObject({ idGeneration: 0 });
  });

  it("by a deleted event that may not come back: the next id", async () => {
    const id = await world.book(24);
    await world.drain();
    const { externalId } = await world.row(id);
    await world.cancel(id);
    await world.drain();
    world.google.set("reviveForbidden", true);
    await world.change(id, { status: "confirmed", cancelledAt: null, cancelledBy: null });
    await world.drain();
    await world.expectAgreement();
    const row = await world.row(id);
    expect(row.idGeneration).toBe(1);
    expect(row.externalId).not.toBe(externalId);
    await move(id, 28);
    await world.drain();
    await world.expectAgreement();
  });
});

describe("what its owner does to our event", () => {
  it.each([
    [
      "moved",
      "moved_externally",
      { start: { dateTime: "2027-01-12T08:00:00Z" }, end: { dateTime: "2027-01-12T09:00:00Z" } },
    ],
    ["given another name", "edited_externally", { summary: "My own words" }],
    ["given another text", "edited_externally", { description: "My own text" }],
  ])("%s: noticed at the next write, and not written over (A 37)", async (_what, code, change) => {
    const id = await world.book(24);
    await world.drain();
    const [event] = await world.events();
    await person("edit", { eventId: event?.id, change });
    const theirs = await world.events();
    await move(id, 30);
    expect(await world.drain()).toEqual({ exported: 0, failed: 0 });
    expect(await statusOf(id)).toMatchObject({ code });
    expect(await world.events()).toEqual(theirs);
    const before = world.google.sent.length;
    await world.drain();
    expect(world.google.sent.length).toBe(before);
    // Only the provider's own word writes over it.
    await world.again(id);
    await world.drain();
    await world.expectAgreement();
    expect(await statusOf(id)).toEqual({ status: "synced", code: null });
  });

  it("coloured, or marked free: ours all the same, and kept so", async () => {
    const id = await world.book(24);
    await world.drain();
    const [event] = await world.events();
    await person("edit", { eventId: event?.id, change: { colorId: "7", transparency: "transparent" } });
    await move(id, 30);
    expect(await world.drain()).toEqual({ exported: 1, failed: 0 });
    await world.expectAgreement();
    expect((await world.events())[0]).toMatchObject({ colorId: "7", transparency: "transparent" });
  });

  it("deleted: noticed, not made again until asked for (410, 412)", async () => {
    const id = await world.book(24);
    await world.drain();
    const [event] = await world.events();
    await person("delete", { eventId: event?.id });
    await move(id, 30);
    await world.drain();
    expect(await statusOf(id)).toEqual({ status: "removed", code: "deleted_externally" });
    await move(id, 31);
    await world.drain();
    expect(await world.events()).toEqual([]);
    await world.again(id);
    await world.drain();
    await world.expectAgreement();
    expect(await statusOf(id)).toEqual({ status: "synced", code: null });
  });

  it("deleted for good, with a revival forbidden: asked for again it gets the next id", async () => {
    const id = await world.book(24);
    await world.drain();
    const [event] = await world.events();
    await person("delete", { eventId: event?.id });
    await move(id, 30);
    await world.drain();
    world.google.set("reviveForbidden", true);
    await world.again(id);
    await world.drain();
    await world.expectAgreement();
  });

  it("edited, and the booking cancelled: removed all the same", async () => {
    const id = await world.book(24);
    await world.drain();
    const [event] = await world.events();
    await person("edit", { eventId: event?.id, change: { summary: "My own words" } });
    await world.cancel(id);
    expect(await world.drain()).toEqual({ exported: 1, failed: 0 });
    expect(await world.events()).toEqual([]);
  });

  it("deleted, and the booking cancelled: done (404, 410)", async () => {
    const id = await world.book(24);
    await world.drain();
    const [event] = await world.events();
    await person("delete", { eventId: event?.id });
    await world.cancel(id);
    await world.drain();
    expect(await statusOf(id)).toEqual({ status: "removed", code: null });
  });

  it("suspected by an import: a look tells", async () => {
    const [kept, gone, moved] = [await world.book(24), await world.book(26), await world.book(28)];
    await world.drain();
    const events = await world.events();
    await person("delete", { eventId: events[1]?.id });
    await person("edit", {
      eventId: events[2]?.id,
      change: { start: { dateTime: "2027-01-12T08:00:00Z" }, end: { dateTime: "2027-01-12T09:00:00Z" } },
    });
    await world.database.db.execute(sql`update calendar_exported_bookings set verify = true`);
    expect(await world.drain()).toEqual({ exported: 0, failed: 0 });
    expect(await world.row(kept)).toMatchObject({ verify: false, remoteState: "in_place" });
    expect(await world.row(gone)).toMatchObject({ verify: false, remoteState: "deleted" });
    expect(await world.row(moved)).toMatchObject({
      verify: false,
      remoteState: "moved",
      remoteStart: new Date("2027-01-12T08:00:00Z"),
    });
  });
});

describe("a 412 (A 37)", () => {
  it("for a change where we do not write is looked at and gone over", async () => {
    const id = await world.book(24);
    await world.drain();
    await world.database.db.execute(
      sql`update calendar_exported_bookings set etag = '"older"' where booking_id = ${id}`,
    );
    await move(id, 30);
    expect(await world.drain()).toEqual({ exported: 1, failed: 0 });
    await world.expectAgreement();
  });

  it("without a condition of ours passes by itself", async () => {
    const id = await world.book(24);
    await world.drain();
    world.google.set("spuriousPreconditions", 1);
    await world.cancel(id);
    expect(await world.drain()).toEqual({ exported: 0, failed: 1 });
    expect(await world.row(id)).toMatchObject({ errorCode: "transient" });
    world.pass(MINUTE_MS);
    await world.drain();
    expect(await world.events()).toEqual([]);
  });
});

describe("a vendor with a bad hour", () => {
  it.each<FaultOrder["kind"]>(["internal_error", "bad_gateway", "unavailable", "reset_before", "slow"])(
    "(%s) loses nothing, and is not asked without end",
    async (kind) => {
      if (kind === "slow") world.fetchThrough((fetch) => fetch);
      world.fault("insert", kind, { count: 0, ...(kind === "slow" ? { delayMs: 1_000 } : {}) });
      for (let hours = 24; hours < 34; hours += 1) await world.book(hours);
      await world.drain();
      expect(world.asked("insert") + (kind === "slow" ? 3 : 0)).toBeLessThanOrEqual(6);
      await world.drain();
      const [failed] = await world.runs();
      expect(failed).toMatchObject({ status: "failed", exported: 0, error: "transient" });
      world.google.sandbox.faults.disarm();
      world.pass(6 * MINUTE_MS);
      await job();
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
    await job();
    expect(world.asked("insert")).toBe(1);
    world.google.sandbox.faults.disarm();
    world.pass(90_000);
    await job();
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
      await job();
    }
    expect(world.asked("insert")).toBe(inserts);
    await world.minutes(1);
    const [read] = await world.database.db.execute<{ status: string }>(sql`
      select status from calendar_sync_logs where connection_id = ${world.connectionId} and kind <> 'export'
      order by seq desc limit 1`);
    expect(read?.status).toBe("succeeded");
    world.google.set("writesPerHour", 10_000);
    world.pass(5 * HOUR_MS);
    await job();
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
    await move(id, 26);
    await world.drain();
    expect(world.asked("insert")).toBeLessThanOrEqual(5);
    expect(await statusOf(id)).toEqual({ status: "failed", code: "permission_denied" });
    const failed = await world.database.db.execute(sql`
      select from calendar_exported_bookings
      where connection_id = ${world.connectionId} and error_code = 'permission_denied'`);
    expect(failed.length).toBe(11);
    await share("writer");
    await JOBS["refresh-calendars"](world.services, { connectionId: world.connectionId });
    // The list was never read while it was read-only, so nothing of it changed: a day later at the latest.
    world.pass(DAY_MS + 2 * HOUR_MS);
    await world.book(100);
    await job();
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
    expect(await statusOf(id)).toEqual({ status: "failed", code: "permission_denied" });
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
    await move(id, 30);
    await world.drain();
    expect(await statusOf(id)).toEqual({ status: "failed", code: "not_found" });
    world.google.sandbox.faults.disarm();
    world.pass(26 * HOUR_MS);
    await job();
    await world.expectAgreement();
  });
});

describe("several at once", () => {
  it("workers on one connection make one event for each booking, in the order of the bookings", async () => {
    for (let hours = 24; hours < 44; hours += 1) await world.book(hours);
    await Promise.all([world.drain(), world.drain("schedule"), job(), world.drain()]);
    await world.drain();
    await world.expectAgreement();
    expect(world.asked("insert")).toBe(20);
    const total = (await world.runs()).reduce((sum, run) => sum + run.exported, 0);
    expect(total).toBe(20);
    expect((await world.runs()).every((run) => run.status === "succeeded")).toBe(true);
  });

  it("a move and a cancellation that arrive while an event is being written win", async () => {
    const [moved, cancelled] = [await world.book(24), await world.book(30)];
    world.fault("insert", "slow", { delayMs: 300, count: 2 });
    const drained = world.drain();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await move(moved, 27);
    await world.cancel(cancelled);
    await drained;
    await world.drain();
    await world.expectAgreement();
  });

  it("200 waiting bookings are written once each, the earliest first", async () => {
    const hours = Array.from({ length: 200 }, (_, index) => 24 + ((index * 67) % 200) * 2);
    for (const hour of hours) await world.book(hour);
    expect(await job()).toEqual({ connections: 1, exported: 200, failed: 0 });
    await world.expectAgreement();
    const starts = (
      await world.database.db.execute<{ start: string }>(sql`
      select b.starts_at::text as start from calendar_exported_bookings x join bookings b on b.id = x.booking_id
      where x.connection_id = ${world.connectionId} order by x.remote_updated_at`)
    ).map(({ start }) => start);
    expect(starts).toEqual([...starts].sort());
    expect(await world.runs()).toEqual([
      { trigger: "schedule", status: "succeeded", exported: 200, error: null },
    ]);
  }, 60_000);
});

describe("a dead grant", () => {
  it("keeps bookings waiting without calling them failed", async () => {
    world.google.sandbox.vault.revoke(world.account.email);
    const id = await world.book(24);
    expect(await world.drain()).toEqual({ exported: 0, failed: 0 });
    expect(await statusOf(id)).toEqual({ status: "pending", code: null });
    const [connection] = await world.database.db
      .select()
      .from(calendarConnections)
      .where(eq(calendarConnections.id, world.connectionId));
    expect(connection?.reconnectReason).toBe("revoked");
    const before = world.google.sent.length;
    await job();
    await exportConnection(world.services, world.connectionId, "booking");
    expect(world.google.sent.length).toBe(before);
  });
});
