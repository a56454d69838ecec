import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { bulkChanges, calendarRemovals } from "@/db/schema/bulk-changes";
import { notifications } from "@/db/schema/notifications";
import { updateSettings } from "@/lib/connections/settings";
import { emptiedWorld } from "./emptied-world";

const MINUTE_MS = 60_000;
const world = emptiedWorld();
const {
  round,
  full,
  remove,
  idsNow,
  changes,
  bulkChange,
  ctx,
  writes,
  mailsOwed,
  blocked,
  emptyAll,
  expectHeld,
} = world;

describe("a calendar somebody emptied", () => {
  it("is held when one incremental round tells of it", async () => {
    const before = await mailsOwed();
    await emptyAll();
    await round();
    expect(before).toBe(0);
    await expectHeld({ gone: 15 });
    expect(await blocked()).toEqual([]);
    const tell = await world.database.db
      .select()
      .from(notifications)
      .where(eq(notifications.userId, world.person.userId));
    expect(tell.filter(({ kind }) => kind === "bulk_change_held")).toHaveLength(1);
  });

  it("is held when a full round misses it all", async () => {
    await emptyAll();
    await full();
    await expectHeld({ gone: 15 });
  });

  it("is held when it arrives event by event, whichever goes first", async () => {
    for (const id of await idsNow()) {
      await remove(id);
      await round();
      // The exporter looks in between, as its nudges tell it to.
      await world.drain("schedule");
    }
    await expectHeld({ gone: 15 });
  });

  it("is held whatever its owner sets meanwhile: what they did not ask for is not written", async () => {
    await emptyAll();
    await round();
    await world.drain();
    await updateSettings(world.services, ctx(), world.connectionId, { exportDetails: "minimal" });
    await updateSettings(world.services, ctx(), world.connectionId, { titles: "busy_only" });
    world.pass(MINUTE_MS);
    await world.drain();
    await expectHeld({ gone: 15 });
    world.pass(26 * 60 * MINUTE_MS);
    await world.drain("schedule");
    expect(writes()).toBe(0);
  });

  it("lets its owner go on meanwhile: a booking made, moved or cancelled is written as ever", async () => {
    await emptyAll();
    await round();
    await world.drain();
    const made = await world.book(90);
    await world.cancel(world.ours[0] ?? "");
    await world.drain();
    expect(await world.row(made)).toMatchObject({ remoteState: "in_place", bulkChangeId: null });
    expect((await world.events()).length).toBe(1);
    expect(await world.row(world.ours[0] ?? "")).toMatchObject({ desired: "absent", writtenStart: null });
  });

  it("is not tripped by what is done here: bookings cancelled and moved by the dozen", async () => {
    for (let index = 0; index < 12; index += 1) world.ours.push(await world.book(100 + index * 3));
    await world.drain();
    await round();
    for (const id of world.foreign) await remove(id);
    world.pass(30 * MINUTE_MS);
    await round();
    await world.database.db.delete(bulkChanges);
    await world.database.db.delete(calendarRemovals);
    for (const [index, id] of world.ours.entries()) {
      if (index % 2 === 0) await world.cancel(id);
      else
        await world.change(id, {
          startsAt: world.inHours(300 + index * 3),
          endsAt: world.inHours(301 + index * 3),
        });
    }
    await world.drain();
    await round();
    expect(await changes()).toEqual([]);
    expect(await world.database.db.select().from(calendarRemovals)).toEqual([]);
  });

  it("is noticed where it holds nothing but events of ours that no import ever met", async () => {
    for (const id of world.foreign) await remove(id);
    await round();
    await world.database.db.execute(
      sql`delete from calendar_sync_events where calendar_id = ${world.calendarId}`,
    );
    await emptyAll();
    await round();
    await world.drain();
    // The twelve of others opened it; ours followed without any evidence of their own.
    await expectHeld({ gone: 12 });
  });
});

describe("a vendor's hiccup", () => {
  it("that shows an empty list once heals in the next round, and nothing was written meanwhile", async () => {
    let empty = true;
    world.fetchThrough((real) => async (input, init) => {
      const answer = await real(input, init);
      const url = new URL(input instanceof Request ? input.url : input);
      if (!empty || !url.pathname.endsWith("/events")) return answer;
      const body = (await answer.json()) as object;
      return Response.json({ ...body, items: [] }, { status: answer.status });
    });
    await full();
    expect(await bulkChange()).toMatchObject({ before: 15, gone: 15 });
    expect(await blocked()).toEqual([]);
    await world.drain("schedule");
    const { id } = await bulkChange();
    for (const booking of world.ours) {
      expect(await world.row(booking)).toMatchObject({ remoteState: "in_place", bulkChangeId: id });
    }
    empty = false;
    await full();
    expect(await changes()).toEqual([]);
    expect(await blocked()).toHaveLength(12);
    await world.drain("schedule");
    for (const booking of world.ours) {
      expect(await world.row(booking)).toMatchObject({ remoteState: "in_place", bulkChangeId: null });
    }
    expect(writes()).toBe(0);
    expect(await mailsOwed()).toBe(0);
  });
});
