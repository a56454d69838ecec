import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { instant, reference } from "@/db/schema/columns";
import { organizations, users } from "@/db/schema/users";

export const VENDORS = ["google", "microsoft"] as const;

/** One account of a vendor that one user connected. Its state is computed from evidence, never stored. */
export const calendarConnections = pgTable(
  "calendar_connections",
  {
    id: uuid("id").primaryKey(),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    organizationId: reference("organization_id")
      .notNull()
      .references(() => organizations.id),
    provider: text("provider", { enum: VENDORS }).notNull(),
    issuer: text("issuer").notNull(),
    subject: text("subject").notNull(),
    accountEmail: text("account_email").notNull(),
    nickname: text("nickname"),
    grantedScopes: text("granted_scopes").array().notNull(),
    generation: integer("generation").notNull().default(1),
    connectedAt: instant("connected_at").notNull(),
    reconnectReason: text("reconnect_reason", {
      enum: ["revoked", "expired", "admin_policy", "insufficient_scopes", "key_missing"],
    }),
    reconnectSince: instant("reconnect_since"),
    disconnectingAt: instant("disconnecting_at"),
    disconnectReason: text("disconnect_reason"),
    calendarsListedAt: instant("calendars_listed_at"),
    calendarsNotified: boolean("calendars_notified").notNull().default(false),
    /** Both moved to `calendar_lists`; kept for processes of the version before, until none runs beside this one. */
    listChangeSeq: integer("list_change_seq").notNull().default(0),
    listReadSeq: integer("list_read_seq").notNull().default(0),
    /** The list cannot be watched now: tried again then. */
    nextListWatchAt: instant("next_list_watch_at"),
    listWatchFailures: integer("list_watch_failures").notNull().default(0),
    importEnabled: boolean("import_enabled").notNull().default(true),
    exportEnabled: boolean("export_enabled").notNull().default(true),
    autoSyncEnabled: boolean("auto_sync_enabled").notNull().default(true),
    targetCalendarId: reference("target_calendar_id"),
    whenUnsure: text("when_unsure", { enum: ["accept", "refuse"] })
      .notNull()
      .default("accept"),
    titles: text("titles", { enum: ["full", "busy_only"] })
      .notNull()
      .default("full"),
    exportDetails: text("export_details", { enum: ["full", "minimal"] })
      .notNull()
      .default("full"),
    allDayEvents: text("all_day_events", { enum: ["as_provider", "always_block"] })
      .notNull()
      .default("always_block"),
    tentative: text("tentative", { enum: ["block", "ignore"] })
      .notNull()
      .default("block"),
  },
  (t) => [
    uniqueIndex("calendar_connections_account")
      .on(t.provider, t.issuer, t.subject)
      .where(sql`${t.disconnectingAt} is null`),
    index("calendar_connections_user").on(t.userId),
    check(
      "calendar_connections_reconnect",
      sql`(${t.reconnectReason} is null) = (${t.reconnectSince} is null)`,
    ),
  ],
);

/**
 * What is told of an account's list of calendars. `changeSeq > readSeq`: calendars were added, removed or renamed, and
 * nobody looked yet. Apart from its connection, whose row others hold for longer than a vendor's message may wait.
 */
export const calendarLists = pgTable("calendar_lists", {
  connectionId: reference("connection_id")
    .primaryKey()
    .references(() => calendarConnections.id, { onDelete: "cascade" }),
  changeSeq: integer("change_seq").notNull().default(0),
  readSeq: integer("read_seq").notNull().default(0),
});

/** Tokens, sealed under the user's key and bound to their connection. `refreshEpoch` fences concurrent refreshes. */
export const oauthTokens = pgTable("oauth_tokens", {
  connectionId: reference("connection_id")
    .primaryKey()
    .references(() => calendarConnections.id, { onDelete: "cascade" }),
  accessToken: text("access_token").notNull(),
  refreshToken: text("refresh_token").notNull(),
  accessExpiresAt: instant("access_expires_at").notNull(),
  refreshEpoch: integer("refresh_epoch").notNull().default(0),
  refreshLeaseUntil: instant("refresh_lease_until"),
  refreshedAt: instant("refreshed_at").notNull(),
});

export const OUTCOMES = [
  "connected",
  "limited",
  "missing_scope",
  "denied",
  "closed",
  "expired",
  "state_mismatch",
  "wrong_account",
  "already_linked",
  "admin_approval",
  "policy",
  "provider_down",
  "misconfigured",
] as const;

/** One try to connect. The state is single use and bound to the browser's session; the verifier is sealed. */
export const oauthAttempts = pgTable(
  "oauth_attempts",
  {
    id: uuid("id").primaryKey(),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    provider: text("provider", { enum: VENDORS }).notNull(),
    connectionId: reference("connection_id").references(() => calendarConnections.id, {
      onDelete: "cascade",
    }),
    stateHash: text("state_hash").unique(),
    linkHash: text("link_hash").unique(),
    sessionHash: text("session_hash"),
    secrets: text("secrets"),
    mode: text("mode", { enum: ["popup", "tab"] }).notNull(),
    returnTo: text("return_to").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    consumedAt: instant("consumed_at"),
    finishedAt: instant("finished_at"),
    outcome: text("outcome", { enum: OUTCOMES }),
    errorCode: text("error_code"),
    resultConnectionId: reference("result_connection_id").references(() => calendarConnections.id, {
      onDelete: "set null",
    }),
  },
  (t) => [
    index("oauth_attempts_user").on(t.userId, t.createdAt),
    check("oauth_attempts_outcome", sql`(${t.outcome} is null) = (${t.finishedAt} is null)`),
  ],
);

/** What removal and revocation at the vendor still need after a disconnect. Only that job reads it, 24 h at most. */
export const disconnections = pgTable(
  "disconnections",
  {
    connectionId: reference("connection_id")
      .primaryKey()
      .references(() => calendarConnections.id, { onDelete: "cascade" }),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    sealedToken: text("sealed_token"),
    exportedEvents: text("exported_events", { enum: ["keep", "remove"] }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at").notNull(),
    lastError: text("last_error"),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [index("disconnections_due").on(t.nextAttemptAt)],
);
