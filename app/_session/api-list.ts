import { z } from "zod";
import { AppError } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";

export const idField = z.string().refine(isId, "is not an id");
export const idParams = z.object({ id: idField });

const MAX_LIMIT = 200;

/** `limit` and `cursor` of every list. More than the maximum is answered with the maximum. */
export const listQuery = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .default(50)
    .transform((limit) => Math.min(limit, MAX_LIMIT)),
  cursor: z.string().max(1000).optional(),
});

export interface List<T> {
  data: T[];
  nextCursor: string | null;
}

/** One page of rows of which one more than `limit` was read; the cursor says where the next page begins. */
export function toList<R, T>(
  rows: readonly R[],
  limit: number,
  shape: { item: (row: R) => T; cursor: (last: R) => readonly (string | number)[] },
): List<T> {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { data: page.map(shape.item), nextCursor: more ? encodeCursor(shape.cursor(last)) : null };
}

export function encodeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

/** What `encodeCursor` was given; undefined without a cursor. Throws `invalid_input` for anything else. */
export function decodeCursor<S extends z.ZodType>(
  cursor: string | undefined,
  schema: S,
): z.output<S> | undefined {
  if (cursor === undefined) return undefined;
  const parsed = schema.safeParse(parse(Buffer.from(cursor, "base64url").toString("utf8")));
  if (parsed.success) return parsed.data;
  const fields = [{ path: "cursor", message: "is not one of ours" }];
  throw new AppError("invalid_input", "The cursor is invalid.", { fields });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // No schema of ours accepts it.
  }
}
