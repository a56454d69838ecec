ALTER TABLE "calendar_probes" DROP CONSTRAINT "calendar_probes_calendar_id_calendars_id_fk";
--> statement-breakpoint
ALTER TABLE "calendar_probes" ALTER COLUMN "calendar_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "calendar_probes" ADD COLUMN "calendar_external_id" text NOT NULL;--> statement-breakpoint
ALTER TABLE "calendar_probes" ADD COLUMN "asked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "calendar_probes" ADD COLUMN "push_trouble" text;--> statement-breakpoint
ALTER TABLE "calendar_probes" ADD CONSTRAINT "calendar_probes_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "calendar_probes_connection" ON "calendar_probes" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "calendar_probes_event_met" ON "calendar_probes" USING btree ("user_id","external_id");--> statement-breakpoint
ALTER TABLE "calendar_probes" ADD CONSTRAINT "calendar_probes_asked" CHECK ("calendar_probes"."written_at" is null or "calendar_probes"."asked_at" is not null);