import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { bookings } from "@/db/schema/bookings";
import { bulkChanges } from "@/db/schema/bulk-changes";
import { calendars } from "@/db/schema/calendars";
import { instant, reference } from "@/db/schema/columns";
import { calendarConnections, VENDORS } from "@/db/schema/connections";

/** Where our event was when we last looked. Only `in_place` may be written over without its owner's word. */
export const REMOTE_STATES = ["in_place", "moved", "edited", "deleted", "relocated"] as const;

/**
 * One booking's event in one calendar: what is wanted, and the last thing we saw or wrote there. The work is the
 * difference: `wanted_seq > done_seq`, or `verify`. Rows outlive a disconnect, so that our events stay known.
 */
export const calendarExportedBookings = pgTable(
  "calendar_exported_bookings",
  {
    id: uuid("id").primaryKey(),
    bookingId: reference("booking_id")
      .notNull()
      .references(() => bookings.id, { onDelete: "cascade" }),
    userId: reference("user_id").notNull(),
    connectionId: reference("connection_id").references(() => calendarConnections.id, {
      onDelete: "set null",
    }),
    provider: text("provider", { enum: VENDORS }).notNull(),
    calendarId: reference("calendar_id").references(() => calendars.id, { onDelete: "set null" }),
    /** The vendor's canonical id of the calendar; stays when our row of it goes. */
    calendarExternalId: text("calendar_external_id").notNull(),
    /** `left`: stays as it is and is no longer updated (export was switched off, or a disconnect kept it). */
    desired: text("desired", { enum: ["present", "absent", "left"] }).notNull(),
    wantedSeq: integer("wanted_seq").notNull().default(1),
    doneSeq: integer("done_seq").notNull().default(0),
    /** Counts the ids given up because the vendor would not take them back. Part of the deterministic id. */
    idGeneration: integer("id_generation").notNull().default(0),
    /** Written before the vendor is asked where the id is ours to choose, so no echo meets us unprepared. */
    externalId: text("external_id"),
    iCalUid: text("ical_uid"),
    etag: text("etag"),
    /** The vendor's own time of the version we know; an older one met later is history. */
    remoteUpdatedAt: instant("remote_updated_at"),
    /** Of the draft we wrote last; null: the event is not there, as far as we know. */
    contentHash: text("content_hash"),
    /** Of what an import sees of that event: title, place and times. */
    shapeHash: text("shape_hash"),
    writtenStart: instant("written_start"),
    writtenEnd: instant("written_end"),
    remoteState: text("remote_state", { enum: REMOTE_STATES }).notNull().default("in_place"),
    remoteStart: instant("remote_start"),
    remoteEnd: instant("remote_end"),
    remoteSeenAt: instant("remote_seen_at"),
    /** A round no longer found it: look before believing. */
    verify: boolean("verify").notNull().default(false),
    /** Its event went or moved within a wholesale change of its calendar: nothing follows from that until its owner decides. */
    bulkChangeId: reference("bulk_change_id").references(() => bulkChanges.id, { onDelete: "set null" }),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at").notNull(),
    leaseEpoch: integer("lease_epoch").notNull().default(0),
    leaseUntil: instant("lease_until"),
    errorCode: text("error_code"),
    errorAt: instant("error_at"),
    syncedAt: instant("synced_at"),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    unique("exported_place").on(t.bookingId, t.provider, t.calendarExternalId),
    index("exported_due").on(t.nextAttemptAt).where(sql`${t.wantedSeq} > ${t.doneSeq} or ${t.verify}`),
    index("exported_bulk_change").on(t.bulkChangeId),
    index("exported_connection").on(t.connectionId),
    index("exported_event").on(t.userId, t.externalId),
    check("exported_written_whole", sql`(${t.writtenStart} is null) = (${t.writtenEnd} is null)`),
    check("exported_remote_whole", sql`(${t.remoteStart} is null) = (${t.remoteEnd} is null)`),
  ],
);
