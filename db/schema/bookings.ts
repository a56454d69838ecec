import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { calendars } from "@/db/schema/calendars";
import { instant, reference } from "@/db/schema/columns";
import { users } from "@/db/schema/users";

export const SERVICE_KINDS = ["appointment", "interview", "training", "intervention"] as const;

/** What a provider offers. Times in minutes; a price in the currency's own unit, never in cents. */
export const services = pgTable(
  "services",
  {
    id: uuid("id").primaryKey(),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text("kind", { enum: SERVICE_KINDS }).notNull(),
    name: text("name").notNull(),
    slug: text("slug").notNull(),
    location: text("location"),
    durationMinutes: integer("duration_minutes").notNull(),
    bufferBeforeMinutes: integer("buffer_before_minutes").notNull().default(0),
    bufferAfterMinutes: integer("buffer_after_minutes").notNull().default(0),
    slotStepMinutes: integer("slot_step_minutes").notNull().default(15),
    noticeMinutes: integer("notice_minutes").notNull().default(0),
    horizonDays: integer("horizon_days").notNull().default(92),
    priceAmount: numeric("price_amount", { precision: 12, scale: 3, mode: "number" }),
    priceCurrency: text("price_currency"),
    targetCalendarId: reference("target_calendar_id").references(() => calendars.id, {
      onDelete: "set null",
    }),
    active: boolean("active").notNull().default(true),
    createdAt: instant("created_at").notNull(),
    /** Bookings keep their service, so it is hidden, never deleted, while one names it. */
    deletedAt: instant("deleted_at"),
  },
  (t) => [
    uniqueIndex("services_slug").on(t.userId, t.slug).where(sql`${t.deletedAt} is null`),
    check(
      "services_minutes",
      sql`${t.durationMinutes} > 0 and ${t.slotStepMinutes} > 0 and ${t.bufferBeforeMinutes} >= 0
        and ${t.bufferAfterMinutes} >= 0 and ${t.noticeMinutes} >= 0 and ${t.horizonDays} between 1 and 92`,
    ),
    check("services_price_whole", sql`(${t.priceAmount} is null) = (${t.priceCurrency} is null)`),
  ],
);

/** Wall-clock ranges of one day, `HH:MM`; a range may end at `24:00`. */
export interface StoredHours {
  from: string;
  to: string;
}

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** When a provider works, in their own zone (`users.time_zone`). No row: nobody chose yet, the usual week applies. */
export const workingHours = pgTable("working_hours", {
  userId: reference("user_id")
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  weekly: jsonb("weekly").$type<Record<Weekday, StoredHours[]>>().notNull(),
  exceptions: jsonb("exceptions").$type<{ date: string; ranges: StoredHours[] }[]>().notNull(),
  updatedAt: instant("updated_at").notNull(),
});

/** What was known of the outside calendars when a booking was made: its receipt. */
export interface ReceiptEntry {
  calendarId: string;
  /** `live`: its interval was read while booking. */
  state: "fresh" | "stale" | "unknown" | "live";
  syncedAt: string | null;
}

/**
 * A client's time with a provider. Confirmed ones never overlap: the constraint `bookings_no_overlap` (migration
 * 0004) is the last net under the provider's lock. Buffers and price are those of the moment of booking.
 */
export const bookings = pgTable(
  "bookings",
  {
    id: uuid("id").primaryKey(),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    serviceId: reference("service_id")
      .notNull()
      .references(() => services.id),
    kind: text("kind", { enum: SERVICE_KINDS }).notNull(),
    status: text("status", { enum: ["confirmed", "cancelled"] }).notNull(),
    startsAt: instant("starts_at").notNull(),
    endsAt: instant("ends_at").notNull(),
    bufferBeforeMinutes: integer("buffer_before_minutes").notNull(),
    bufferAfterMinutes: integer("buffer_after_minutes").notNull(),
    /** The zone its client reads times in. */
    timeZone: text("time_zone").notNull(),
    locale: text("locale").notNull(),
    clientName: text("client_name").notNull(),
    clientEmail: text("client_email"),
    clientPhone: text("client_phone"),
    address: text("address"),
    instructions: text("instructions"),
    priceAmount: numeric("price_amount", { precision: 12, scale: 3, mode: "number" }),
    priceCurrency: text("price_currency"),
    version: integer("version").notNull().default(1),
    source: text("source", { enum: ["client", "provider", "api"] }).notNull(),
    /** A form sent twice makes one booking. */
    requestKey: text("request_key"),
    /** The client's unguessable link: its hash to look it up, the token itself sealed, to be mailed again. */
    linkHash: text("link_hash").notNull().unique(),
    linkSealed: text("link_sealed").notNull(),
    receipt: jsonb("receipt").$type<ReceiptEntry[]>().notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    cancelledAt: instant("cancelled_at"),
    cancelledBy: text("cancelled_by", { enum: ["client", "provider"] }),
    cancelReason: text("cancel_reason"),
  },
  (t) => [
    unique("bookings_request").on(t.userId, t.requestKey),
    index("bookings_time").on(t.userId, t.endsAt),
    index("bookings_start").on(t.userId, t.startsAt, t.id),
    index("bookings_service").on(t.serviceId),
    check("bookings_order", sql`${t.startsAt} < ${t.endsAt}`),
    check("bookings_cancelled_whole", sql`(${t.status} = 'cancelled') = (${t.cancelledAt} is not null)`),
  ],
);
