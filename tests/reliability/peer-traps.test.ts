import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { bookings } from "@/db/schema/bookings";
import { calendarSyncEvents, calendars } from "@/db/schema/calendars";
import { oauthTokens } from "@/db/schema/connections";
import { JOBS } from "@/inngest/jobs";
import { importWindow } from "@/lib/calendar/window";
import { withAccess } from "@/lib/connections/access";
import type { Services } from "@/lib/connections/services";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { createBookingRow, createServiceRow } from "@/tests/support/booking-factories";
import { exportBooking, exportRows } from "@/tests/support/exported";
import { testServices } from "@/tests/support/factories";
import { scriptedVendor } from "@/tests/support/scripted-vendor";
import { vendorWorld } from "./vendor-world";

const DAY_MS = 86_400_000;

const world = vendorWorld();
const act = <T = { id: string }>(what: string, body: object) =>
  world.google.act<T>(what, { account: world.account.email, ...body });
const bulk = (count: number, days = 80) => act("bulk", { count, days });
const day = (offset: number) =>
  new Date(world.clock.now().getTime() + offset * DAY_MS).toISOString().slice(0, 10);
const timed = (days: number) => {
  const at = Math.floor(world.clock.now().getTime() / 60_000) * 60_000 + days * DAY_MS;
  const iso = (ms: number) => ({ dateTime: new Date(ms).toISOString() });
  return { start: iso(at), end: iso(at + 3_600_000) };
};
const agree = async () => expect(await world.stored()).toEqual(await world.truth());
const loseCursor = () => act("calendars/invalidate-tokens", {});

/** So much time passes at once; then the schedule works as if nothing had happened. */
async function jump(ms: number): Promise<void> {
  world.clock.advance(ms);
  world.google.sandbox.clock.set(world.clock.now());
  world.google.sandbox.vault.expireAccess(world.account.email);
  await world.minutes(7);
}

describe("trap 1: an unreadable answer that deletes what we hold", () => {
  it("trap 1: an event that cannot be read stays and goes on blocking", async () => {
    await bulk(3);
    await world.minutes(1);
    const before = await world.stored();
    world.fetchThrough((fetch) => async (input, init) => {
      const answer = await fetch(input, init);
      if (!answer.headers.get("content-type")?.includes("json")) return answer;
      const body = (await answer.json()) as { items?: { start?: unknown }[] };
      for (const item of body.items ?? []) item.start = { nonsense: true };
      return new Response(JSON.stringify(body), { status: answer.status, headers: answer.headers });
    });
    await act("events/edit", { eventId: before[0]?.split(" ")[0], change: { summary: "Changed" } });
    await world.minutes(10);
    expect(await world.stored()).toEqual(before);
  });
});

describe("trap 2: a lost cursor whose missed changes are never looked for", () => {
  it("trap 2: what changed before the cursor was lost is found in the same run", async () => {
    await bulk(10);
    await world.minutes(1);
    const before = await world.stored();
    await act("events/delete", { eventId: before[3]?.split(" ")[0] });
    await act("events/create", { event: { summary: "meanwhile", ...timed(5) } });
    await loseCursor();
    expect(await syncCalendar(world.services, world.calendarId, "manual")).toMatchObject({
      status: "succeeded",
      counts: { imported: 1, removed: 1, unchanged: 9 },
    });
    await agree();
  });
});

/** A booking a day ahead, with its event in the calendar. */
async function exported() {
  const { person, connectionId, calendarId, account, google } = world;
  const start = Math.floor(world.clock.now().getTime() / 60_000) * 60_000 + DAY_MS;
  const [startsAt, endsAt] = [new Date(start), new Date(start + 3_600_000)];
  const service = await createServiceRow(world.database.db, person.userId);
  const bookingId = await createBookingRow(world.database.db, service, { startsAt, endsAt, address: "Lyon" });
  const place = { userId: person.userId, connectionId, calendarId, calendarExternalId: account.email };
  const words = {
    start: startsAt.toISOString(),
    end: endsAt.toISOString(),
    title: "Visit",
    location: "Lyon",
  };
  const eventId = await exportBooking(
    world.services,
    { ...google, access: account },
    bookingId,
    place,
    words,
  );
  const booking = async () =>
    (await world.database.db.select().from(bookings).where(eq(bookings.id, bookingId)))[0];
  return { bookingId, eventId, booking };
}

