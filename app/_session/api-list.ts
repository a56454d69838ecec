import { z } from "zod";
import { isId } from "@/lib/platform/ids";
import { DEFAULT_LIMIT, MAX_LIMIT, type PageRequest } from "@/lib/platform/page";

export const idField = z.string().refine(isId, "is not an id").meta({ format: "uuid" });
export const idParams = z.object({ id: idField });

/** `limit` and `cursor` of every list. More than the maximum is answered with the maximum. */
export const listQuery = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .default(DEFAULT_LIMIT)
    .transform((limit) => Math.min(limit, MAX_LIMIT)),
  cursor: z.string().max(1000).optional(),
});

/** How a list's query asks the rooms below for a page. */
export function pageRequest({ limit, cursor }: z.output<typeof listQuery>): PageRequest {
  return { limit, cursor: cursor ?? null };
}
