import { z } from "zod";
import { instantOut } from "@/app/api/v1/_operations/fields";

/** RFC 9457, with a code to branch on, for bad input the fields at fault, and for a taken slot the free ones near it. */
export const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
    slots: z
      .array(z.strictObject({ start: instantOut, end: instantOut }))
      .optional()
      .describe("With `slot_unavailable`: the nearest free slots, at most six"),
  })
  .meta({ id: "Problem" });
