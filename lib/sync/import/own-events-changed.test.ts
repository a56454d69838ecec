import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { calendarSyncEvents } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { calendarExportedBookings } from "@/db/schema/exports";
import { createCalendar, createConnection } from "@/tests/support/factories";
import { NOON, ownEventWorld, TEN, times, when } from "@/tests/support/own-event-world";
import { removed, upsert } from "@/tests/support/scripted-vendor";

const world = ownEventWorld();
const { read, readPages, loseCursor, blocked, whose, exported, known, ours, nudges } = world;

describe("what its owner does to it", () => {
  beforeEach(async () => {
    await exported();
    await read([ours()]);
  });

  it("moved: it blocks where it is now, and its row says so; moved back: all is quiet", async () => {
    await read([ours({ ...times(NOON), etag: "v2", updatedAt: when(2) })]);
    expect(await blocked()).toEqual([world.externalId]);
    expect(await known()).toMatchObject({
      remoteState: "moved",
      remoteStart: new Date(NOON.start),
      remoteEnd: new Date(NOON.end),
      remoteSeenAt: world.clock.now(),
      remoteUpdatedAt: when(2),
      etag: "v2",
      verify: false,
    });
    await read([ours({ etag: "v3", updatedAt: when(3) })]);
    expect(await blocked()).toEqual([]);
    expect(await known()).toMatchObject({ remoteState: "in_place", remoteStart: null, etag: "v2" });
    expect(await nudges()).toBe(0);
  });

  it("put back, with something to write that had to wait: the exporter is told", async () => {
    await read([ours({ ...times(NOON), etag: "v2", updatedAt: when(2) })]);
    await world.database.db
      .update(calendarExportedBookings)
      .set({ wantedSeq: 2 })
      .where(eq(calendarExportedBookings.bookingId, world.bookingId));
    await read([ours({ etag: "v3", updatedAt: when(3) })]);
    expect(await nudges()).toBe(1);
  });

  it("edited: noticed also where titles are not kept, and it goes on taking no time", async () => {
    await world.database.db
      .update(calendarConnections)
      .set({ titles: "busy_only" })
      .where(eq(calendarConnections.id, world.connectionId));
    world.clock.advance(26 * 3_600_000);
    await read([ours()]);
    expect(await known()).toMatchObject({ remoteState: "in_place" });
    await read([ours({ title: "Dentist", etag: "v2", updatedAt: when(2) })]);
    expect(await known()).toMatchObject({ remoteState: "edited", etag: "v2" });
    expect(await blocked()).toEqual([]);
    const [row] = await world.database.db
      .select()
      .from(calendarSyncEvents)
      .where(eq(calendarSyncEvents.calendarId, world.calendarId));
    expect(row?.title).toBeNull();
  });

  it("deleted: somebody must look, nothing is concluded; asked again, it is not asked twice", async () => {
    await read([removed(world.externalId), { type: "seriesRemoved", seriesId: world.externalId }]);
    expect(await known()).toMatchObject({
      remoteState: "in_place",
      verify: true,
      nextAttemptAt: world.clock.now(),
    });
    expect(await whose()).toEqual([]);
    expect(await nudges()).toBe(1);
    await read([removed(world.externalId)]);
    expect(await nudges()).toBe(1);
  });

  it("gone from a full reading without a word: the same", async () => {
    world.clock.advance(3_600_000);
    await loseCursor();
    await readPages([{ items: [upsert("a")] }, {}]);
    expect(await known()).toMatchObject({ remoteState: "in_place", verify: true });
    expect(await nudges()).toBe(1);
  });

  it.each<[string, Partial<typeof calendarExportedBookings.$inferInsert>]>([
    ["lies outside the window", { writtenStart: when(-90), writtenEnd: when(-89) }],
    ["was written after the reading began", { syncedAt: new Date("2026-11-23T10:00:00.000Z") }],
    ["is known to be gone", { remoteState: "deleted" }],
    ["is no longer wanted there", { desired: "absent" }],
    ["was left to its owner", { desired: "left" }],
  ])("asks nothing about one that %s", async (_, more) => {
    await world.database.db
      .update(calendarExportedBookings)
      .set(more)
      .where(eq(calendarExportedBookings.bookingId, world.bookingId));
    world.clock.set("2026-11-23T09:30:00.000Z");
    await loseCursor();
    await read([upsert("a")]);
    expect(await known()).toMatchObject({ verify: false });
    expect(await nudges()).toBe(0);
  });

  it("made recurring: occurrences block, and somebody must look at once", async () => {
    const occurrence = (n: number) =>
      upsert(`${world.externalId}_${n}`, {
        seriesId: world.externalId,
        iCalUid: `${world.externalId}@google.com`,
        bookingMarker: world.bookingId,
        ...times(n === 1 ? TEN : NOON),
      });
    await read([occurrence(1), occurrence(2)]);
    expect(await blocked()).toEqual([`${world.externalId}_1`, `${world.externalId}_2`]);
    expect(await known()).toMatchObject({ verify: true });
  });

  it.each(["source first", "destination first"])(
    "moved to another calendar: relocated, not blocking twice, %s",
    async (order) => {
      const there = () => read([ours({ etag: "v2", updatedAt: when(2) })], world.other);
      const gone = () => read([removed(world.externalId)]);
      const steps = order === "source first" ? [gone, there] : [there, gone];
      for (const step of steps) await step();
      expect(await known()).toMatchObject({
        remoteState: "relocated",
        remoteStart: new Date(TEN.start),
        verify: false,
      });
      expect(await whose(world.other)).toEqual([`${world.externalId} own`]);
      expect(await blocked()).toEqual([]);
    },
  );

  it.each(["source first", "destination first"])(
    "moved to another calendar and another time: it blocks there, %s",
    async (order) => {
      const there = () => read([ours({ ...times(NOON), etag: "v2", updatedAt: when(2) })], world.other);
      const gone = () => read([removed(world.externalId)]);
      const steps = order === "source first" ? [gone, there] : [there, gone];
      for (const step of steps) await step();
      expect(await known()).toMatchObject({ remoteState: "relocated", remoteStart: new Date(NOON.start) });
      expect(await whose(world.other)).toEqual([`${world.externalId} displaced`]);
    },
  );

  it("deleted where it had been moved to, or brought back from there", async () => {
    await read([removed(world.externalId)]);
    await read([ours({ etag: "v2", updatedAt: when(2) })], world.other);
    await read([removed(world.externalId)], world.other);
    expect(await known()).toMatchObject({ remoteState: "in_place", remoteStart: null, verify: true });
    await read([ours({ etag: "v3", updatedAt: when(3) })]);
    expect(await known()).toMatchObject({ remoteState: "in_place", verify: false });
  });

  it("invited their other account: the guest's copy is no move", async () => {
    await read([ours({ etag: "g1", updatedAt: when(2) })], world.other);
    expect(await known()).toMatchObject({ remoteState: "in_place", etag: "v1" });
    expect(await blocked()).toEqual([]);
  });

  it("is not judged through a calendar shared with an account that is shown less of it", async () => {
    const second = await createConnection(world.services, world.person);
    const same = await createCalendar(world.services, second, world.person, {
      externalId: `calendar-${world.calendarId}`,
    });
    await read([ours({ title: null, location: null })], same);
    expect(await known()).toMatchObject({ remoteState: "in_place", remoteSeenAt: null });
    expect(await blocked()).toEqual([]);
  });
});
