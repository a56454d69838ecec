import { sql } from "drizzle-orm";
import { boolean, check, index, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { instant, reference } from "@/db/schema/columns";

export const organizations = pgTable("organizations", {
  id: uuid("id").primaryKey(),
  name: text("name").notNull(),
  createdAt: instant("created_at").notNull(),
});

/** A person. Keyed by (issuer, subject) of the identity provider, never by e-mail; both are null for API-only users. */
export const users = pgTable(
  "users",
  {
    id: uuid("id").primaryKey(),
    issuer: text("issuer"),
    subject: text("subject"),
    email: text("email").notNull(),
    name: text("name").notNull(),
    handle: text("handle").notNull().unique(),
    timeZone: text("time_zone").notNull(),
    locale: text("locale").notNull().default("en"),
    disabledAt: instant("disabled_at"),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    unique("users_identity").on(t.issuer, t.subject),
    check("users_identity_whole", sql`(${t.issuer} is null) = (${t.subject} is null)`),
    check("users_locale", sql`${t.locale} in ('en', 'fr')`),
  ],
);

export const memberships = pgTable(
  "memberships",
  {
    organizationId: reference("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    role: text("role", { enum: ["admin", "provider"] }).notNull(),
    /** Made an administrator by who runs the installation. Whoever signs up is that of nothing but their own. */
    appointed: boolean("appointed").notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.userId] }),
    unique("memberships_one_organization").on(t.userId),
    check("memberships_role", sql`${t.role} in ('admin', 'provider')`),
  ],
);

/** Sign-in sessions. The browser holds the token, this table its hash. */
export const sessions = pgTable(
  "sessions",
  {
    tokenHash: text("token_hash").primaryKey(),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [index("sessions_user").on(t.userId)],
);

/** One data key per user, wrapped by a master key of `ENCRYPTION_KEYS`. */
export const userKeys = pgTable("user_keys", {
  userId: reference("user_id")
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  keyId: text("key_id").notNull(),
  wrapped: text("wrapped").notNull(),
});

export const apiKeys = pgTable(
  "api_keys",
  {
    id: uuid("id").primaryKey(),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    keyHash: text("key_hash").notNull().unique(),
    prefix: text("prefix").notNull(),
    scopes: text("scopes", { enum: ["read", "write", "connect", "admin"] })
      .array()
      .notNull(),
    createdAt: instant("created_at").notNull(),
    lastUsedAt: instant("last_used_at"),
    revokedAt: instant("revoked_at"),
  },
  (t) => [index("api_keys_user").on(t.userId)],
);

/** What an organization allows its members to connect. No row: allowed. */
export const integrationPolicies = pgTable(
  "integration_policies",
  {
    organizationId: reference("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    provider: text("provider", { enum: ["google", "microsoft"] }).notNull(),
    allowed: boolean("allowed").notNull(),
    message: text("message"),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.provider] })],
);
