import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bookings } from "@/db/schema/bookings";
import { calendarExportedBookings } from "@/db/schema/exports";
import { outbox } from "@/db/schema/work";
import { withProviderTime } from "@/db/transaction";
import { chooseTarget } from "@/lib/connections/choose-target";
import { disconnect } from "@/lib/connections/disconnect";
import { planExports } from "@/lib/connections/plan-exports";
import type { Services } from "@/lib/connections/services";
import { exportConnection } from "@/lib/sync/export/export-connection";
import { finishDisconnect } from "@/lib/sync/finish-disconnect";
import { createBookingRow, createServiceRow } from "@/tests/support/booking-factories";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import {
  createCalendar,
  createConnection,
  createPerson,
  type Person,
  type TestClock,
  testClock,
  testServices,
} from "@/tests/support/factories";
import { type ScriptedVendor, scriptedVendor } from "@/tests/support/scripted-vendor";

const MINUTE_MS = 60_000;
const START = new Date("2026-11-24T10:00:00.000Z");
const LATER = new Date("2026-11-25T10:00:00.000Z");
const hourFrom = (startsAt: Date) => ({ startsAt, endsAt: new Date(startsAt.getTime() + 3_600_000) });

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

let vendor: ScriptedVendor;
let clock: TestClock;
let services: Services;
let person: Person;
let connectionId: string;
let bookingId: string;

async function begin(options: { choosesIds?: boolean } = {}): Promise<void> {
  vendor = scriptedVendor(options);
  clock = testClock();
  services = testServices(database.db, [vendor.provider], { clock });
  person = await createPerson(database.db);
  connectionId = await createConnection(services, person);
  const target = await createCalendar(services, connectionId, person);
  await database.db.execute(
    sql`update calendar_connections set target_calendar_id = ${target} where id = ${connectionId}`,
  );
  bookingId = await createBookingRow(
    database.db,
    await createServiceRow(database.db, person.userId),
    hourFrom(START),
  );
  await change({});
}

async function change(to: Partial<typeof bookings.$inferInsert>): Promise<void> {
  await withProviderTime(database.db, person.userId, async (tx) => {
    await tx
      .update(bookings)
      .set({ updatedAt: clock.now(), ...to })
      .where(eq(bookings.id, bookingId));
    await planExports(tx, { userId: person.userId, bookingIds: [bookingId], touch: true }, clock.now());
  });
}

const cancel = () => change({ status: "cancelled", cancelledAt: clock.now() });
const drain = () => exportConnection(services, connectionId, "booking");
const verbs = () => vendor.events.calls.map((call) => call.split(" ")[0]);
const starts = () =>
  vendor.events
    .live()
    .map(({ event }) => (event.start.kind === "instant" ? event.start.at : event.start.date));
async function row() {
  const [found] = await database.db
    .select()
    .from(calendarExportedBookings)
    .where(eq(calendarExportedBookings.bookingId, bookingId));
  if (found === undefined) throw new Error("no row");
  return found;
}

