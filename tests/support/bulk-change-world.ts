import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { bulkChanges, calendarRemovals } from "@/db/schema/bulk-changes";
import { calendars } from "@/db/schema/calendars";
import { notifications } from "@/db/schema/notifications";
import { auditLog } from "@/db/schema/work";
import type { RoundItem } from "@/lib/calendar/round-item";
import { type ImportWorld, importWorld } from "./import-world";
import { at, removed, upsert } from "./scripted-vendor";

export const MINUTE_MS = 60_000;

/** The hour of an event: each one of its own, from tomorrow on. */
export const hour = (index: number, later = 0) => {
  const start = Date.UTC(2026, 10, 24, 0) + (index * 2 + later) * 60 * MINUTE_MS;
  return {
    start: at(new Date(start)),
    end: at(new Date(start + 60 * MINUTE_MS)),
  };
};
export const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => index + from);
export const meetings = (count: number, from = 0) =>
  numbers(count, from).map((n) => upsert(`m${n}`, hour(n)));
export const without = (count: number, from = 0) => numbers(count, from).map((n) => removed(`m${n}`));
export const moved = (count: number) => numbers(count).map((n) => upsert(`m${n}`, hour(n, 1)));

export interface BulkChangeWorld extends ImportWorld {
  /**
   * One round, a minute after the one before. The daily one, whose hour the calendar's id decides, does not come between.
   */
  round(items: RoundItem[], options?: { full?: boolean }): Promise<void>;
  /** Wholesale changes that were noticed, in order. */
  changes(): Promise<(typeof bulkChanges.$inferSelect)[]>;
  counts(): Promise<{ before: number; gone: number; moved: number }[]>;
  /** What was noted of events that went or moved. */
  evidence(): Promise<(typeof calendarRemovals.$inferSelect)[]>;
  notices(): Promise<(typeof notifications.$inferSelect)[]>;
  /** What the audit log says of wholesale changes. */
  audit(): Promise<string[]>;
}

/** An import world in which rounds follow each other by the minute, and what they make of much that goes is seen. */
export function bulkChangeWorld(): BulkChangeWorld {
  const world = importWorld() as BulkChangeWorld;
  world.round = async (items, options = {}) => {
    world.clock.advance(MINUTE_MS);
    if (options.full === true) await world.loseCursor();
    const nextReconcileAt = new Date(world.clock.now().getTime() + 24 * 60 * MINUTE_MS);
    await world.database.db
      .update(calendars)
      .set({ nextReconcileAt })
      .where(eq(calendars.id, world.calendarId));
    expect(await world.read(items)).toMatchObject({ status: "succeeded" });
  };
  world.changes = () =>
    world.database.db
      .select()
      .from(bulkChanges)
      .where(eq(bulkChanges.calendarId, world.calendarId))
      .orderBy(bulkChanges.detectedAt);
  world.counts = async () =>
    (await world.changes()).map(({ before, gone, moved }) => ({ before, gone, moved }));
  world.evidence = () =>
    world.database.db
      .select()
      .from(calendarRemovals)
      .where(eq(calendarRemovals.calendarId, world.calendarId));
  world.notices = () =>
    world.database.db.select().from(notifications).where(eq(notifications.userId, world.person.userId));
  world.audit = async () => {
    const rows = await world.database.db
      .select()
      .from(auditLog)
      .where(eq(auditLog.userId, world.person.userId));
    return rows.map(({ action }) => action).filter((action) => action.startsWith("bulk_change"));
  };
  return world;
}
