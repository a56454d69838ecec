import { randomBytes } from "node:crypto";
import { like } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { users } from "@/db/schema/users";

export const HANDLE = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** The public name a person's booking page starts with: from their name, else from their address. */
export function handleFrom(name: string, email: string): string {
  const local = email.split("@")[0] ?? "";
  return slugOf(name) ?? slugOf(local) ?? "provider";
}

/** A text as part of an address, at most 32 characters; null where too little of it is Latin. */
export function slugOf(text: string): string | null {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 32)
    .replace(/^-+|-+$/g, "");
  return plain.length >= 2 ? plain : null;
}

/** The wished handle, or the first of `-2`, `-3`, … nobody has; the unique constraint settles races. */
export async function freeHandle(tx: Tx, wished: string): Promise<string> {
  const rows = await tx
    .select({ handle: users.handle })
    .from(users)
    .where(like(users.handle, `${wished}%`))
    .limit(500);
  const taken = new Set(rows.map((row) => row.handle));
  if (!taken.has(wished)) return wished;
  for (let suffix = 2; suffix < 100; suffix += 1) {
    const candidate = `${wished}-${suffix}`;
    if (!taken.has(candidate)) return candidate;
  }
  return `${wished}-${randomBytes(4).toString("hex")}`;
}