describe("one event at a vendor that takes our ids", () => {
  beforeEach(() => begin());

  it("is named before it is made", async () => {
    let before: string | null = null;
    vendor.events.during("create", async () => {
      before = (await row()).externalId;
    });
    await drain();
    expect(before).toBe((await row()).externalId);
    expect(verbs()).toEqual(["create"]);
  });

  it.each([
    ["moved", () => change(hourFrom(LATER)), [LATER]],
    ["cancelled", cancel, []],
  ])("of a booking %s while it is being made ends as the booking is", async (_what, act, expected) => {
    vendor.events.during("create", act);
    await drain();
    expect(starts()).toEqual(expected);
    expect(await row()).toMatchObject({ wantedSeq: 2, doneSeq: 2 });
  });

  it("moved while an update is on its way is updated once more, with the newest time", async () => {
    await drain();
    await change(hourFrom(new Date("2026-11-24T12:00:00.000Z")));
    vendor.events.during("update", () => change(hourFrom(LATER)));
    await drain();
    expect(starts()).toEqual([LATER]);
    expect(verbs()).toEqual(["create", "update", "update"]);
  });

  it("is no failure when noting it met a deadlock", async () => {
    await database.db.execute(sql`create sequence deadlocks`);
    await database.db.execute(sql`create function meet_deadlock() returns trigger language plpgsql as $$
      begin
        if new.written_start is not null and nextval('deadlocks') = 1 then
          raise exception using errcode = '40P01';
        end if;
        return new;
      end $$`);
    await database.db.execute(sql`create trigger deadlock before update on calendar_exported_bookings
      for each row execute function meet_deadlock()`);
    const outcome = await drain();
    await database.db.execute(sql`drop trigger deadlock on calendar_exported_bookings`);
    expect(outcome).toEqual({ exported: 1, failed: 0 });
    expect(verbs()).toEqual(["create"]);
  });

  it("is not written by a worker whose connection left meanwhile, but remembered for its removal", async () => {
    vendor.events.during("create", () =>
      disconnect(services, person.ctx(clock.now()), connectionId, { exportedEvents: "remove" }),
    );
    expect(await drain()).toEqual({ exported: 0, failed: 0 });
    expect(vendor.events.live()).toHaveLength(1);
    expect(await row()).toMatchObject({ desired: "absent", writtenStart: null, leaseUntil: null });
    await finishDisconnect(services, connectionId).catch(() => undefined);
    expect(vendor.events.live()).toEqual([]);
  });

  it("that moves to another account goes when it is there, and not before", async () => {
    await drain();
    const other = await createConnection(services, person);
    const calendarId = await createCalendar(services, other, person);
    await chooseTarget(services, person.ctx(clock.now()), { connectionId: other, calendarId });
    await drain();
    expect(verbs()).toEqual(["create"]);
    await database.db.delete(outbox);
    await exportConnection(services, other, "booking");
    expect((await database.db.select().from(outbox)).map(({ data }) => data)).toEqual([{ connectionId }]);
    await drain();
    expect(verbs()).toEqual(["create", "create", "remove"]);
    expect(vendor.events.live()).toHaveLength(1);
  });

  it("that never comes to an end is left for later, not asked for without end", async () => {
    await drain();
    await change(hourFrom(LATER));
    const { externalId } = await row();
    for (let times = 0; times < 9; times += 1) {
      vendor.events.during("update", async () => vendor.events.edit(externalId ?? "", {}));
    }
    expect(await drain()).toEqual({ exported: 0, failed: 1 });
    expect(verbs().length).toBeLessThan(12);
    expect(await row()).toMatchObject({ errorCode: "transient", attempts: 1 });
  });

  it("waits longer after each failure, and as long as its vendor asks", async () => {
    const waits: number[] = [];
    for (let times = 0; times < 8; times += 1) {
      vendor.events.fail({ call: "create", kind: "transient" });
      await drain();
      const { nextAttemptAt } = await row();
      waits.push(nextAttemptAt.getTime() - clock.now().getTime());
      clock.set(nextAttemptAt);
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBeLessThanOrEqual(5 * MINUTE_MS);
    vendor.events.fail({ call: "create", kind: "rate_limited", retryAfterMs: 10 * MINUTE_MS });
    await drain();
    expect((await row()).nextAttemptAt.getTime()).toBeGreaterThanOrEqual(
      clock.now().getTime() + 10 * MINUTE_MS,
    );
    clock.advance(11 * MINUTE_MS);
    expect(await drain()).toEqual({ exported: 1, failed: 0 });
    expect(await row()).toMatchObject({ attempts: 0, errorCode: null });
  });
});

describe("one event at a vendor that chooses ids", () => {
  beforeEach(() => begin({ choosesIds: true }));

  it("is made, moved and removed by the id it was given", async () => {
    await drain();
    expect((await row()).externalId).toBe("own-1");
    await change(hourFrom(LATER));
    await drain();
    expect(starts()).toEqual([LATER]);
    await cancel();
    await drain();
    expect(vendor.events.live()).toEqual([]);
    expect(verbs()).toEqual(["create", "update", "remove"]);
  });

  it("whose making was not answered is found by its key, as the booking is by then", async () => {
    vendor.events.fail({ call: "create", kind: "transient", when: "after" });
    await drain();
    await change(hourFrom(LATER));
    clock.advance(MINUTE_MS);
    expect(await drain()).toEqual({ exported: 1, failed: 0 });
    expect(verbs()).toEqual(["create", "find", "update"]);
    expect(starts()).toEqual([LATER]);
  });

  it("whose making was not answered is found to be removed", async () => {
    vendor.events.fail({ call: "create", kind: "transient", when: "after" });
    await drain();
    await cancel();
    await drain();
    expect(vendor.events.live()).toEqual([]);
  });

  it("whose making was not answered is found when its connection leaves", async () => {
    vendor.events.fail({ call: "create", kind: "transient", when: "after" });
    await drain();
    await disconnect(services, person.ctx(clock.now()), connectionId, { exportedEvents: "remove" });
    await finishDisconnect(services, connectionId).catch(() => undefined);
    expect(vendor.events.live()).toEqual([]);
  });
});