const blocking = async () =>
  world.database.db.execute<{ external_event_id: string }>(
    sql`select external_event_id from unavailabilities where user_id = ${world.person.userId}`,
  );
const remoteState = async () =>
  (await exportRows(world.database.db, world.person.userId)).map((row) => row.remoteState);

describe("trap 4: our own events, and what their owner does to them", () => {
  it("trap 4: our own event never blocks, through every way it comes back", async () => {
    const { eventId } = await exported();
    await bulk(3);
    await world.minutes(7);
    const ways = [
      loseCursor,
      () => jump(DAY_MS / 2),
      () => act("events/edit", { eventId, change: { colorId: "4" } }),
    ];
    for (const way of ways) {
      await way();
      await world.minutes(7);
      expect((await blocking()).map((row) => row.external_event_id)).not.toContain(eventId);
      expect(await remoteState()).toEqual(["in_place"]);
    }
    expect((await world.truth()).filter((line) => line.startsWith(eventId))).toHaveLength(1);
  });

  it("trap 4: what its owner does to our event is noticed, and stays as they made it", async () => {
    const { eventId } = await exported();
    await world.minutes(7);
    await act("events/edit", { eventId, change: { summary: "Their own words", ...timed(3) } });
    await world.minutes(7);
    const theirs = await world.truth();
    expect(await remoteState()).toEqual(["moved"]);
    expect((await blocking()).map((row) => row.external_event_id)).toEqual([eventId]);
    await loseCursor();
    await jump(3_600_000);
    expect(await world.truth()).toEqual(theirs);
  });
});

describe("trap 5: a vendor that answers 410 again and again", () => {
  it("trap 5: 410 to everything costs a bounded number of requests an hour, and frees nothing", async () => {
    await bulk(10);
    await world.minutes(1);
    const before = await world.stored();
    const asked = world.requests();
    world.arm({ kind: "gone" });
    await world.minutes(60);
    expect(world.requests() - asked).toBeLessThanOrEqual(60);
    expect(await world.stored()).toEqual(before);
    const [row] = await world.database.db.select().from(calendars).where(eq(calendars.id, world.calendarId));
    expect(row).toMatchObject({ lastErrorKind: "gone_cursor" });
    world.google.sandbox.faults.disarm();
    await world.minutes(10);
    await agree();
  });

  it("trap 5: a cursor lost before each round costs one full round each time, and is counted", async () => {
    await bulk(10);
    await world.minutes(1);
    const asked = world.requests();
    for (let minute = 0; minute < 60; minute += 1) {
      await loseCursor();
      await world.minutes(1);
    }
    expect(world.requests() - asked).toBeLessThanOrEqual(2 * 16);
    await agree();
    const [row] = await world.database.db.select().from(calendars).where(eq(calendars.id, world.calendarId));
    expect(row?.cursorLosses).toBeGreaterThan(5);
  });
});

