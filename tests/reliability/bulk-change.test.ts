import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { bulkChanges, calendarRemovals } from "@/db/schema/bulk-changes";
import { calendars } from "@/db/schema/calendars";
import { mails } from "@/db/schema/mails";
import { notifications } from "@/db/schema/notifications";
import { users } from "@/db/schema/users";
import { getBulkChange } from "@/lib/bookings/bulk-changes";
import { decideBulkChange, restoreBulkChangeEvents } from "@/lib/bookings/decide-bulk-change";
import { getBooking } from "@/lib/bookings/list-bookings";
import { listUnavailabilities } from "@/lib/bookings/unavailabilities";
import { disconnect } from "@/lib/connections/disconnect";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import { updateSettings } from "@/lib/connections/settings";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { createPerson } from "@/tests/support/factories";
import { exportWorld } from "./export-world";

const world = exportWorld();

const MINUTE_MS = 60_000;
const OURS = 3;

let ours: string[];
let foreign: string[];

const sync = async () => {
  world.pass(10_000);
  expect(await syncCalendar(world.services, world.calendarId, "push")).not.toMatchObject({
    status: "failed",
  });
};
const ask = () =>
  world.database.db.execute(
    sql`update calendars set change_seq = change_seq + 1 where id = ${world.calendarId}`,
  );
const round = async () => {
  await ask();
  await sync();
};
const full = async () => {
  await world.database.db.execute(
    sql`update calendars set cursor = null, cursor_version = null where id = ${world.calendarId}`,
  );
  await round();
};
const remove = (eventId: string) =>
  world.google.act("events/delete", { account: world.account.email, eventId });
const idsNow = async () => (await world.truth()).map((line) => line.split(" ")[0] ?? "");
const changes = () =>
  world.database.db.select().from(bulkChanges).where(eq(bulkChanges.calendarId, world.calendarId));
const change = async () => {
  const [row, ...more] = await changes();
  if (row === undefined || more.length > 0) throw new Error(`${more.length + (row ? 1 : 0)} changes`);
  return row;
};
const ctx = () => world.person.ctx(world.clock.now());
const writes = () =>
  ["insert", "patch", "update", "delete"].reduce((sum, name) => sum + world.asked(name), 0);
const mailsOwed = async () => (await world.database.db.select().from(mails)).length;
const blocked = async () => {
  const now = world.clock.now();
  const range = { from: now, to: new Date(now.getTime() + 94 * 24 * 60 * MINUTE_MS) };
  return (await listUnavailabilities(ctx(), range, { limit: 200, cursor: null })).data;
};

/** Twelve meetings of others, three bookings with their events, all read. */
beforeEach(async () => {
  world.google.sandbox.clock.set(world.clock.now());
  await world.google.act("bulk", { account: world.account.email, count: 12, days: 30 });
  ours = [];
  for (let index = 0; index < OURS; index += 1) ours.push(await world.book(50 + index * 3));
  await world.drain();
  await round();
  const mine = new Set((await world.events()).map(({ id }) => id));
  foreign = (await idsNow()).filter((id) => !mine.has(id));
  // Half a minute later, so that nothing of it counts as added by what follows.
  world.pass(30_000);
  world.google.sandbox.ledger.reset();
});

const emptyAll = async () => {
  for (const id of await idsNow()) await remove(id);
};

/** Bookings stand, nothing was written or mailed, what went is known and held. */
async function expectHeld(expected: { gone: number }): Promise<void> {
  const row = await change();
  expect(row).toMatchObject({ before: 15, gone: expected.gone, moved: 0, decision: null });
  await world.drain("schedule");
  for (const id of ours) {
    expect(await getBooking(ctx(), id)).toMatchObject({ status: "confirmed" });
    expect(await world.row(id)).toMatchObject({
      remoteState: "deleted",
      bulkChangeId: row.id,
      verify: false,
    });
  }
  expect(writes()).toBe(0);
  expect(await mailsOwed()).toBe(0);
}

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
    await world.cancel(ours[0] ?? "");
    await world.drain();
    expect(await world.row(made)).toMatchObject({ remoteState: "in_place", bulkChangeId: null });
    expect((await world.events()).length).toBe(1);
    expect(await world.row(ours[0] ?? "")).toMatchObject({ desired: "absent", writtenStart: null });
  });

  it("is not tripped by what is done here: bookings cancelled and moved by the dozen", async () => {
    for (let index = 0; index < 12; index += 1) ours.push(await world.book(100 + index * 3));
    await world.drain();
    await round();
    for (const id of foreign) await remove(id);
    world.pass(30 * MINUTE_MS);
    await round();
    await world.database.db.delete(bulkChanges);
    await world.database.db.delete(calendarRemovals);
    for (const [index, id] of ours.entries()) {
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
    for (const id of foreign) await remove(id);
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

describe("its owner's word", () => {
  beforeEach(async () => {
    await emptyAll();
    await round();
    await world.drain();
  });

  it("accept: everything stands as after single deletions, and nobody is asked any more", async () => {
    const { id } = await change();
    const answer = await decideBulkChange(world.services, ctx(), id, { decision: "accept" });
    expect(answer).toMatchObject({ status: "accepted", kind: "emptied", gone: 15, heldTimes: 0 });
    expect(answer.bookings.map(({ event }) => event.code)).toEqual(ours.map(() => "deleted_externally"));
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
    const { id } = await change();
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
    const { id } = await change();
    const [first] = await world.database.db
      .select()
      .from(calendarRemovals)
      .where(eq(calendarRemovals.externalId, foreign[0] ?? ""));
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
    const { id } = await change();
    await restoreBulkChangeEvents(world.services, ctx(), id);
    await restoreBulkChangeEvents(world.services, ctx(), id);
    await world.drain();
    await world.expectAgreement();
    const written = writes();
    await restoreBulkChangeEvents(world.services, ctx(), id);
    await world.drain();
    expect(writes()).toBe(written);
    const { bookings, status } = await getBulkChange(ctx(), id);
    expect(bookings.map(({ event }) => event.status)).toEqual(ours.map(() => "synced"));
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
    const { id } = await change();
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
    const { id } = await change();
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
    await decideBulkChange(world.services, ctx(), (await change()).id, { decision: "hold" });
    await world.database.db.delete(users).where(eq(users.id, world.person.userId));
    expect(await changes()).toEqual([]);
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
    expect(await change()).toMatchObject({ before: 15, gone: 15 });
    expect(await blocked()).toEqual([]);
    await world.drain("schedule");
    const { id } = await change();
    for (const booking of ours) {
      expect(await world.row(booking)).toMatchObject({ remoteState: "in_place", bulkChangeId: id });
    }
    empty = false;
    await full();
    expect(await changes()).toEqual([]);
    expect(await blocked()).toHaveLength(12);
    await world.drain("schedule");
    for (const booking of ours) {
      expect(await world.row(booking)).toMatchObject({ remoteState: "in_place", bulkChangeId: null });
    }
    expect(writes()).toBe(0);
    expect(await mailsOwed()).toBe(0);
  });
});
