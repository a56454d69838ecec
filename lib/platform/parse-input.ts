import type { z } from "zod";
import { AppError } from "@/lib/platform/errors";

/** What a caller sent, as the schema reads it. Throws `invalid_input` naming every field at fault. */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown, detail: string): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  throw new AppError("invalid_input", detail, { fields });
}
