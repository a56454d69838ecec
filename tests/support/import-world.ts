import { eq, sql } from "drizzle-orm";
import { calendarSyncEvents, calendars } from "@/db/schema/calendars";
import type { RoundItem } from "@/lib/calendar/round-item";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { type CalendarWorld, calendarWorld } from "./calendar-world";
import type { ScriptedPage } from "./scripted-vendor";

/** What a verb here does or asks is of the world's own calendar where none is named. */
export interface ImportWorld extends CalendarWorld {
  /** A scheduled run, in which the vendor says what the test has scripted. */
  sync(id?: string): ReturnType<typeof syncCalendar>;
  /** The same of these pages. */
  readPages(pages: ScriptedPage[], id?: string): ReturnType<typeof syncCalendar>;
  /** The same of these on one page. */
  read(items: RoundItem[], id?: string): ReturnType<typeof syncCalendar>;
  /** The next round of the calendar is a full one. */
  loseCursor(): Promise<unknown>;
  /** Another worker takes the calendar from the one that reads it. */
  takeOver(): Promise<void>;
  calendar(id?: string): Promise<typeof calendars.$inferSelect>;
  /** External ids of the calendar's stored events, in order. */
  stored(id?: string): Promise<string[]>;
  /** External ids of what takes the person's time, in order. */
  blocked(): Promise<string[]>;
}

/** A calendar world whose calendar is read, page by page as a test has it. */
export function importWorld(calendar: Partial<typeof calendars.$inferInsert> = {}): ImportWorld {
  const world = calendarWorld(calendar) as ImportWorld;
  world.sync = (id = world.calendarId) => syncCalendar(world.services, id, "schedule");
  world.readPages = (pages, id) => {
    world.vendor.script({ pages });
    return world.sync(id);
  };
  world.read = (items, id) => world.readPages([{ items }], id);
  world.loseCursor = () =>
    world.database.db
      .update(calendars)
      .set({ cursor: null, cursorVersion: null })
      .where(eq(calendars.id, world.calendarId));
  world.takeOver = async () => {
    await world.database.db.execute(sql`update calendars set lease_epoch = lease_epoch + 1,
      lease_until = clock_timestamp() + interval '90 seconds' where id = ${world.calendarId}`);
  };
  world.calendar = async (id = world.calendarId) => {
    const [row] = await world.database.db.select().from(calendars).where(eq(calendars.id, id));
    if (row === undefined) throw new Error("the calendar is gone");
    return row;
  };
  world.stored = async (id = world.calendarId) => {
    const rows = await world.database.db
      .select()
      .from(calendarSyncEvents)
      .where(eq(calendarSyncEvents.calendarId, id));
    return rows.map(({ externalId }) => externalId).sort();
  };
  world.blocked = async () => {
    const rows = await world.database.db.execute<{ external_event_id: string }>(sql`
      select external_event_id from unavailabilities where user_id = ${world.person.userId} order by 1`);
    return rows.map((row) => row.external_event_id);
  };
  return world;
}
