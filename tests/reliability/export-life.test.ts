import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { holdCalls } from "@/tests/support/held-calls";
import { exportWorld } from "./export-world";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const world = exportWorld();

describe("a booking in its provider's calendar", () => {
  it("appears, moves, says more, and goes with its cancellation: always one event", async () => {
    const id = await world.book(24, { clientPhone: "+33 1", instructions: "Ring twice" });
    expect(await world.drain()).toEqual({ exported: 1, failed: 0 });
    await world.expectAgreement();
    const [made] = await world.events();
    expect(made).toMatchObject({ summary: "Appointment: Consultation – Client", location: "Practice" });
    expect(made?.description).toContain("Ring twice");
    expect(made?.description).toContain(`http://localhost:3000/bookings/${id}`);
    await world.move(id, 48);
    await world.change(id, { address: "12 rue des Lilas" });
    expect(await world.drain()).toEqual({ exported: 1, failed: 0 });
    await world.expectAgreement();
    const [moved] = await world.events();
    expect(moved).toMatchObject({ id: made?.id, location: "12 rue des Lilas" });
    expect(await world.statusOf(id)).toEqual({ status: "synced", code: null });
    await world.cancel(id);
    expect(await world.drain()).toEqual({ exported: 1, failed: 0 });
    await world.expectAgreement();
    expect(await world.statusOf(id)).toEqual({ status: "removed", code: null });
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
    expect(await world.job()).toEqual({ connections: 0, exported: 0, failed: 0 });
    expect(await world.events()).toEqual([]);
  });

  it("cancelled before anything was written costs no request", async () => {
    const id = await world.book(24);
    await world.cancel(id);
    const before = world.google.sent.length;
    await world.drain();
    expect(world.google.sent.length).toBe(before);
    expect(await world.statusOf(id)).toEqual({ status: "removed", code: null });
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
    await world.owner("edit", { eventId: event?.id, change });
    const theirs = await world.events();
    await world.move(id, 30);
    expect(await world.drain()).toEqual({ exported: 0, failed: 0 });
    expect(await world.statusOf(id)).toMatchObject({ code });
    expect(await world.events()).toEqual(theirs);
    const before = world.google.sent.length;
    await world.drain();
    expect(world.google.sent.length).toBe(before);
    // Only the provider's own word writes over it.
    await world.again(id);
    await world.drain();
    await world.expectAgreement();
    expect(await world.statusOf(id)).toEqual({ status: "synced", code: null });
  });

  it("coloured, or marked free: ours all the same, and kept so", async () => {
    const id = await world.book(24);
    await world.drain();
    const [event] = await world.events();
    await world.owner("edit", { eventId: event?.id, change: { colorId: "7", transparency: "transparent" } });
    await world.move(id, 30);
    expect(await world.drain()).toEqual({ exported: 1, failed: 0 });
    await world.expectAgreement();
    expect((await world.events())[0]).toMatchObject({ colorId: "7", transparency: "transparent" });
  });

  it("deleted: noticed, not made again until asked for (410, 412)", async () => {
    const id = await world.book(24);
    await world.drain();
    const [event] = await world.events();
    await world.owner("delete", { eventId: event?.id });
    await world.move(id, 30);
    await world.drain();
    expect(await world.statusOf(id)).toEqual({ status: "removed", code: "deleted_externally" });
    await world.move(id, 31);
    await world.drain();
    expect(await world.events()).toEqual([]);
    await world.again(id);
    await world.drain();
    await world.expectAgreement();
    expect(await world.statusOf(id)).toEqual({ status: "synced", code: null });
  });

  it("deleted for good, with a revival forbidden: asked for again it gets the next id", async () => {
    const id = await world.book(24);
    await world.drain();
    const [event] = await world.events();
    await world.owner("delete", { eventId: event?.id });
    await world.move(id, 30);
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
    await world.owner("edit", { eventId: event?.id, change: { summary: "My own words" } });
    await world.cancel(id);
    expect(await world.drain()).toEqual({ exported: 1, failed: 0 });
    expect(await world.events()).toEqual([]);
  });

  it("deleted, and the booking cancelled: done (404, 410)", async () => {
    const id = await world.book(24);
    await world.drain();
    const [event] = await world.events();
    await world.owner("delete", { eventId: event?.id });
    await world.cancel(id);
    await world.drain();
    expect(await world.statusOf(id)).toEqual({ status: "removed", code: null });
  });

  it("suspected by an import: a look tells", async () => {
    const [kept, gone, moved] = [await world.book(24), await world.book(26), await world.book(28)];
    await world.drain();
    const events = await world.events();
    await world.owner("delete", { eventId: events[1]?.id });
    await world.owner("edit", {
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

describe("several at once", () => {
  it("workers on one connection make one event for each booking, in the order of the bookings", async () => {
    for (let hours = 24; hours < 44; hours += 1) await world.book(hours);
    await Promise.all([world.drain(), world.drain("schedule"), world.job(), world.drain()]);
    await world.drain();
    await world.expectAgreement();
    expect(world.asked("insert")).toBe(20);
    const total = (await world.runs()).reduce((sum, run) => sum + run.exported, 0);
    expect(total).toBe(20);
    expect((await world.runs()).every((run) => run.status === "succeeded")).toBe(true);
  });

  it("a move and a cancellation that arrive while an event is being written win", async () => {
    const [moved, cancelled] = [await world.book(24), await world.book(30)];
    const { email: account } = world.account;
    const inserts = holdCalls(world.google.sandbox.faults, "calendar.events.insert", { account, count: 2 });
    const drained = world.drain();
    await inserts.arrived();
    await world.move(moved, 27);
    await world.cancel(cancelled);
    inserts.open();
    await drained;
    await world.drain();
    await world.expectAgreement();
  });

  it("200 waiting bookings are written once each, the earliest first", async () => {
    const hours = Array.from({ length: 200 }, (_, index) => 24 + ((index * 67) % 200) * 2);
    for (const hour of hours) await world.book(hour);
    expect(await world.job()).toEqual({ connections: 1, exported: 200, failed: 0 });
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
  });
});
