import { z } from "zod";
import { idParams, listQuery } from "@/app/_session/api-list";
import { instantOut, listOf } from "@/app/api/v1/_operations/fields";
import { integration } from "@/app/api/v1/_operations/integration-schema";
import { operation } from "@/app/api/v1/_operations/operation";
import { settingsInput } from "@/lib/connections/settings-input";

const tag = "Integrations";

export const listOwnIntegrations = operation({
  id: "listIntegrations",
  method: "GET",
  path: "/integrations",
  tag,
  summary: "The connected accounts, oldest first, those that are leaving included.",
  scope: "read",
  query: listQuery,
  answer: listOf(integration),
});

export const readIntegration = operation({
  id: "getIntegration",
  method: "GET",
  path: "/integrations/{id}",
  tag,
  summary: "One connected account with its calendars, settings and last run.",
  scope: "read",
  params: idParams,
  answer: integration,
});

export const changeSettings = operation({
  id: "updateSettings",
  method: "PUT",
  path: "/integrations/{id}/settings",
  tag,
  summary:
    "Changes the settings and calendars that are given. Checking a calendar starts its import at once.",
  scope: "write",
  params: idParams,
  body: settingsInput,
  answer: integration,
});

export const disconnectIntegration = operation({
  id: "disconnectIntegration",
  method: "DELETE",
  path: "/integrations/{id}",
  tag,
  summary:
    "Ends the connection. From the answer on nothing of it blocks; what is left to do at the vendor follows.",
  scope: "connect",
  params: idParams,
  query: z.object({ exportedEvents: z.enum(["keep", "remove"]).default("keep") }),
  status: 202,
  answer: z.strictObject({ id: z.uuid(), status: z.literal("disconnecting") }),
});

export const syncIntegration = operation({
  id: "syncIntegration",
  method: "POST",
  path: "/integrations/{id}/sync",
  tag,
  summary: "Asks for runs that will see every change made before this call, one for each checked calendar.",
  scope: "write",
  params: idParams,
  status: 202,
  creates: true,
  answer: z.strictObject({ runIds: z.array(z.uuid()) }),
  refusals: ["reconnect_required", "import_disabled", "blocked_by_policy", "provider_not_configured"],
});

const check = z.strictObject({
  code: z.string(),
  status: z.enum(["ok", "warning", "failed"]),
  title: z.string(),
  detail: z.string(),
  fix: z.string().nullable(),
});

export const diagnoseIntegration = operation({
  id: "diagnoseIntegration",
  method: "POST",
  path: "/integrations/{id}/diagnose",
  tag,
  summary: "Tries the connection out, step by step, and says what is wrong and what helps.",
  scope: "write",
  params: idParams,
  answer: z.strictObject({ checks: z.array(check) }),
});

const calendarParams = z.object({ id: z.uuid(), calendarId: z.uuid() });
const milliseconds = z.int().min(0).nullable();

export const testCalendar = operation({
  id: "testCalendar",
  method: "POST",
  path: "/integrations/{id}/calendars/{calendarId}/test",
  tag,
  summary:
    "Tests one calendar: writes a private event that takes no time, meets it again by push and by reading, and " +
    "removes it. A test that is under way is answered instead of another.",
  scope: "write",
  params: calendarParams,
  status: 202,
  creates: true,
  answer: z.strictObject({ probeId: z.uuid() }),
  refusals: [
    "reconnect_required",
    "import_disabled",
    "calendar_not_checked",
    "calendar_not_writable",
    "blocked_by_policy",
    "provider_not_configured",
  ],
});

export const readCalendarTest = operation({
  id: "getCalendarTest",
  method: "GET",
  path: "/integrations/{id}/calendars/{calendarId}/test",
  tag,
  summary: "The last test of one calendar. Kept for a day.",
  scope: "read",
  params: calendarParams,
  answer: z.strictObject({
    id: z.uuid(),
    status: z
      .enum(["running", "succeeded", "limited", "failed"])
      .describe("`limited`: changes are found, but nobody told of this one"),
    requestedAt: instantOut,
    writtenMs: milliseconds.describe(
      "From `requestedAt` until the event stood; null: it does not, or not yet",
    ),
    pushMs: milliseconds.describe("Until the provider told of it"),
    readMs: milliseconds.describe("Until a reading of the calendar met it"),
    removedMs: milliseconds.describe("Until it was removed"),
    error: z
      .strictObject({
        code: z.string(),
        step: z.enum(["write", "push", "read", "remove"]),
        message: z.string(),
        fix: z.string(),
      })
      .nullable(),
  }),
});
