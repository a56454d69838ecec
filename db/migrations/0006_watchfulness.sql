CREATE TABLE "bulk_changes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"calendar_id" uuid NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"through" timestamp (3) with time zone NOT NULL,
	"detected_at" timestamp (3) with time zone NOT NULL,
	"before" integer NOT NULL,
	"gone" integer NOT NULL,
	"moved" integer NOT NULL,
	"decision" text,
	"decided_at" timestamp (3) with time zone,
	CONSTRAINT "bulk_changes_decision_whole" CHECK (("bulk_changes"."decision" is null) = ("bulk_changes"."decided_at" is null))
);
--> statement-breakpoint
CREATE TABLE "calendar_removals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"calendar_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"bulk_change_id" uuid,
	"how" text NOT NULL,
	"external_id" text NOT NULL,
	"series_id" text,
	"title" text,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"start_date" date,
	"end_date" date,
	"blocked" boolean NOT NULL,
	"own" boolean NOT NULL,
	"removed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" text NOT NULL,
	"params" jsonb NOT NULL,
	"dedupe_key" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"read_at" timestamp (3) with time zone,
	"resolved_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "calendar_probes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"calendar_id" uuid NOT NULL,
	"external_id" text,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"written_at" timestamp (3) with time zone,
	"pushed_at" timestamp (3) with time zone,
	"read_at" timestamp (3) with time zone,
	"removed_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"error_code" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"lease_epoch" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp (3) with time zone,
	CONSTRAINT "calendar_probes_event" CHECK ("calendar_probes"."written_at" is null or "calendar_probes"."external_id" is not null)
);
--> statement-breakpoint
CREATE TABLE "vendor_request_minutes" (
	"provider" text NOT NULL,
	"user_id" uuid NOT NULL,
	"minute" timestamp (3) with time zone NOT NULL,
	"requests" integer NOT NULL,
	"limited" integer NOT NULL,
	CONSTRAINT "vendor_request_minutes_provider_minute_user_id_pk" PRIMARY KEY("provider","minute","user_id")
);
--> statement-breakpoint
ALTER TABLE "calendar_connections" ADD COLUMN "list_change_seq" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "calendar_connections" ADD COLUMN "list_read_seq" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "calendar_connections" ADD COLUMN "next_list_watch_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "calendar_connections" ADD COLUMN "list_watch_failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "calendar_exported_bookings" ADD COLUMN "bulk_change_id" uuid;--> statement-breakpoint
ALTER TABLE "time_off" ADD COLUMN "bulk_change_id" uuid;--> statement-breakpoint
ALTER TABLE "calendar_watches" ADD COLUMN "subject" text DEFAULT 'events' NOT NULL;--> statement-breakpoint
ALTER TABLE "bulk_changes" ADD CONSTRAINT "bulk_changes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_changes" ADD CONSTRAINT "bulk_changes_connection_id_calendar_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."calendar_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_changes" ADD CONSTRAINT "bulk_changes_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_removals" ADD CONSTRAINT "calendar_removals_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_removals" ADD CONSTRAINT "calendar_removals_bulk_change_id_bulk_changes_id_fk" FOREIGN KEY ("bulk_change_id") REFERENCES "public"."bulk_changes"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_probes" ADD CONSTRAINT "calendar_probes_connection_id_calendar_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."calendar_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_probes" ADD CONSTRAINT "calendar_probes_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bulk_changes_user" ON "bulk_changes" USING btree ("user_id","detected_at");--> statement-breakpoint
CREATE UNIQUE INDEX "bulk_changes_open" ON "bulk_changes" USING btree ("calendar_id") WHERE "bulk_changes"."decision" is null;--> statement-breakpoint
CREATE INDEX "calendar_removals_calendar" ON "calendar_removals" USING btree ("calendar_id","removed_at");--> statement-breakpoint
CREATE INDEX "calendar_removals_change" ON "calendar_removals" USING btree ("bulk_change_id");--> statement-breakpoint
CREATE INDEX "calendar_removals_age" ON "calendar_removals" USING btree ("removed_at");--> statement-breakpoint
CREATE INDEX "notifications_user" ON "notifications" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "notifications_open" ON "notifications" USING btree ("user_id","dedupe_key") WHERE "notifications"."resolved_at" is null;--> statement-breakpoint
CREATE INDEX "calendar_probes_calendar" ON "calendar_probes" USING btree ("calendar_id","requested_at");--> statement-breakpoint
CREATE UNIQUE INDEX "calendar_probes_running" ON "calendar_probes" USING btree ("calendar_id") WHERE "calendar_probes"."finished_at" is null;--> statement-breakpoint
CREATE INDEX "calendar_probes_owed" ON "calendar_probes" USING btree ("next_attempt_at") WHERE "calendar_probes"."removed_at" is null;--> statement-breakpoint
CREATE INDEX "vendor_request_minutes_age" ON "vendor_request_minutes" USING btree ("minute");--> statement-breakpoint
ALTER TABLE "calendar_exported_bookings" ADD CONSTRAINT "calendar_exported_bookings_bulk_change_id_bulk_changes_id_fk" FOREIGN KEY ("bulk_change_id") REFERENCES "public"."bulk_changes"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "time_off" ADD CONSTRAINT "time_off_bulk_change_id_bulk_changes_id_fk" FOREIGN KEY ("bulk_change_id") REFERENCES "public"."bulk_changes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "exported_bulk_change" ON "calendar_exported_bookings" USING btree ("bulk_change_id");--> statement-breakpoint
CREATE INDEX "time_off_bulk_change" ON "time_off" USING btree ("bulk_change_id");