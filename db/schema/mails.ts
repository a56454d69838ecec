import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { bookings } from "@/db/schema/bookings";
import { instant, reference } from "@/db/schema/columns";
import { calendarConnections } from "@/db/schema/connections";
import { users } from "@/db/schema/users";

export const MAIL_KINDS = [
  "booking_confirmed",
  "booking_moved",
  "booking_cancelled",
  "provider_booking_confirmed",
  "provider_booking_moved",
  "provider_booking_cancelled",
  "connection_dead",
] as const;

/**
 * A mail that is owed. Its words and its address are read when it is sent, so none is stored here. `dedupe_key`
 * makes asking twice harmless; the Message-ID follows from the id, so a mail sent twice is one mail to its reader.
 */
export const mails = pgTable(
  "mails",
  {
    id: uuid("id").primaryKey(),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text("kind", { enum: MAIL_KINDS }).notNull(),
    bookingId: reference("booking_id").references(() => bookings.id, { onDelete: "cascade" }),
    connectionId: reference("connection_id").references(() => calendarConnections.id, {
      onDelete: "cascade",
    }),
    /** The booking's version it tells of; the sequence number of its .ics. */
    bookingVersion: integer("booking_version"),
    dedupeKey: text("dedupe_key").notNull().unique(),
    createdAt: instant("created_at").notNull(),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at").notNull(),
    sentAt: instant("sent_at"),
    /** Nobody needs it any more: reconnected, superseded, or no address to send to. */
    droppedAt: instant("dropped_at"),
    dropReason: text("drop_reason"),
    lastError: text("last_error"),
  },
  (t) => [
    index("mails_due").on(t.nextAttemptAt).where(sql`${t.sentAt} is null and ${t.droppedAt} is null`),
    index("mails_booking").on(t.bookingId),
    index("mails_connection").on(t.connectionId),
    check("mails_subject", sql`(${t.bookingId} is null) <> (${t.connectionId} is null)`),
  ],
);
