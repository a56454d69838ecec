import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { calendars } from "@/db/schema/calendars";
import { instant, reference } from "@/db/schema/columns";
import { calendarConnections } from "@/db/schema/connections";

/** Nobody tells of this calendar, tells yet, can tell; or a message was waited for and did not come. */
export const PUSH_TROUBLES = ["off", "pending", "unsupported", "refused", "unreachable", "silent"] as const;

/**
 * A test of one calendar: a private event that takes no time is written, met again by push and by reading, and
 * removed. The row is there before the vendor is asked, and stays until the event is known to be gone.
 */
export const calendarProbes = pgTable(
  "calendar_probes",
  {
    id: uuid("id").primaryKey(),
    userId: reference("user_id").notNull(),
    connectionId: reference("connection_id")
      .notNull()
      .references(() => calendarConnections.id, { onDelete: "cascade" }),
    /** Null once our row of the calendar went: only the event is left to be removed. */
    calendarId: reference("calendar_id").references(() => calendars.id, { onDelete: "set null" }),
    /** The vendor's canonical id of the calendar; stays when our row of it goes. */
    calendarExternalId: text("calendar_external_id").notNull(),
    /** The event's id at the vendor, stored before it is written where the id is ours to choose. */
    externalId: text("external_id"),
    requestedAt: instant("requested_at").notNull(),
    /** When the request that wrote it went out; null: it was never written. Messages from then on may be about it. */
    askedAt: instant("asked_at"),
    /** The vendor said that it stands. */
    writtenAt: instant("written_at"),
    /** The first message of a watch that came after. */
    pushedAt: instant("pushed_at"),
    /** Why no message is waited for any longer; the event is then read by asking. */
    pushTrouble: text("push_trouble", { enum: PUSH_TROUBLES }),
    /** The round that met the event. */
    readAt: instant("read_at"),
    /** It is known to be gone, or never was there. */
    removedAt: instant("removed_at"),
    /** The person has their answer; removing the event may still be owed. */
    finishedAt: instant("finished_at"),
    errorCode: text("error_code"),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at").notNull(),
    leaseEpoch: integer("lease_epoch").notNull().default(0),
    leaseUntil: instant("lease_until"),
  },
  (t) => [
    index("calendar_probes_calendar").on(t.calendarId, t.requestedAt),
    index("calendar_probes_connection").on(t.connectionId),
    index("calendar_probes_event_met").on(t.userId, t.externalId),
    uniqueIndex("calendar_probes_running").on(t.calendarId).where(sql`${t.finishedAt} is null`),
    index("calendar_probes_owed").on(t.nextAttemptAt).where(sql`${t.removedAt} is null`),
    check("calendar_probes_event", sql`${t.writtenAt} is null or ${t.externalId} is not null`),
    check("calendar_probes_asked", sql`${t.writtenAt} is null or ${t.askedAt} is not null`),
  ],
);
