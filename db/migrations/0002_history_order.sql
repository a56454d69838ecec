DROP INDEX "calendar_sync_logs_connection";--> statement-breakpoint
CREATE INDEX "calendar_sync_logs_user" ON "calendar_sync_logs" USING btree ("user_id","seq");--> statement-breakpoint
CREATE INDEX "calendars_waiting" ON "calendars" USING btree ("last_error_kind","backoff_until") WHERE "calendars"."backoff_until" is not null;--> statement-breakpoint
CREATE INDEX "calendar_sync_logs_connection" ON "calendar_sync_logs" USING btree ("connection_id","seq");