import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { instant, reference } from "@/db/schema/columns";
import { calendarConnections } from "@/db/schema/connections";
import { users } from "@/db/schema/users";

/**
 * A calendar of a connected account, and everything its import needs to go on.
 * `changeSeq > syncedSeq` means: something wants a round that has not been read yet.
 */
export const calendars = pgTable(
  "calendars",
  {
    id: uuid("id").primaryKey(),
    connectionId: reference("connection_id")
      .notNull()
      .references(() => calendarConnections.id, { onDelete: "cascade" }),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    externalId: text("external_id").notNull(),
    name: text("name").notNull(),
    color: text("color"),
    timeZone: text("time_zone").notNull(),
    accessRole: text("access_role").notNull(),
    canWrite: boolean("can_write").notNull(),
    isPrimary: boolean("is_primary").notNull().default(false),
    selected: boolean("selected").notNull().default(false),
    generation: integer("generation").notNull().default(1),
    cursor: text("cursor"),
    cursorVersion: text("cursor_version"),
    windowStart: instant("window_start"),
    windowEnd: instant("window_end"),
    changeSeq: integer("change_seq").notNull().default(0),
    syncedSeq: integer("synced_seq").notNull().default(0),
    changeNotifiedAt: instant("change_notified_at"),
    syncedThrough: instant("synced_through"),
    lastSyncedAt: instant("last_synced_at"),
    lastChangeAt: instant("last_change_at"),
    nextSyncAt: instant("next_sync_at").notNull(),
    nextReconcileAt: instant("next_reconcile_at").notNull(),
    backoffUntil: instant("backoff_until"),
    failures: integer("failures").notNull().default(0),
    lastErrorKind: text("last_error_kind"),
    lastErrorAt: instant("last_error_at"),
    cursorLosses: integer("cursor_losses").notNull().default(0),
    /** The vendor does not tell of changes here (holiday calendars): asked again after this. */
    pushUnsupportedUntil: instant("push_unsupported_until"),
    /** A watch could not be made: tried again then. */
    nextWatchAt: instant("next_watch_at"),
    watchFailures: integer("watch_failures").notNull().default(0),
    leaseEpoch: integer("lease_epoch").notNull().default(0),
    leaseUntil: instant("lease_until"),
  },
  (t) => [
    unique("calendars_external").on(t.connectionId, t.externalId),
    index("calendars_user").on(t.userId),
    index("calendars_due").on(t.nextSyncAt),
    index("calendars_waiting").on(t.lastErrorKind, t.backoffUntil).where(sql`${t.backoffUntil} is not null`),
    check("calendars_cursor_whole", sql`(${t.cursor} is null) = (${t.cursorVersion} is null)`),
  ],
);

export interface StoredAttendee {
  name: string | null;
  email: string | null;
  response: "needs_action" | "declined" | "tentative" | "accepted";
  self: boolean;
}

/** The facts of one imported occurrence. What blocks is decided by `event_blocks`, so settings need no re-import. */
export const calendarSyncEvents = pgTable(
  "calendar_sync_events",
  {
    id: uuid("id").primaryKey(),
    calendarId: reference("calendar_id")
      .notNull()
      .references(() => calendars.id, { onDelete: "cascade" }),
    userId: reference("user_id").notNull(),
    provider: text("provider", { enum: ["google", "microsoft"] }).notNull(),
    externalId: text("external_id").notNull(),
    seriesId: text("series_id"),
    iCalUid: text("ical_uid"),
    etag: text("etag"),
    fingerprint: text("fingerprint").notNull(),
    kind: text("kind").notNull(),
    status: text("status").notNull(),
    showAs: text("show_as").notNull(),
    response: text("response").notNull(),
    startsAt: instant("starts_at").notNull(),
    endsAt: instant("ends_at").notNull(),
    startDate: date("start_date", { mode: "string" }),
    endDate: date("end_date", { mode: "string" }),
    timeZone: text("time_zone"),
    title: text("title"),
    location: text("location"),
    attendees: jsonb("attendees").$type<StoredAttendee[]>(),
    /** We wrote it for a booking and it is where we put it; the booking itself takes the time. */
    own: boolean("own").notNull().default(false),
    /** We wrote it, its owner moved it, and nobody has decided yet: it blocks beside its booking. */
    displaced: boolean("displaced").notNull().default(false),
    override: boolean("override"),
    learnedAt: instant("learned_at").notNull(),
  },
  (t) => [
    unique("calendar_sync_events_external").on(t.calendarId, t.externalId),
    index("calendar_sync_events_time").on(t.userId, t.endsAt),
    check("calendar_sync_events_day_whole", sql`(${t.startDate} is null) = (${t.endDate} is null)`),
    check("calendar_sync_events_order", sql`${t.startsAt} <= ${t.endsAt}`),
    check("calendar_sync_events_place", sql`not (${t.own} and ${t.displaced})`),
  ],
);

export const RUN_TRIGGERS = ["connect", "push", "schedule", "manual", "window", "booking"] as const;
export const RUN_STATUSES = ["running", "succeeded", "failed", "cancelled"] as const;

/** The ledger. A requested run exists before a worker takes it up; quiet scheduled runs extend one row. */
export const calendarSyncLogs = pgTable(
  "calendar_sync_logs",
  {
    id: uuid("id").primaryKey(),
    connectionId: reference("connection_id")
      .notNull()
      .references(() => calendarConnections.id, { onDelete: "cascade" }),
    calendarId: reference("calendar_id").references(() => calendars.id, { onDelete: "cascade" }),
    userId: reference("user_id").notNull(),
    trigger: text("trigger", { enum: RUN_TRIGGERS }).notNull(),
    kind: text("kind", { enum: ["full", "incremental", "export"] }).notNull(),
    status: text("status", { enum: RUN_STATUSES }).notNull(),
    changeSeq: integer("change_seq").notNull(),
    startedAt: instant("started_at").notNull(),
    finishedAt: instant("finished_at"),
    durationMs: integer("duration_ms"),
    imported: integer("imported").notNull().default(0),
    updated: integer("updated").notNull().default(0),
    removed: integer("removed").notNull().default(0),
    unchanged: integer("unchanged").notNull().default(0),
    exported: integer("exported").notNull().default(0),
    /** From the vendor's own time of a change to its commit here, the longest of the round; null where nothing says it. */
    delayMs: integer("delay_ms"),
    attempts: integer("attempts").notNull().default(0),
    errorCode: text("error_code"),
    retryAt: instant("retry_at"),
    repeats: integer("repeats").notNull().default(1),
    lastRunAt: instant("last_run_at").notNull(),
    seq: bigint("seq", { mode: "number" }).generatedAlwaysAsIdentity(),
  },
  (t) => [
    index("calendar_sync_logs_connection").on(t.connectionId, t.seq),
    index("calendar_sync_logs_user").on(t.userId, t.seq),
    index("calendar_sync_logs_calendar").on(t.calendarId, t.seq),
    index("calendar_sync_logs_open").on(t.calendarId).where(sql`${t.status} = 'running'`),
  ],
);
