import { sql } from "drizzle-orm";
import { index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { instant, reference } from "@/db/schema/columns";
import { users } from "@/db/schema/users";

export const NOTIFICATION_KINDS = [
  "reconnect_required",
  "conflict_detected",
  "export_failed",
  "sync_failing",
  "bulk_change_held",
  "blocked_by_policy",
  "operator",
] as const;

/**
 * Something a person should act upon. Its words are made when it is read, in their language, from `kind` and `params`.
 * One of a `dedupe_key` is open at a time; what stopped being true is resolved and no longer asks for anything.
 */
export const notifications = pgTable(
  "notifications",
  {
    id: uuid("id").primaryKey(),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text("kind", { enum: NOTIFICATION_KINDS }).notNull(),
    subjectType: text("subject_type").notNull(),
    subjectId: text("subject_id").notNull(),
    params: jsonb("params").$type<Record<string, string | number>>().notNull(),
    dedupeKey: text("dedupe_key").notNull(),
    createdAt: instant("created_at").notNull(),
    readAt: instant("read_at"),
    resolvedAt: instant("resolved_at"),
  },
  (t) => [
    index("notifications_user").on(t.userId, t.createdAt),
    uniqueIndex("notifications_open").on(t.userId, t.dedupeKey).where(sql`${t.resolvedAt} is null`),
  ],
);
