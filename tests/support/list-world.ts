import { and, eq } from "drizzle-orm";
import { beforeEach } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections, calendarLists } from "@/db/schema/connections";
import { calendarWatches } from "@/db/schema/watches";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import { type PushWorld, pushWorld } from "./push-world";

export interface ListWorld extends PushWorld {
  /** The id at Google of a calendar beside the account's own. */
  second: string;
  /** What the account's owner does to its calendars at Google. */
  act<T>(what: string, body: object): Promise<T>;
  /** How often the list was read. */
  reads(): number;
  /** The list's watches. */
  lists(): Promise<(typeof calendarWatches.$inferSelect)[]>;
  connection(): Promise<typeof calendarConnections.$inferSelect>;
  /** How often the list was told to have changed, and up to which of that it was read. */
  marks(): Promise<{ changeSeq: number; readSeq: number }>;
  /** Names of the account's calendars as they are known here, in order. */
  named(): Promise<string[]>;
}

/** A push world whose account has two calendars, and a watch on its list that was heard. */
export function listWorld(): ListWorld {
  const world = pushWorld() as ListWorld;
  beforeEach(async () => {
    world.second = (await world.act<{ id: string }>("create", { summary: "Second" })).id;
    await refreshCalendars(world.services, world.connectionId);
    await world.renew();
    await world.deliver();
    world.google.sandbox.ledger.reset();
  });

  world.act = (what, body) =>
    world.google.act(`calendars/${what}`, { account: world.account.email, ...body });
  world.reads = () => world.asked("calendar.calendarList.list");
  world.lists = () =>
    world.database.db
      .select()
      .from(calendarWatches)
      .where(
        and(
          eq(calendarWatches.connectionId, world.connectionId),
          eq(calendarWatches.subject, "calendar_list"),
        ),
      );
  world.connection = async () => {
    const [row] = await world.database.db
      .select()
      .from(calendarConnections)
      .where(eq(calendarConnections.id, world.connectionId));
    if (row === undefined) throw new Error("the connection is gone");
    return row;
  };
  world.marks = async () => {
    const [row] = await world.database.db
      .select()
      .from(calendarLists)
      .where(eq(calendarLists.connectionId, world.connectionId));
    return row ?? { changeSeq: 0, readSeq: 0 };
  };
  world.named = async () => {
    const rows = await world.database.db
      .select()
      .from(calendars)
      .where(eq(calendars.connectionId, world.connectionId));
    return rows.map(({ name }) => name).sort();
  };
  return world;
}
