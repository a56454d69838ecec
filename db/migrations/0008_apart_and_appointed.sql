CREATE TABLE "calendar_lists" (
	"connection_id" uuid PRIMARY KEY NOT NULL,
	"change_seq" integer DEFAULT 0 NOT NULL,
	"read_seq" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "appointed" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "calendar_lists" ADD CONSTRAINT "calendar_lists_connection_id_calendar_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."calendar_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
INSERT INTO "calendar_lists" ("connection_id", "change_seq", "read_seq")
SELECT "id", "list_change_seq", "list_read_seq" FROM "calendar_connections";--> statement-breakpoint
UPDATE "memberships" m SET "appointed" = true WHERE m."role" = 'admin' AND EXISTS (
	SELECT FROM "audit_log" a
	WHERE a."user_id" = m."user_id" AND a."action" = 'user.created' AND a."actor" ->> 'job' = 'command-line'
);
