import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { FaultOrder } from "@/sandbox/core/faults";
import { exportWorld } from "./export-world";

const MINUTE_MS = 60_000;

const world = exportWorld();

describe("an insert whose answer was lost (A 35)", () => {
  it.each<FaultOrder["kind"]>(["error_after", "reset_after", "truncated_json", "html_ok"])(
    "by %s makes one event",
    async (kind) => {
      world.fault("insert", kind);
      const id = await world.book(24);
      expect(await world.drain()).toEqual({ exported: 0, failed: 1 });
      expect(await world.row(id)).toMatchObject({ attempts: 1, externalId: expect.stringMatching(/^ent/) });
      world.pass(MINUTE_MS);
      expect(await world.job()).toEqual({ connections: 1, exported: 1, failed: 0 });
      await world.expectAgreement();
      expect(await world.statusOf(id)).toEqual({ status: "synced", code: null });
    },
  );

  it("and whose booking was moved meanwhile ends where the booking is", async () => {
    world.fault("insert", "error_after");
    const id = await world.book(24);
    await world.drain();
    await world.move(id, 30);
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
    await world.owner("delete", { eventId: event?.id });
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
    await world.move(id, 30);
    await world.drain();
    world.pass(MINUTE_MS);
    await world.drain();
    await world.expectAgreement();
    expect(await world.statusOf(id)).toEqual({ status: "synced", code: null });
  });

  it("is not taken for its owner's when the booking moved once more", async () => {
    const id = await world.book(24);
    await world.drain();
    world.fault("patch", "reset_after");
    await world.move(id, 30);
    await world.drain();
    await world.move(id, 36);
    world.pass(MINUTE_MS);
    await world.drain();
    await world.expectAgreement();
    expect(await world.statusOf(id)).toEqual({ status: "synced", code: null });
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
    expect(await world.statusOf(id)).toEqual({ status: "removed", code: null });
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
    await world.move(id, 26);
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
    await world.move(id, 28);
    await world.drain();
    await world.expectAgreement();
  });
});

describe("a 412 (A 37)", () => {
  it("for a change where we do not write is looked at and gone over", async () => {
    const id = await world.book(24);
    await world.drain();
    await world.database.db.execute(
      sql`update calendar_exported_bookings set etag = '"older"' where booking_id = ${id}`,
    );
    await world.move(id, 30);
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
