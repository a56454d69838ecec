import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { instant, reference } from "@/db/schema/columns";

/** Nudges, written in the transaction that caused them. Losing one costs time, never facts. */
export const outbox = pgTable(
  "outbox",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    name: text("name").notNull(),
    data: jsonb("data").$type<Record<string, unknown>>().notNull(),
    createdAt: instant("created_at").notNull(),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at").notNull(),
  },
  (t) => [index("outbox_due").on(t.nextAttemptAt)],
);

/** A cron firing belongs to the process that inserts its row first. */
export const cronClaims = pgTable(
  "cron_claims",
  { functionId: text("function_id").notNull(), scheduledAt: instant("scheduled_at").notNull() },
  (t) => [primaryKey({ columns: [t.functionId, t.scheduledAt] })],
);

export const auditLog = pgTable(
  "audit_log",
  {
    id: uuid("id").primaryKey(),
    at: instant("at").notNull(),
    organizationId: reference("organization_id"),
    userId: reference("user_id"),
    actor: jsonb("actor").$type<Record<string, unknown>>().notNull(),
    action: text("action").notNull(),
    subjectType: text("subject_type").notNull(),
    subjectId: text("subject_id").notNull(),
    details: jsonb("details").$type<Record<string, unknown>>().notNull(),
  },
  (t) => [
    index("audit_log_organization").on(t.organizationId, t.at),
    index("audit_log_user").on(t.userId, t.at),
  ],
);

/** Answers kept for 24 h so that a repeated `Idempotency-Key` is answered, not executed, twice. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    userId: reference("user_id").notNull(),
    key: text("key").notNull(),
    requestHash: text("request_hash").notNull(),
    status: integer("status"),
    body: jsonb("body").$type<unknown>(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.key] }), index("idempotency_keys_age").on(t.createdAt)],
);

/** Fixed-window counters of refused or costly requests, shared by all processes. */
export const rateCounters = pgTable(
  "rate_counters",
  {
    bucket: text("bucket").notNull(),
    windowStart: instant("window_start").notNull(),
    count: integer("count").notNull(),
  },
  (t) => [primaryKey({ columns: [t.bucket, t.windowStart] })],
);
