import { sql } from "drizzle-orm";
import { boolean, check, date, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { calendars } from "@/db/schema/calendars";
import { instant, reference } from "@/db/schema/columns";
import { calendarConnections } from "@/db/schema/connections";
import { users } from "@/db/schema/users";

/**
 * A calendar emptied or changed wholesale within minutes. Availability followed at once; what is left to its owner is
 * whether they meant it. Open until they decide; one is open per calendar at a time.
 */
export const bulkChanges = pgTable(
  "bulk_changes",
  {
    id: uuid("id").primaryKey(),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    connectionId: reference("connection_id")
      .notNull()
      .references(() => calendarConnections.id, { onDelete: "cascade" }),
    calendarId: reference("calendar_id")
      .notNull()
      .references(() => calendars.id, { onDelete: "cascade" }),
    /** From the first change that was counted to the last. */
    since: instant("since").notNull(),
    through: instant("through").notNull(),
    detectedAt: instant("detected_at").notNull(),
    /** Upcoming events, a series counted once: before, and of those gone and moved. */
    before: integer("before").notNull(),
    gone: integer("gone").notNull(),
    moved: integer("moved").notNull(),
    decision: text("decision", { enum: ["accepted", "held"] }),
    decidedAt: instant("decided_at"),
  },
  (t) => [
    index("bulk_changes_user").on(t.userId, t.detectedAt),
    uniqueIndex("bulk_changes_open").on(t.calendarId).where(sql`${t.decision} is null`),
    check("bulk_changes_decision_whole", sql`(${t.decision} is null) = (${t.decidedAt} is null)`),
  ],
);

/**
 * What an import took away from a person's upcoming time: events removed, or the earlier times of events moved. Kept a
 * day, and as long as its bulk change; what holding the freed time and telling of a wholesale change work from.
 */
export const calendarRemovals = pgTable(
  "calendar_removals",
  {
    id: uuid("id").primaryKey(),
    calendarId: reference("calendar_id")
      .notNull()
      .references(() => calendars.id, { onDelete: "cascade" }),
    userId: reference("user_id").notNull(),
    bulkChangeId: reference("bulk_change_id").references(() => bulkChanges.id, { onDelete: "set null" }),
    how: text("how", { enum: ["removed", "moved"] }).notNull(),
    externalId: text("external_id").notNull(),
    seriesId: text("series_id"),
    title: text("title"),
    startsAt: instant("starts_at").notNull(),
    endsAt: instant("ends_at").notNull(),
    startDate: date("start_date", { mode: "string" }),
    endDate: date("end_date", { mode: "string" }),
    /** It took time here. */
    blocked: boolean("blocked").notNull(),
    /** We wrote it for a booking. */
    own: boolean("own").notNull(),
    removedAt: instant("removed_at").notNull(),
  },
  (t) => [
    index("calendar_removals_calendar").on(t.calendarId, t.removedAt),
    index("calendar_removals_change").on(t.bulkChangeId),
    index("calendar_removals_age").on(t.removedAt),
  ],
);
