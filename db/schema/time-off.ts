import { sql } from "drizzle-orm";
import { boolean, check, date, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { bulkChanges } from "@/db/schema/bulk-changes";
import { instant, reference } from "@/db/schema/columns";
import { users } from "@/db/schema/users";

/** Time a provider blocks by hand. */
export const timeOff = pgTable(
  "time_off",
  {
    id: uuid("id").primaryKey(),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    title: text("title"),
    allDay: boolean("all_day").notNull(),
    startsAt: instant("starts_at").notNull(),
    endsAt: instant("ends_at").notNull(),
    startDate: date("start_date", { mode: "string" }),
    endDate: date("end_date", { mode: "string" }),
    createdAt: instant("created_at").notNull(),
    /** It holds time that a wholesale change of a calendar set free, until its owner decides. */
    bulkChangeId: reference("bulk_change_id").references(() => bulkChanges.id, { onDelete: "cascade" }),
  },
  (t) => [
    index("time_off_bulk_change").on(t.bulkChangeId),
    index("time_off_time").on(t.userId, t.endsAt),
    check("time_off_order", sql`${t.startsAt} < ${t.endsAt}`),
    check("time_off_day_whole", sql`${t.allDay} = (${t.startDate} is not null and ${t.endDate} is not null)`),
  ],
);
