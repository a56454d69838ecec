import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { calendars } from "@/db/schema/calendars";
import type { Services } from "@/lib/connections/services";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { findDueCalendars, syncCalendars } from "@/lib/sync/sync-due";
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
import { removed, type ScriptedVendor, scriptedVendor, upsert } from "@/tests/support/scripted-vendor";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

let vendor: ScriptedVendor;
let services: Services;
let clock: TestClock;
let person: Person;
let connectionId: string;
let calendarId: string;

beforeEach(async () => {
  vendor = scriptedVendor();
  clock = testClock();
  services = testServices(database.db, [vendor.provider], { clock });
  person = await createPerson(database.db);
  connectionId = await createConnection(services, person);
  calendarId = await createCalendar(services, connectionId, person);
});

const leaseLeft = async () => {
  const [row] = await database.db.execute<{ seconds: number }>(sql`
    select extract(epoch from lease_until - clock_timestamp())::int as seconds
    from calendars where id = ${calendarId}`);
  return row?.seconds ?? 0;
};
const sync = () => syncCalendar(services, calendarId, "schedule");

describe("a long round that finds nothing to write", () => {
  it("keeps its lease from page to page", async () => {
    const items = ["a", "b", "c"].map((id) => upsert(id));
    vendor.script({ pages: [{ items }], cursor: null });
    await sync();
    let left = 0;
    const nearlyOver = async () => {
      await database.db.execute(sql`update calendars set lease_until = clock_timestamp() + interval '2 seconds'
        where id = ${calendarId}`);
    };
    const look = async () => {
      left = await leaseLeft();
    };
    vendor.script({
      pages: [{ items: [] }, { items, before: nearlyOver }, { items }, { items, before: look }, { items }],
    });
    expect(await sync()).toMatchObject({ status: "succeeded", counts: { imported: 0, unchanged: 12 } });
    expect(left).toBeGreaterThan(60);
  });

  it("stops at the next page once its calendar was taken away", async () => {
    vendor.script({ pages: [{ items: [upsert("a")] }], cursor: null });
    await sync();
    const take = async () => {
      await database.db.execute(sql`update calendars set lease_epoch = lease_epoch + 1,
        lease_until = clock_timestamp() + interval '90 seconds' where id = ${calendarId}`);
    };
    let pages = 0;
    const count = async () => {
      pages += 1;
    };
    vendor.script({ pages: [{ before: take }, ...Array.from({ length: 9 }, () => ({ before: count }))] });
    expect(await sync()).toEqual({ status: "fenced" });
    expect(pages).toBeLessThan(3);
  });
});

describe("a round that leaves a wish open", () => {
  it("stays due, so that the next tick follows it up should this worker die here", async () => {
    const changed = sql`update calendars set change_seq = change_seq + 1 where id = ${calendarId}`;
    const ask = async () => {
      await database.db.execute(changed);
    };
    vendor.script(...Array.from({ length: 5 }, () => ({ pages: [{ before: ask }] })));
    expect(await sync()).toMatchObject({ status: "succeeded", rounds: 5 });
    expect(await findDueCalendars(database.db, clock.now(), connectionId)).toEqual([calendarId]);
    await sync();
    expect(await findDueCalendars(database.db, clock.now(), connectionId)).toEqual([]);
  });
});

describe("a calendar whose connection left while its tokens were read", () => {
  it("counts as taken away, not as a failure", async () => {
    vendor.script({
      pages: [
        {
          before: async () => {
            await database.db.execute(sql`update calendar_connections
              set disconnecting_at = now(), generation = generation + 1 where id = ${connectionId}`);
            throw new Error("a fault that comes too late to matter");
          },
        },
      ],
    });
    expect(await sync()).toEqual({ status: "fenced" });
    const [row] = await database.db.select().from(calendars).where(eq(calendars.id, calendarId));
    expect(row?.failures).toBe(0);
  });
});

describe("one meeting in two calendars", () => {
  it("blocks as long as either of them has it", async () => {
    const other = await createCalendar(services, connectionId, person);
    const blocking = async () => {
      const rows = await database.db.execute<{ calendar_id: string }>(sql`
        select calendar_id from unavailabilities where user_id = ${person.userId} and external_event_id = 'meeting'`);
      return rows.map((row) => row.calendar_id).sort();
    };
    vendor.script({ pages: [{ items: [upsert("meeting")] }] }, { pages: [{ items: [upsert("meeting")] }] });
    await sync();
    await syncCalendar(services, other, "schedule");
    expect(await blocking()).toEqual([calendarId, other].sort());
    vendor.script({ pages: [{ items: [removed("meeting")] }] });
    await sync();
    expect(await blocking()).toEqual([other]);
  });
});

describe("calendars read side by side", () => {
  it("are all read though one of them cannot even be claimed", async () => {
    const others = [];
    for (let more = 0; more < 12; more += 1)
      others.push(await createCalendar(services, connectionId, person));
    const totals = await syncCalendars(services, ["not-an-id", ...others], "schedule");
    expect(totals).toMatchObject({ calendars: 13, succeeded: 12, failed: 1 });
  });
});

describe("a calendar that messages pour into", () => {
  const ago = (seconds: number) => new Date(clock.now().getTime() - seconds * 1_000);
  const isDue = async (waiting: number, notified: Date, read: Date) => {
    await database.db
      .update(calendars)
      .set({ changeSeq: waiting, syncedSeq: 0, changeNotifiedAt: notified, lastSyncedAt: read })
      .where(eq(calendars.id, calendarId));
    return (await findDueCalendars(database.db, clock.now(), connectionId)).includes(calendarId);
  };

  it("is left by the tick to whoever waits for the end, and taken when nobody can be waiting", async () => {
    expect(await isDue(500, ago(0.5), ago(3))).toBe(false);
    expect(await isDue(500, ago(0.5), ago(17))).toBe(true);
    expect(await isDue(500, ago(2), ago(3))).toBe(true);
    expect(await isDue(2, ago(0.5), ago(3))).toBe(true);
  });
});
