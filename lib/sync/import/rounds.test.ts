import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { ProviderError } from "@/lib/providers/provider-error";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { findDueCalendars, syncCalendars } from "@/lib/sync/sync-due";
import { importWorld } from "@/tests/support/import-world";
import { removed, upsert } from "@/tests/support/scripted-vendor";

const world = importWorld();
const { sync, read } = world;

const leaseLeft = async () => {
  const [row] = await world.database.db.execute<{ seconds: number }>(sql`
    select extract(epoch from lease_until - clock_timestamp())::int as seconds
    from calendars where id = ${world.calendarId}`);
  return row?.seconds ?? 0;
};

describe("a long round that finds nothing to write", () => {
  it("keeps its lease from page to page", async () => {
    const items = ["a", "b", "c"].map((id) => upsert(id));
    world.vendor.script({ pages: [{ items }], cursor: null });
    await sync();
    let left = 0;
    const nearlyOver = async () => {
      await world.database.db.execute(sql`update calendars set lease_until = clock_timestamp() + interval '2 seconds'
        where id = ${world.calendarId}`);
    };
    const look = async () => {
      left = await leaseLeft();
    };
    world.vendor.script({
      pages: [{ items: [] }, { items, before: nearlyOver }, { items }, { items, before: look }, { items }],
    });
    expect(await sync()).toMatchObject({ status: "succeeded", counts: { imported: 0, unchanged: 12 } });
    expect(left).toBeGreaterThan(60);
  });

  it("stops at the next page once its calendar was taken away", async () => {
    world.vendor.script({ pages: [{ items: [upsert("a")] }], cursor: null });
    await sync();
    let pages = 0;
    const count = async () => {
      pages += 1;
    };
    world.vendor.script({
      pages: [{ before: world.takeOver }, ...Array.from({ length: 9 }, () => ({ before: count }))],
    });
    expect(await sync()).toEqual({ status: "fenced" });
    expect(pages).toBeLessThan(3);
  });
});

describe("a round that leaves a wish open", () => {
  it("stays due, so that the next tick follows it up should this worker die here", async () => {
    const changed = sql`update calendars set change_seq = change_seq + 1 where id = ${world.calendarId}`;
    const ask = async () => {
      await world.database.db.execute(changed);
    };
    world.vendor.script(...Array.from({ length: 5 }, () => ({ pages: [{ before: ask }] })));
    expect(await sync()).toMatchObject({ status: "succeeded", rounds: 5 });
    expect(await findDueCalendars(world.database.db, world.clock.now(), world.connectionId)).toEqual([
      world.calendarId,
    ]);
    await sync();
    expect(await findDueCalendars(world.database.db, world.clock.now(), world.connectionId)).toEqual([]);
  });
});

describe("a calendar whose connection left while its tokens were read", () => {
  it("counts as taken away, not as a failure", async () => {
    world.vendor.script({
      pages: [
        {
          before: async () => {
            await world.database.db.execute(sql`update calendar_connections
              set disconnecting_at = now(), generation = generation + 1 where id = ${world.connectionId}`);
            throw new Error("a fault that comes too late to matter");
          },
        },
      ],
    });
    expect(await sync()).toEqual({ status: "fenced" });
    const [row] = await world.database.db.select().from(calendars).where(eq(calendars.id, world.calendarId));
    expect(row?.failures).toBe(0);
  });
});

describe("one meeting in two calendars", () => {
  it("blocks as long as either of them has it", async () => {
    const other = await world.addCalendar();
    const blocking = async () => {
      const rows = await world.database.db.execute<{ calendar_id: string }>(sql`
        select calendar_id from unavailabilities where user_id = ${world.person.userId} and external_event_id = 'meeting'`);
      return rows.map((row) => row.calendar_id).sort();
    };
    world.vendor.script(
      { pages: [{ items: [upsert("meeting")] }] },
      { pages: [{ items: [upsert("meeting")] }] },
    );
    await sync();
    await sync(other);
    expect(await blocking()).toEqual([world.calendarId, other].sort());
    await read([removed("meeting")]);
    expect(await blocking()).toEqual([other]);
  });
});

describe("a round that dies between its page and its end", () => {
  it("leaves word of when its calendar changed: the next one finds nothing new", async () => {
    await read([upsert("a"), upsert("b")]);
    world.clock.advance(60_000);
    const changedAt = world.clock.now();
    const last = async () =>
      (await world.database.db.select().from(calendars).where(eq(calendars.id, world.calendarId)))[0];
    const error = new ProviderError("transient");
    world.vendor.script({ pages: [{ items: [upsert("a", { title: "Renamed" })] }], error });
    await sync();
    expect(await last()).toMatchObject({ lastChangeAt: changedAt });
    world.clock.advance(60_000);
    world.vendor.script({ pages: [{ items: [upsert("a", { title: "Renamed" })] }] });
    expect(await syncCalendar(world.services, world.calendarId, "manual")).toMatchObject({
      counts: { updated: 0, unchanged: 1 },
    });
    expect(await last()).toMatchObject({ lastChangeAt: changedAt });
  });
});

describe("calendars read side by side", () => {
  it("are all read though one of them cannot even be claimed", async () => {
    const others = [];
    for (let more = 0; more < 12; more += 1) others.push(await world.addCalendar());
    const totals = await syncCalendars(world.services, ["not-an-id", ...others], "schedule");
    expect(totals).toMatchObject({ calendars: 13, succeeded: 12, failed: 1 });
  });
});

describe("a calendar that messages pour into", () => {
  const ago = (seconds: number) => new Date(world.clock.now().getTime() - seconds * 1_000);
  const isDue = async (waiting: number, notified: Date, read: Date) => {
    await world.database.db
      .update(calendars)
      .set({ changeSeq: waiting, syncedSeq: 0, changeNotifiedAt: notified, lastSyncedAt: read })
      .where(eq(calendars.id, world.calendarId));
    return (await findDueCalendars(world.database.db, world.clock.now(), world.connectionId)).includes(
      world.calendarId,
    );
  };

  it("is left by the tick to whoever waits for the end, and taken when nobody can be waiting", async () => {
    expect(await isDue(500, ago(0.5), ago(3))).toBe(false);
    expect(await isDue(500, ago(0.5), ago(17))).toBe(true);
    expect(await isDue(500, ago(2), ago(3))).toBe(true);
    expect(await isDue(2, ago(0.5), ago(3))).toBe(true);
  });
});
