import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { organizations } from "@/db/schema/users";
import { AppError, notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";

/** By id (must exist) or by exact name; null for a name nobody has. Throws `conflict` when two share it. */
export async function findOrganization(tx: Tx, idOrName: string): Promise<{ id: string } | null> {
  const byId = isId(idOrName);
  const rows = await tx
    .select({ id: organizations.id })
    .from(organizations)
    .where(byId ? eq(organizations.id, idOrName.toLowerCase()) : eq(organizations.name, idOrName))
    .limit(2);
  if (rows.length > 1)
    throw new AppError("conflict", `Several organizations are named "${idOrName}": give the id.`);
  if (byId && rows.length === 0) throw notFound("organization");
  return rows[0] ?? null;
}