describe("trap 6: what a calendar cache got wrong", () => {
  it("trap 6c: every page of a delta is read, not the first alone", async () => {
    await world.minutes(1);
    const asked = world.requests();
    await bulk(2_700);
    await world.minutes(6);
    expect(world.requests() - asked).toBeGreaterThan(1);
    expect(await world.stored()).toHaveLength(2_700);
    await agree();
  });

  it("trap 6d: a renewed refresh token is stored before its access token is used, for every process", async () => {
    const vendor = scriptedVendor();
    const given: string[] = [];
    let serial = 0;
    vendor.provider.oauth.refresh = async (refreshToken) => {
      given.push(refreshToken);
      serial += 1;
      return {
        accessToken: `access-${serial}`,
        refreshToken: `refresh-${serial}`,
        expiresInSeconds: 3_600,
        scopes: null,
      };
    };
    const process = (): Services =>
      testServices(world.database.db, [vendor.provider], {
        clock: world.clock,
        masterKeys: world.services.masterKeys,
      });
    for (let round = 0; round < 3; round += 1) {
      world.clock.advance(2 * 3_600_000);
      await withAccess(process(), world.connectionId, async ({ accessToken }) => {
        expect(accessToken).toBe(`access-${round + 1}`);
        const [row] = await world.database.db
          .select()
          .from(oauthTokens)
          .where(eq(oauthTokens.connectionId, world.connectionId));
        expect(row?.accessExpiresAt.getTime()).toBeGreaterThan(world.clock.now().getTime());
      });
    }
    expect(given).toEqual([world.account.refreshToken, "refresh-1", "refresh-2"]);
  });

  it("trap 6e: a cursor never gets ahead of the rows it stands for", async () => {
    await bulk(10);
    await world.minutes(1);
    const cursorOf = async () => {
      const rows = await world.database.db.select().from(calendars).where(eq(calendars.id, world.calendarId));
      return rows[0]?.cursor;
    };
    const before = await cursorOf();
    await act("events/create", { event: { summary: "new", ...timed(4) } });
    await world.database.db.execute(sql`create or replace function refuse() returns trigger language plpgsql as $$
      begin raise exception 'no room'; end $$`);
    await world.database.db.execute(sql`create trigger refuse before insert on calendar_sync_events
      for each row execute function refuse()`);
    await world.minutes(7);
    expect(await cursorOf()).toBe(before);
    await world.database.db.execute(sql`drop trigger refuse on calendar_sync_events`);
    await world.minutes(7);
    expect(await cursorOf()).not.toBe(before);
    await agree();
  });

  it("trap 6g: a holiday that began days ago and still lasts is kept", async () => {
    await act("events/create", {
      event: { summary: "Holiday", start: { date: day(-5) }, end: { date: day(3) } },
    });
    await act("events/create", {
      event: { summary: "Long", start: timed(-4).start, end: timed(2).end },
    });
    await world.minutes(1);
    expect(await world.stored()).toHaveLength(2);
    const blocked = await world.database.db.execute(sql`select from unavailabilities
      where user_id = ${world.person.userId} and starts_at < ${world.clock.now().toISOString()}::timestamptz
        and ends_at > ${world.clock.now().toISOString()}::timestamptz`);
    expect(blocked).toHaveLength(2);
  });

  it("trap 6h: a day begins at midnight of its calendar's zone, not of UTC", async () => {
    await act("calendars/change", { timeZone: "Asia/Kathmandu" });
    await act("events/create", { event: { summary: "Day", start: { date: day(3) }, end: { date: day(4) } } });
    await world.minutes(1);
    const [row] = await world.database.db
      .select()
      .from(calendarSyncEvents)
      .where(eq(calendarSyncEvents.calendarId, world.calendarId));
    const midnight = Date.parse(`${day(3)}T00:00:00+05:45`);
    expect([row?.startsAt.getTime(), row?.endsAt.getTime()]).toEqual([midnight, midnight + DAY_MS]);
  });

  it("trap 6i: the window rolls: what lay beyond it months ago is there when it comes near", async () => {
    const { id } = await act("events/create", { event: { summary: "Far", ...timed(150) } });
    await act("events/create", {
      event: { summary: "Weekly", ...timed(1), recurrence: ["RRULE:FREQ=WEEKLY"] },
    });
    await world.minutes(1);
    expect((await world.stored()).some((line) => line.startsWith(id))).toBe(false);
    for (let month = 0; month < 3; month += 1) await jump(30 * DAY_MS);
    expect((await world.stored()).some((line) => line.startsWith(id))).toBe(true);
    const ahead = importWindow(world.clock.now()).end.getTime() - 9 * DAY_MS;
    expect((await world.stored()).some((line) => Number(line.split(" ")[1]) > ahead)).toBe(true);
  });
});

describe("trap 6j: a calendar's word against a booking", () => {
  it("trap 6j: a move in the calendar changes nothing of its booking", async () => {
    const { eventId, booking } = await exported();
    await world.minutes(7);
    const before = await booking();
    await act("events/edit", { eventId, change: { summary: "Moved", location: "Nice", ...timed(3) } });
    await world.minutes(7);
    expect(await remoteState()).toEqual(["moved"]);
    expect(await booking()).toEqual(before);
  });
});

describe("every job run eight days ahead", () => {
  it("leaves nothing behind that keeps the real schedule from working within one tick", async () => {
    await bulk(10);
    await world.minutes(1);
    const now = world.clock.now();
    world.clock.advance(8 * DAY_MS);
    for (const job of Object.values(JOBS)) await job(world.services, { connectionId: world.connectionId });
    world.clock.set(now);
    await act("events/create", { event: { summary: "back", ...timed(4) } });
    await world.minutes(1);
    await agree();
  });
});
