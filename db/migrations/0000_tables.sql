CREATE TABLE "calendar_sync_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"calendar_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"external_id" text NOT NULL,
	"series_id" text,
	"ical_uid" text,
	"etag" text,
	"fingerprint" text NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"show_as" text NOT NULL,
	"response" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"start_date" date,
	"end_date" date,
	"time_zone" text,
	"title" text,
	"location" text,
	"attendees" jsonb,
	"own" boolean DEFAULT false NOT NULL,
	"override" boolean,
	"learned_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "calendar_sync_events_external" UNIQUE("calendar_id","external_id"),
	CONSTRAINT "calendar_sync_events_day_whole" CHECK (("calendar_sync_events"."start_date" is null) = ("calendar_sync_events"."end_date" is null)),
	CONSTRAINT "calendar_sync_events_order" CHECK ("calendar_sync_events"."starts_at" <= "calendar_sync_events"."ends_at")
);
--> statement-breakpoint
CREATE TABLE "calendar_sync_logs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"calendar_id" uuid,
	"user_id" uuid NOT NULL,
	"trigger" text NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"change_seq" integer NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"duration_ms" integer,
	"imported" integer DEFAULT 0 NOT NULL,
	"updated" integer DEFAULT 0 NOT NULL,
	"removed" integer DEFAULT 0 NOT NULL,
	"unchanged" integer DEFAULT 0 NOT NULL,
	"exported" integer DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error_code" text,
	"retry_at" timestamp (3) with time zone,
	"repeats" integer DEFAULT 1 NOT NULL,
	"last_run_at" timestamp (3) with time zone NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "calendar_sync_logs_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1)
);
--> statement-breakpoint
CREATE TABLE "calendars" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	"name" text NOT NULL,
	"color" text,
	"time_zone" text NOT NULL,
	"access_role" text NOT NULL,
	"can_write" boolean NOT NULL,
	"is_primary" boolean DEFAULT false NOT NULL,
	"selected" boolean DEFAULT false NOT NULL,
	"generation" integer DEFAULT 1 NOT NULL,
	"cursor" text,
	"cursor_version" text,
	"window_start" timestamp (3) with time zone,
	"window_end" timestamp (3) with time zone,
	"change_seq" integer DEFAULT 0 NOT NULL,
	"synced_seq" integer DEFAULT 0 NOT NULL,
	"change_notified_at" timestamp (3) with time zone,
	"synced_through" timestamp (3) with time zone,
	"last_synced_at" timestamp (3) with time zone,
	"last_change_at" timestamp (3) with time zone,
	"next_sync_at" timestamp (3) with time zone NOT NULL,
	"next_reconcile_at" timestamp (3) with time zone NOT NULL,
	"backoff_until" timestamp (3) with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"last_error_kind" text,
	"last_error_at" timestamp (3) with time zone,
	"cursor_losses" integer DEFAULT 0 NOT NULL,
	"lease_epoch" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp (3) with time zone,
	CONSTRAINT "calendars_external" UNIQUE("connection_id","external_id"),
	CONSTRAINT "calendars_cursor_whole" CHECK (("calendars"."cursor" is null) = ("calendars"."cursor_version" is null))
);
--> statement-breakpoint
CREATE TABLE "calendar_connections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"organization_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"account_email" text NOT NULL,
	"nickname" text,
	"granted_scopes" text[] NOT NULL,
	"generation" integer DEFAULT 1 NOT NULL,
	"connected_at" timestamp (3) with time zone NOT NULL,
	"reconnect_reason" text,
	"reconnect_since" timestamp (3) with time zone,
	"disconnecting_at" timestamp (3) with time zone,
	"disconnect_reason" text,
	"calendars_listed_at" timestamp (3) with time zone,
	"calendars_notified" boolean DEFAULT false NOT NULL,
	"import_enabled" boolean DEFAULT true NOT NULL,
	"export_enabled" boolean DEFAULT true NOT NULL,
	"auto_sync_enabled" boolean DEFAULT true NOT NULL,
	"target_calendar_id" uuid,
	"when_unsure" text DEFAULT 'accept' NOT NULL,
	"titles" text DEFAULT 'full' NOT NULL,
	"export_details" text DEFAULT 'full' NOT NULL,
	"all_day_events" text DEFAULT 'always_block' NOT NULL,
	"tentative" text DEFAULT 'block' NOT NULL,
	CONSTRAINT "calendar_connections_reconnect" CHECK (("calendar_connections"."reconnect_reason" is null) = ("calendar_connections"."reconnect_since" is null))
);
--> statement-breakpoint
CREATE TABLE "disconnections" (
	"connection_id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"sealed_token" text,
	"exported_events" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"last_error" text,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "oauth_attempts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"connection_id" uuid,
	"state_hash" text,
	"link_hash" text,
	"session_hash" text,
	"secrets" text,
	"mode" text NOT NULL,
	"return_to" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"consumed_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"outcome" text,
	"error_code" text,
	"result_connection_id" uuid,
	CONSTRAINT "oauth_attempts_state_hash_unique" UNIQUE("state_hash"),
	CONSTRAINT "oauth_attempts_link_hash_unique" UNIQUE("link_hash"),
	CONSTRAINT "oauth_attempts_outcome" CHECK (("oauth_attempts"."outcome" is null) = ("oauth_attempts"."finished_at" is null))
);
--> statement-breakpoint
CREATE TABLE "oauth_tokens" (
	"connection_id" uuid PRIMARY KEY NOT NULL,
	"access_token" text NOT NULL,
	"refresh_token" text NOT NULL,
	"access_expires_at" timestamp (3) with time zone NOT NULL,
	"refresh_epoch" integer DEFAULT 0 NOT NULL,
	"refresh_lease_until" timestamp (3) with time zone,
	"refreshed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "time_off" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"title" text,
	"all_day" boolean NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"start_date" date,
	"end_date" date,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "time_off_order" CHECK ("time_off"."starts_at" < "time_off"."ends_at"),
	CONSTRAINT "time_off_day_whole" CHECK ("time_off"."all_day" = ("time_off"."start_date" is not null and "time_off"."end_date" is not null))
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"key_hash" text NOT NULL,
	"prefix" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_key_hash_unique" UNIQUE("key_hash")
);
--> statement-breakpoint
CREATE TABLE "integration_policies" (
	"organization_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"allowed" boolean NOT NULL,
	"message" text,
	CONSTRAINT "integration_policies_organization_id_provider_pk" PRIMARY KEY("organization_id","provider")
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"organization_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "memberships_organization_id_user_id_pk" PRIMARY KEY("organization_id","user_id"),
	CONSTRAINT "memberships_one_organization" UNIQUE("user_id"),
	CONSTRAINT "memberships_role" CHECK ("memberships"."role" in ('admin', 'provider'))
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user_keys" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"key_id" text NOT NULL,
	"wrapped" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"issuer" text,
	"subject" text,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"handle" text NOT NULL,
	"time_zone" text NOT NULL,
	"locale" text DEFAULT 'en' NOT NULL,
	"disabled_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "users_handle_unique" UNIQUE("handle"),
	CONSTRAINT "users_identity" UNIQUE("issuer","subject"),
	CONSTRAINT "users_identity_whole" CHECK (("users"."issuer" is null) = ("users"."subject" is null)),
	CONSTRAINT "users_locale" CHECK ("users"."locale" in ('en', 'fr'))
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"organization_id" uuid,
	"user_id" uuid,
	"actor" jsonb NOT NULL,
	"action" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" text NOT NULL,
	"details" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cron_claims" (
	"function_id" text NOT NULL,
	"scheduled_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "cron_claims_function_id_scheduled_at_pk" PRIMARY KEY("function_id","scheduled_at")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"user_id" uuid NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"status" integer,
	"body" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_user_id_key_pk" PRIMARY KEY("user_id","key")
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"data" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_counters" (
	"bucket" text NOT NULL,
	"window_start" timestamp (3) with time zone NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "rate_counters_bucket_window_start_pk" PRIMARY KEY("bucket","window_start")
);
--> statement-breakpoint
ALTER TABLE "calendar_sync_events" ADD CONSTRAINT "calendar_sync_events_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_sync_logs" ADD CONSTRAINT "calendar_sync_logs_connection_id_calendar_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."calendar_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_sync_logs" ADD CONSTRAINT "calendar_sync_logs_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendars" ADD CONSTRAINT "calendars_connection_id_calendar_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."calendar_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendars" ADD CONSTRAINT "calendars_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_connections" ADD CONSTRAINT "calendar_connections_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_connections" ADD CONSTRAINT "calendar_connections_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disconnections" ADD CONSTRAINT "disconnections_connection_id_calendar_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."calendar_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disconnections" ADD CONSTRAINT "disconnections_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_attempts" ADD CONSTRAINT "oauth_attempts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_attempts" ADD CONSTRAINT "oauth_attempts_connection_id_calendar_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."calendar_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_attempts" ADD CONSTRAINT "oauth_attempts_result_connection_id_calendar_connections_id_fk" FOREIGN KEY ("result_connection_id") REFERENCES "public"."calendar_connections"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_tokens" ADD CONSTRAINT "oauth_tokens_connection_id_calendar_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."calendar_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "time_off" ADD CONSTRAINT "time_off_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "integration_policies" ADD CONSTRAINT "integration_policies_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_keys" ADD CONSTRAINT "user_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "calendar_sync_events_time" ON "calendar_sync_events" USING btree ("user_id","ends_at");--> statement-breakpoint
CREATE INDEX "calendar_sync_logs_connection" ON "calendar_sync_logs" USING btree ("connection_id","started_at");--> statement-breakpoint
CREATE INDEX "calendar_sync_logs_calendar" ON "calendar_sync_logs" USING btree ("calendar_id","seq");--> statement-breakpoint
CREATE INDEX "calendar_sync_logs_open" ON "calendar_sync_logs" USING btree ("calendar_id") WHERE "calendar_sync_logs"."status" = 'running';--> statement-breakpoint
CREATE INDEX "calendars_user" ON "calendars" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "calendars_due" ON "calendars" USING btree ("next_sync_at");--> statement-breakpoint
CREATE UNIQUE INDEX "calendar_connections_account" ON "calendar_connections" USING btree ("provider","issuer","subject") WHERE "calendar_connections"."disconnecting_at" is null;--> statement-breakpoint
CREATE INDEX "calendar_connections_user" ON "calendar_connections" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "disconnections_due" ON "disconnections" USING btree ("next_attempt_at");--> statement-breakpoint
CREATE INDEX "oauth_attempts_user" ON "oauth_attempts" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "time_off_time" ON "time_off" USING btree ("user_id","ends_at");--> statement-breakpoint
CREATE INDEX "api_keys_user" ON "api_keys" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "audit_log_organization" ON "audit_log" USING btree ("organization_id","at");--> statement-breakpoint
CREATE INDEX "audit_log_user" ON "audit_log" USING btree ("user_id","at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_age" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("next_attempt_at");