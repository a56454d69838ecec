import { AppError } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;

/** One page of a list, in the shape the API answers. */
export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

export interface PageRequest {
  limit: number;
  cursor: string | null;
}

/** Where a list goes on: the sort key and id of the last row shown. Opaque to callers, never trusted. */
export interface Position {
  key: string;
  id: string;
}

function encodePosition({ key, id }: Position): string {
  return Buffer.from(JSON.stringify([key, id])).toString("base64url");
}

const KEYS = { instant: isInstant, number: (key: string) => /^\d{1,18}$/.test(key) };

/** Only texts the database reads as they stand: `2026-99-99` and the year 0000 are none. */
function isInstant(key: string): boolean {
  const at = new Date(key);
  return !Number.isNaN(at.getTime()) && at.toISOString() === key && /^(?!0000)\d{4}-/.test(key);
}

/** Throws `invalid_input` for anything that is not a position in a list with keys of this kind. */
export function decodePosition(cursor: string | null, keys: keyof typeof KEYS): Position | null {
  if (cursor === null) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(value) && value.length === 2) {
      const [key, id] = value as unknown[];
      if (typeof key === "string" && KEYS[keys](key) && typeof id === "string" && isId(id))
        return { key, id };
    }
  } catch (cause) {
    throw invalidCursor(cause);
  }
  throw invalidCursor();
}

function invalidCursor(cause?: unknown): AppError {
  const fields = [{ path: "cursor", message: "is not a cursor of this list" }];
  return new AppError("invalid_input", "The cursor is not one of this list.", { fields, cause });
}

/** Cuts a list that was read with one row too many. */
export function toPage<R, T>(
  rows: R[],
  limit: number,
  position: (row: R) => Position,
  map: (row: R) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(map),
    nextCursor: rows.length > limit && last !== undefined ? encodePosition(position(last)) : null,
  };
}
