import { sql } from "drizzle-orm";
import { boolean, check, date, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
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
  },
  (t) => [
    index("time_off_time").on(t.userId, t.endsAt),
    check("time_off_order", sql`${t.startsAt} < ${t.endsAt}`),
    check("time_off_day_whole", sql`${t.allDay} = (${t.startDate} is not null and ${t.endDate} is not null)`),
  ],
);
