import { sql } from "drizzle-orm";
import { bigint, check, date, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { calendars } from "@/db/schema/calendars";
import { instant, reference } from "@/db/schema/columns";
import { calendarConnections, VENDORS } from "@/db/schema/connections";

/**
 * One request to a vendor to be told of changes (Google: a channel, Microsoft: a subscription). The row is there
 * before the vendor is asked, because the first message may come before the answer. Whether it works is told by
 * evidence: `verified_at`, `last_notified_at`, and `missed`, the changes the schedule found unannounced.
 */
export const calendarWatches = pgTable(
  "calendar_watches",
  {
    /** Google's channel id as well. */
    id: uuid("id").primaryKey(),
    userId: reference("user_id").notNull(),
    connectionId: reference("connection_id")
      .notNull()
      .references(() => calendarConnections.id, { onDelete: "cascade" }),
    /** What it tells of: events of one calendar, or the connection's list of calendars. */
    subject: text("subject", { enum: ["events", "calendar_list"] })
      .notNull()
      .default("events"),
    /** Of a list null; of events null once their calendar is gone: nobody wants it, and it is to be stopped. */
    calendarId: reference("calendar_id").references(() => calendars.id, { onDelete: "set null" }),
    provider: text("provider", { enum: VENDORS }).notNull(),
    /** The vendor's own id of it, where it is not ours. */
    externalId: text("external_id"),
    /** What is watched, in the vendor's words; needed to stop it, compared in every message. */
    resourceId: text("resource_id"),
    secretHash: text("secret_hash").notNull(),
    requestedAt: instant("requested_at").notNull(),
    /** As the vendor granted it; null until it answered. */
    expiresAt: instant("expires_at"),
    renewAt: instant("renew_at"),
    verifiedAt: instant("verified_at"),
    lastNotifiedAt: instant("last_notified_at"),
    lastMessage: bigint("last_message", { mode: "number" }),
    missed: integer("missed").notNull().default(0),
    stopWantedAt: instant("stop_wanted_at"),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at").notNull(),
    errorCode: text("error_code"),
  },
  (t) => [
    index("calendar_watches_calendar").on(t.calendarId),
    index("calendar_watches_connection").on(t.connectionId),
    index("calendar_watches_renewal").on(t.renewAt),
    index("calendar_watches_stops").on(t.nextAttemptAt).where(sql`${t.stopWantedAt} is not null`),
    check("calendar_watches_renewal_known", sql`${t.renewAt} is null or ${t.expiresAt} is not null`),
  ],
);

/** Requests sent to a vendor, by person and UTC day. The nil person stands for requests nobody's token made. */
export const vendorRequests = pgTable(
  "vendor_requests",
  {
    provider: text("provider", { enum: VENDORS }).notNull(),
    userId: reference("user_id").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    requests: integer("requests").notNull(),
    failures: integer("failures").notNull(),
    limited: integer("limited").notNull(),
  },
  (t) => [primaryKey({ columns: [t.provider, t.userId, t.day] }), index("vendor_requests_day").on(t.day)],
);

/** The same by minute, for quotas that end within one. Kept an hour. */
export const vendorRequestMinutes = pgTable(
  "vendor_request_minutes",
  {
    provider: text("provider", { enum: VENDORS }).notNull(),
    userId: reference("user_id").notNull(),
    minute: instant("minute").notNull(),
    requests: integer("requests").notNull(),
    limited: integer("limited").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.provider, t.minute, t.userId] }),
    index("vendor_request_minutes_age").on(t.minute),
  ],
);

/** When each scheduled job last ran, for whoever asks whether the schedule still does. */
export const jobBeats = pgTable("job_beats", {
  job: text("job").primaryKey(),
  startedAt: instant("started_at").notNull(),
  finishedAt: instant("finished_at"),
  failures: integer("failures").notNull().default(0),
});
