import { AppError } from "@/lib/platform/errors";

/** A page of a list; a cursor of another list is no place in this one and shows its beginning. */
export async function readListOrFirst<T>(
  cursor: string | string[] | undefined,
  list: (cursor: string | null) => Promise<T>,
): Promise<T> {
  const given = firstValue(cursor);
  try {
    return await list(given || null);
  } catch (error) {
    if (given !== "" && error instanceof AppError && error.code === "invalid_input") return list(null);
    throw error;
  }
}

/** A parameter of an address that may be given several times, or not at all. */
export function firstValue(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}
