import type { z } from "zod";
import type { FieldFault } from "@/lib/platform/errors";

/** What zod found, by field: `calendars.0.id`. Never repeats the input. */
export function fieldFaults(error: z.ZodError): FieldFault[] {
  return error.issues
    .slice(0, 50)
    .map((issue) => ({ path: issue.path.map(String).join("."), message: issue.message }));
}
