CREATE TABLE "bookings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"service_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"buffer_before_minutes" integer NOT NULL,
	"buffer_after_minutes" integer NOT NULL,
	"time_zone" text NOT NULL,
	"locale" text NOT NULL,
	"client_name" text NOT NULL,
	"client_email" text,
	"client_phone" text,
	"address" text,
	"instructions" text,
	"price_amount" numeric(12, 3),
	"price_currency" text,
	"version" integer DEFAULT 1 NOT NULL,
	"source" text NOT NULL,
	"request_key" text,
	"link_hash" text NOT NULL,
	"link_sealed" text NOT NULL,
	"receipt" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"cancelled_at" timestamp (3) with time zone,
	"cancelled_by" text,
	"cancel_reason" text,
	CONSTRAINT "bookings_link_hash_unique" UNIQUE("link_hash"),
	CONSTRAINT "bookings_request" UNIQUE("user_id","request_key"),
	CONSTRAINT "bookings_order" CHECK ("bookings"."starts_at" < "bookings"."ends_at"),
	CONSTRAINT "bookings_cancelled_whole" CHECK (("bookings"."status" = 'cancelled') = ("bookings"."cancelled_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "services" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"slug" text NOT NULL,
	"location" text,
	"duration_minutes" integer NOT NULL,
	"buffer_before_minutes" integer DEFAULT 0 NOT NULL,
	"buffer_after_minutes" integer DEFAULT 0 NOT NULL,
	"slot_step_minutes" integer DEFAULT 15 NOT NULL,
	"notice_minutes" integer DEFAULT 0 NOT NULL,
	"horizon_days" integer DEFAULT 92 NOT NULL,
	"price_amount" numeric(12, 3),
	"price_currency" text,
	"target_calendar_id" uuid,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "services_minutes" CHECK ("services"."duration_minutes" > 0 and "services"."slot_step_minutes" > 0 and "services"."buffer_before_minutes" >= 0
        and "services"."buffer_after_minutes" >= 0 and "services"."notice_minutes" >= 0 and "services"."horizon_days" between 1 and 92),
	CONSTRAINT "services_price_whole" CHECK (("services"."price_amount" is null) = ("services"."price_currency" is null))
);
--> statement-breakpoint
CREATE TABLE "working_hours" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"weekly" jsonb NOT NULL,
	"exceptions" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calendar_exported_bookings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"booking_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"connection_id" uuid,
	"provider" text NOT NULL,
	"calendar_id" uuid,
	"calendar_external_id" text NOT NULL,
	"desired" text NOT NULL,
	"wanted_seq" integer DEFAULT 1 NOT NULL,
	"done_seq" integer DEFAULT 0 NOT NULL,
	"id_generation" integer DEFAULT 0 NOT NULL,
	"external_id" text,
	"ical_uid" text,
	"etag" text,
	"remote_updated_at" timestamp (3) with time zone,
	"content_hash" text,
	"shape_hash" text,
	"written_start" timestamp (3) with time zone,
	"written_end" timestamp (3) with time zone,
	"remote_state" text DEFAULT 'in_place' NOT NULL,
	"remote_start" timestamp (3) with time zone,
	"remote_end" timestamp (3) with time zone,
	"remote_seen_at" timestamp (3) with time zone,
	"verify" boolean DEFAULT false NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"lease_epoch" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"error_code" text,
	"error_at" timestamp (3) with time zone,
	"synced_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "exported_place" UNIQUE("booking_id","provider","calendar_external_id"),
	CONSTRAINT "exported_written_whole" CHECK (("calendar_exported_bookings"."written_start" is null) = ("calendar_exported_bookings"."written_end" is null)),
	CONSTRAINT "exported_remote_whole" CHECK (("calendar_exported_bookings"."remote_start" is null) = ("calendar_exported_bookings"."remote_end" is null))
);
--> statement-breakpoint
CREATE TABLE "mails" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"booking_id" uuid,
	"connection_id" uuid,
	"booking_version" integer,
	"dedupe_key" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"dropped_at" timestamp (3) with time zone,
	"drop_reason" text,
	"last_error" text,
	CONSTRAINT "mails_dedupe_key_unique" UNIQUE("dedupe_key"),
	CONSTRAINT "mails_subject" CHECK (("mails"."booking_id" is null) <> ("mails"."connection_id" is null))
);
--> statement-breakpoint
ALTER TABLE "calendar_sync_events" ADD COLUMN "displaced" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_service_id_services_id_fk" FOREIGN KEY ("service_id") REFERENCES "public"."services"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "services" ADD CONSTRAINT "services_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "services" ADD CONSTRAINT "services_target_calendar_id_calendars_id_fk" FOREIGN KEY ("target_calendar_id") REFERENCES "public"."calendars"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "working_hours" ADD CONSTRAINT "working_hours_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_exported_bookings" ADD CONSTRAINT "calendar_exported_bookings_booking_id_bookings_id_fk" FOREIGN KEY ("booking_id") REFERENCES "public"."bookings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_exported_bookings" ADD CONSTRAINT "calendar_exported_bookings_connection_id_calendar_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."calendar_connections"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_exported_bookings" ADD CONSTRAINT "calendar_exported_bookings_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mails_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mails_booking_id_bookings_id_fk" FOREIGN KEY ("booking_id") REFERENCES "public"."bookings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mails_connection_id_calendar_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."calendar_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bookings_time" ON "bookings" USING btree ("user_id","ends_at");--> statement-breakpoint
CREATE INDEX "bookings_start" ON "bookings" USING btree ("user_id","starts_at","id");--> statement-breakpoint
CREATE INDEX "bookings_service" ON "bookings" USING btree ("service_id");--> statement-breakpoint
CREATE UNIQUE INDEX "services_slug" ON "services" USING btree ("user_id","slug") WHERE "services"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "exported_due" ON "calendar_exported_bookings" USING btree ("next_attempt_at") WHERE "calendar_exported_bookings"."wanted_seq" > "calendar_exported_bookings"."done_seq" or "calendar_exported_bookings"."verify";--> statement-breakpoint
CREATE INDEX "exported_connection" ON "calendar_exported_bookings" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "exported_event" ON "calendar_exported_bookings" USING btree ("user_id","external_id");--> statement-breakpoint
CREATE INDEX "mails_due" ON "mails" USING btree ("next_attempt_at") WHERE "mails"."sent_at" is null and "mails"."dropped_at" is null;--> statement-breakpoint
CREATE INDEX "mails_booking" ON "mails" USING btree ("booking_id");--> statement-breakpoint
CREATE INDEX "mails_connection" ON "mails" USING btree ("connection_id");--> statement-breakpoint
ALTER TABLE "calendar_sync_events" ADD CONSTRAINT "calendar_sync_events_place" CHECK (not ("calendar_sync_events"."own" and "calendar_sync_events"."displaced"));