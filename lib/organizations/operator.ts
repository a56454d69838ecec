import { and, eq, isNull } from "drizzle-orm";
import type { Database } from "@/db/client";
import { memberships, users } from "@/db/schema/users";
import type { AuthorizedOrganizationId, AuthorizedUserId, Ctx } from "@/lib/organizations/context";
import { notFound } from "@/lib/platform/errors";

/** Who acts when an operator uses the command line. */
export const OPERATOR = { type: "system", job: "command-line" } as const;

/** The operator's gate: whoever may run a command on this machine may act for anyone, and the audit log says so. */
export async function operatorCtx(db: Database, userId: string, now: Date): Promise<Ctx> {
  const [row] = await db
    .select({ organizationId: memberships.organizationId, role: memberships.role })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.userId, userId), isNull(users.disabledAt)));
  if (row === undefined) throw notFound("user");
  return {
    db,
    now,
    actor: OPERATOR,
    userId: userId as AuthorizedUserId,
    organizationId: row.organizationId as AuthorizedOrganizationId,
    role: row.role,
  };
}
