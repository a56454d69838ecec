import { z } from "zod";
import { AppError } from "@/lib/platform/errors";

/** Body of `PUT /integrations/{id}/settings`: any of the settings, flat, and which calendars are checked. */
export const settingsInput = z.strictObject({
  importEnabled: z.boolean().optional(),
  exportEnabled: z.boolean().optional(),
  autoSyncEnabled: z.boolean().optional(),
  targetCalendarId: z.string().nullable().optional(),
  whenUnsure: z.enum(["accept", "refuse"]).optional(),
  titles: z.enum(["full", "busy_only"]).optional(),
  exportDetails: z.enum(["full", "minimal"]).optional(),
  allDayEvents: z.enum(["as_provider", "always_block"]).optional(),
  tentative: z.enum(["block", "ignore"]).optional(),
  nickname: z.string().trim().max(60).nullable().optional(),
  calendars: z
    .array(z.strictObject({ id: z.string(), checkForConflicts: z.boolean() }))
    .max(500)
    .optional(),
});

export type SettingsInput = z.infer<typeof settingsInput>;

/** Throws `invalid_input` naming every field at fault. */
export function parseSettings(body: unknown): SettingsInput {
  const parsed = settingsInput.safeParse(body);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  throw new AppError("invalid_input", "These settings cannot be used.", { fields });
}
