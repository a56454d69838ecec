CREATE TABLE "calendar_watches" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"calendar_id" uuid,
	"provider" text NOT NULL,
	"external_id" text,
	"resource_id" text,
	"secret_hash" text NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"renew_at" timestamp (3) with time zone,
	"verified_at" timestamp (3) with time zone,
	"last_notified_at" timestamp (3) with time zone,
	"last_message" bigint,
	"missed" integer DEFAULT 0 NOT NULL,
	"stop_wanted_at" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"error_code" text,
	CONSTRAINT "calendar_watches_renewal_known" CHECK ("calendar_watches"."renew_at" is null or "calendar_watches"."expires_at" is not null)
);
--> statement-breakpoint
CREATE TABLE "job_beats" (
	"job" text PRIMARY KEY NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"failures" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vendor_requests" (
	"provider" text NOT NULL,
	"user_id" uuid NOT NULL,
	"day" date NOT NULL,
	"requests" integer NOT NULL,
	"failures" integer NOT NULL,
	"limited" integer NOT NULL,
	CONSTRAINT "vendor_requests_provider_user_id_day_pk" PRIMARY KEY("provider","user_id","day")
);
--> statement-breakpoint
ALTER TABLE "calendar_sync_logs" ADD COLUMN "delay_ms" integer;--> statement-breakpoint
ALTER TABLE "calendars" ADD COLUMN "push_unsupported_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "calendars" ADD COLUMN "next_watch_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "calendars" ADD COLUMN "watch_failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "calendar_watches" ADD CONSTRAINT "calendar_watches_connection_id_calendar_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."calendar_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_watches" ADD CONSTRAINT "calendar_watches_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "calendar_watches_calendar" ON "calendar_watches" USING btree ("calendar_id");--> statement-breakpoint
CREATE INDEX "calendar_watches_connection" ON "calendar_watches" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "calendar_watches_renewal" ON "calendar_watches" USING btree ("renew_at");--> statement-breakpoint
CREATE INDEX "calendar_watches_stops" ON "calendar_watches" USING btree ("next_attempt_at") WHERE "calendar_watches"."stop_wanted_at" is not null;--> statement-breakpoint
CREATE INDEX "vendor_requests_day" ON "vendor_requests" USING btree ("day");