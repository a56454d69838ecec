import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { bulkChanges, calendarRemovals } from "@/db/schema/bulk-changes";
import { calendars } from "@/db/schema/calendars";
import { notifications } from "@/db/schema/notifications";
import { users } from "@/db/schema/users";
import { getBulkChange } from "@/lib/bookings/bulk-changes";
import { decideBulkChange, restoreBulkChangeEvents } from "@/lib/bookings/decide-bulk-change";
import { getBooking } from "@/lib/bookings/list-bookings";
import { disconnect } from "@/lib/connections/disconnect";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { createPerson } from "@/tests/support/factories";
import { emptiedWorld } from "./emptied-world";

const MINUTE_MS = 60_000;
const world = emptiedWorld();
const { round, changes, bulkChange, ctx, writes, blocked, emptyAll } = world;

describe("its owner's word", () => {
  beforeEach(async () => {
    await emptyAll();
    await round();
    await world.drain();
  });

  it("accept: everything stands as after single deletions, and nobody is asked any more", async () => {
    const { id } = await bulkChange();
    const answer = await decideBulkChange(world.services, ctx(), id, { decision: "accept" });
    expect(answer).toMatchObject({ status: "accepted", kind: "emptied", gone: 15, heldTimes: 0 });
    expect(answer.bookings.map(({ event }) => event.code)).toEqual(
      world.ours.map(() => "deleted_externally"),
    );
    await decideBulkChange(world.services, ctx(), id, { decision: "accept" });
    await expect(decideBulkChange(world.services, ctx(), id, { decision: "hold" })).rejects.toMatchObject({
      code: "conflict",
    });
    await world.drain();
    expect(writes()).toBe(0);
    const [notice] = await world.database.db
      .select()
      .from(notifications)
      .where(eq(notifications.dedupeKey, `bulk_change:${id}`));
    expect(notice?.resolvedAt).not.toBeNull();
  });

  it("accept while it goes on: what follows within minutes belongs to it, and nobody is asked again", async () => {
    const { id } = await bulkChange();
    await decideBulkChange(world.services, ctx(), id, { decision: "accept" });
    await world.google.act("bulk", { account: world.account.email, count: 8, days: 8 });
    await round();
    world.pass(MINUTE_MS);
    await emptyAll();
    await round();
    expect(await changes()).toHaveLength(1);
    world.pass(30 * MINUTE_MS);
    await world.google.act("bulk", { account: world.account.email, count: 8, days: 8 });
    await round();
    world.pass(MINUTE_MS);
    await emptyAll();
    await round();
    expect(await changes()).toHaveLength(2);
  });

  it("hold: the freed time is blocked again, beside bookings made meanwhile, until it is let go", async () => {
    const { id } = await bulkChange();
    const [first] = await world.database.db
      .select()
      .from(calendarRemovals)
      .where(eq(calendarRemovals.externalId, world.foreign[0] ?? ""));
    if (first === undefined) throw new Error("no evidence");
    const meanwhile = await world.book(0, { startsAt: first.startsAt, endsAt: first.endsAt });
    const answer = await decideBulkChange(world.services, ctx(), id, { decision: "hold" });
    expect(answer).toMatchObject({ status: "held", heldTimes: 12 });
    const rows = await blocked();
    expect(rows).toHaveLength(12);
    expect(new Set(rows.map(({ title, source }) => `${source} ${title}`))).toEqual(
      new Set(["manual Held: Google emptied “Work”"]),
    );
    expect(await getBooking(ctx(), meanwhile)).toMatchObject({ status: "confirmed" });
    await decideBulkChange(world.services, ctx(), id, { decision: "hold" });
    expect(await blocked()).toHaveLength(12);
    expect(writes()).toBe(0);
    expect(await decideBulkChange(world.services, ctx(), id, { decision: "accept" })).toMatchObject({
      status: "accepted",
      heldTimes: 0,
    });
    expect(await blocked()).toEqual([]);
  });

  it("put back: our events appear again, once however often it is asked for", async () => {
    const { id } = await bulkChange();
    await restoreBulkChangeEvents(world.services, ctx(), id);
    await restoreBulkChangeEvents(world.services, ctx(), id);
    await world.drain();
    await world.expectAgreement();
    const written = writes();
    await restoreBulkChangeEvents(world.services, ctx(), id);
    await world.drain();
    expect(writes()).toBe(written);
    const { bookings, status } = await getBulkChange(ctx(), id);
    expect(bookings.map(({ event }) => event.status)).toEqual(world.ours.map(() => "synced"));
    expect(status).toBe("open");
    await round();
    expect(
      await decideBulkChange(world.services, ctx(), id, { decision: "hold", restoreEvents: true }),
    ).toMatchObject({
      status: "held",
      heldTimes: 12,
    });
    await world.drain();
    await world.expectAgreement();
  });

  it("is nobody else's to give, and not to be had of an account that left", async () => {
    const { id } = await bulkChange();
    const stranger = (await createPerson(world.database.db)).ctx(world.clock.now());
    const missing = { code: "not_found" };
    await expect(getBulkChange(stranger, id)).rejects.toMatchObject(missing);
    await expect(decideBulkChange(world.services, stranger, id, { decision: "hold" })).rejects.toMatchObject(
      missing,
    );
    await expect(restoreBulkChangeEvents(world.services, stranger, id)).rejects.toMatchObject(missing);
    await decideBulkChange(world.services, ctx(), id, { decision: "hold" });
    await disconnect(world.services, ctx(), world.connectionId);
    expect(await blocked()).toEqual([]);
    await expect(getBulkChange(ctx(), id)).rejects.toMatchObject(missing);
    await expect(decideBulkChange(world.services, ctx(), id, { decision: "accept" })).rejects.toMatchObject(
      missing,
    );
  });

  it("is one word, though two say it at once", async () => {
    const { id } = await bulkChange();
    const said = await Promise.allSettled([
      decideBulkChange(world.services, ctx(), id, { decision: "hold" }),
      decideBulkChange(world.services, ctx(), id, { decision: "hold" }),
      decideBulkChange(world.services, ctx(), id, { decision: "hold" }),
    ]);
    expect(said.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    expect(await blocked()).toHaveLength(12);
  });
});

describe("calendars that go", () => {
  it("leave to their owner what they chose to hold, when the vendor no longer has them", async () => {
    const other = await world.google.act<{ id: string }>("calendars/create", {
      account: world.account.email,
      summary: "Field",
    });
    await refreshCalendars(world.services, world.connectionId);
    const [calendar] = await world.database.db
      .update(calendars)
      .set({ selected: true })
      .where(eq(calendars.externalId, other.id))
      .returning();
    if (calendar === undefined) throw new Error("no calendar");
    const place = { account: world.account.email, calendarId: other.id };
    await world.google.act("bulk", { ...place, count: 6, days: 6 });
    const read = async () => {
      world.pass(10_000);
      await syncCalendar(world.services, calendar.id, "manual");
    };
    await read();
    const held = await world.database.db.execute<{ id: string }>(
      sql`select external_id as id from calendar_sync_events where calendar_id = ${calendar.id}`,
    );
    for (const { id: eventId } of held) await world.google.act("events/delete", { ...place, eventId });
    await read();
    const [found] = await world.database.db
      .select()
      .from(bulkChanges)
      .where(eq(bulkChanges.calendarId, calendar.id));
    await decideBulkChange(world.services, ctx(), found?.id ?? "", { decision: "hold" });
    const holds = async () => (await blocked()).filter(({ title }) => title?.startsWith("Held")).length;
    expect(await holds()).toBe(6);
    await world.google.act("calendars/delete", place);
    await refreshCalendars(world.services, world.connectionId);
    expect(await world.database.db.select().from(calendars).where(eq(calendars.id, calendar.id))).toEqual([]);
    expect(await holds()).toBe(6);
  });

  it("do not stand in the way of deleting a person", async () => {
    await emptyAll();
    await round();
    await world.drain();
    await decideBulkChange(world.services, ctx(), (await bulkChange()).id, { decision: "hold" });
    await world.database.db.delete(users).where(eq(users.id, world.person.userId));
    expect(await changes()).toEqual([]);
  });
});
