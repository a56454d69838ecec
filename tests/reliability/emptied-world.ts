import { eq, sql } from "drizzle-orm";
import { beforeEach, expect } from "vitest";
import { bulkChanges } from "@/db/schema/bulk-changes";
import { mails } from "@/db/schema/mails";
import { getBooking } from "@/lib/bookings/list-bookings";
import { listUnavailabilities } from "@/lib/bookings/unavailabilities";
import type { Ctx } from "@/lib/organizations/context";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { type ExportWorld, exportWorld } from "./export-world";

const OURS = 3;
const OTHERS = 12;
const DAY_MS = 86_400_000;

type BulkChange = typeof bulkChanges.$inferSelect;

export interface EmptiedWorld extends ExportWorld {
  /** The bookings whose events are in the calendar. */
  ours: string[];
  /** Ids of the events of others. */
  foreign: string[];
  ctx(): Ctx;
  /** The calendar is asked for and read, a little later. */
  round(): Promise<void>;
  /** The same, with all of it read anew. */
  full(): Promise<void>;
  /** Its owner deletes an event, or all of them. */
  remove(eventId: string): Promise<unknown>;
  emptyAll(): Promise<void>;
  /** Ids of the events that are in the calendar now. */
  idsNow(): Promise<string[]>;
  changes(): Promise<BulkChange[]>;
  /** The one wholesale change there is. */
  bulkChange(): Promise<BulkChange>;
  /** How often anything was written to the calendar. */
  writes(): number;
  mailsOwed(): Promise<number>;
  blocked(): Promise<Awaited<ReturnType<typeof listUnavailabilities>>["data"]>;
  /** Bookings stand, nothing was written or mailed, what went is known and held. */
  expectHeld(expected: { gone: number }): Promise<void>;
}

/** Twelve meetings of others and three bookings with their events, all read, for tests in which much of it goes. */
export function emptiedWorld(): EmptiedWorld {
  const world = exportWorld() as EmptiedWorld;
  beforeEach(async () => {
    const { google, account } = world;
    google.sandbox.clock.set(world.clock.now());
    await google.act("bulk", { account: account.email, count: OTHERS, days: 30 });
    world.ours = [];
    for (let index = 0; index < OURS; index += 1) world.ours.push(await world.book(50 + index * 3));
    await world.drain();
    await world.round();
    const mine = new Set((await world.events()).map(({ id }) => id));
    world.foreign = (await world.idsNow()).filter((id) => !mine.has(id));
    // Half a minute later, so that nothing of it counts as added by what follows.
    world.pass(30_000);
    google.sandbox.ledger.reset();
  });

  world.ctx = () => world.person.ctx(world.clock.now());
  const run = (statement: ReturnType<typeof sql>) => world.database.db.execute(statement);
  world.round = async () => {
    await run(sql`update calendars set change_seq = change_seq + 1 where id = ${world.calendarId}`);
    world.pass(10_000);
    const outcome = await syncCalendar(world.services, world.calendarId, "push");
    expect(outcome).not.toMatchObject({ status: "failed" });
  };
  world.full = async () => {
    await run(sql`update calendars set cursor = null, cursor_version = null where id = ${world.calendarId}`);
    await world.round();
  };
  world.remove = (eventId) => world.owner("delete", { eventId });
  world.emptyAll = async () => {
    for (const id of await world.idsNow()) await world.remove(id);
  };
  world.idsNow = async () => (await world.truth()).map((line) => line.split(" ")[0] ?? "");
  world.changes = () =>
    world.database.db.select().from(bulkChanges).where(eq(bulkChanges.calendarId, world.calendarId));
  world.bulkChange = async () => {
    const [row, ...more] = await world.changes();
    if (row === undefined || more.length > 0) throw new Error(`${more.length + (row ? 1 : 0)} changes`);
    return row;
  };
  world.writes = () =>
    ["insert", "patch", "update", "delete"].reduce((sum, name) => sum + world.asked(name), 0);
  world.mailsOwed = async () => (await world.database.db.select().from(mails)).length;
  world.blocked = async () => {
    const now = world.clock.now();
    const range = { from: now, to: new Date(now.getTime() + 94 * DAY_MS) };
    return (await listUnavailabilities(world.ctx(), range, { limit: 200, cursor: null })).data;
  };
  world.expectHeld = async ({ gone }) => {
    const row = await world.bulkChange();
    expect(row).toMatchObject({ before: OTHERS + OURS, gone, moved: 0, decision: null });
    await world.drain("schedule");
    const held = { remoteState: "deleted", bulkChangeId: row.id, verify: false };
    for (const id of world.ours) {
      expect(await getBooking(world.ctx(), id)).toMatchObject({ status: "confirmed" });
      expect(await world.row(id)).toMatchObject(held);
    }
    expect(world.writes()).toBe(0);
    expect(await world.mailsOwed()).toBe(0);
  };
  return world;
}
