import { z } from "zod";
import { instantOut } from "@/app/api/v1/_operations/fields";
import { syncRun } from "@/app/api/v1/_operations/run-schema";

const calendar = z.strictObject({
  id: z.uuid(),
  externalId: z.string(),
  name: z.string(),
  color: z.string().nullable().describe("CSS colour, as the vendor gives it"),
  timeZone: z.string().describe("IANA"),
  accessRole: z.string().describe("The vendor's own word"),
  primary: z.boolean(),
  canWrite: z.boolean(),
  checkForConflicts: z.boolean(),
  push: z.enum(["active", "pending", "unsupported", "off"]),
  pushExpiresAt: instantOut.nullable(),
  pushDelayMs: z.int().nullable().describe("From the last announced change at the vendor to its import here"),
  lastSyncedAt: instantOut.nullable(),
  lastChangeAt: instantOut.nullable(),
  state: z.enum(["ok", "syncing", "delayed", "failed"]),
});

const settings = z.strictObject({
  importEnabled: z.boolean(),
  exportEnabled: z.boolean(),
  autoSyncEnabled: z.boolean(),
  targetCalendarId: z.uuid().nullable(),
  whenUnsure: z.enum(["accept", "refuse"]),
  titles: z.enum(["full", "busy_only"]),
  exportDetails: z.enum(["full", "minimal"]),
  allDayEvents: z.enum(["as_provider", "always_block"]),
  tentative: z.enum(["block", "ignore"]),
});

export const vendor = z.enum(["google", "microsoft"]);

/** One account of a vendor that one person connected. */
export const integration = z
  .strictObject({
    id: z.uuid(),
    provider: vendor,
    accountEmail: z.string(),
    nickname: z.string().nullable(),
    status: z.enum([
      "connected",
      "importing",
      "limited",
      "reconnect_required",
      "blocked_by_policy",
      "disconnecting",
    ]),
    statusReason: z.string().nullable(),
    reconnectSince: instantOut.nullable(),
    policyMessage: z.string().nullable(),
    grantedScopes: z.array(z.string()),
    capabilities: z.strictObject({
      readEvents: z.boolean(),
      writeEvents: z.boolean(),
      contacts: z.boolean(),
      presence: z.boolean(),
    }),
    settings,
    calendars: z.array(calendar),
    pendingExports: z.int().min(0),
    lastRun: syncRun.nullable(),
    connectedAt: instantOut,
  })
  .meta({ id: "Integration" });
