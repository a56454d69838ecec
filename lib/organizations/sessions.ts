import { and, eq, gt, isNull } from "drizzle-orm";
import type { Database } from "@/db/client";
import { memberships, organizations, sessions, users } from "@/db/schema/users";
import { withTransaction } from "@/db/transaction";
import type { AuthorizedOrganizationId, AuthorizedUserId, Ctx, Role } from "@/lib/organizations/context";
import { tokenHash } from "@/lib/platform/crypto";

/** Who is behind a session token right now. Read on every request, so disabling and role changes act at once. */
export interface SignedIn {
  /** The stored hash of the token: binds a consent to the browser session that began it. */
  sessionHash: string;
  expiresAt: Date;
  user: { id: string; handle: string; name: string; email: string; timeZone: string; locale: string };
  organization: { id: string; name: string; role: Role };
}

/** One query. Null for unknown, ended and expired sessions, and for disabled users. */
export async function findSession(db: Database, token: string, now: Date): Promise<SignedIn | null> {
  const sessionHash = tokenHash(token);
  const [row] = await db
    .select({
      expiresAt: sessions.expiresAt,
      user: {
        id: users.id,
        handle: users.handle,
        name: users.name,
        email: users.email,
        timeZone: users.timeZone,
        locale: users.locale,
      },
      organization: { id: organizations.id, name: organizations.name, role: memberships.role },
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .innerJoin(memberships, eq(memberships.userId, users.id))
    .innerJoin(organizations, eq(organizations.id, memberships.organizationId))
    .where(and(eq(sessions.tokenHash, sessionHash), gt(sessions.expiresAt, now), isNull(users.disabledAt)));
  return row === undefined ? null : { sessionHash, ...row };
}

/** The session gate: from here on the two ids are proof. */
export function sessionCtx(db: Database, signedIn: SignedIn, now: Date): Ctx {
  const { user, organization } = signedIn;
  return {
    db,
    now,
    actor: { type: "user", userId: user.id },
    userId: user.id as AuthorizedUserId,
    organizationId: organization.id as AuthorizedOrganizationId,
    role: organization.role,
  };
}

/** Opens a session and ends the one this browser had, whoever's it was. */
export async function openSession(
  db: Database,
  session: { token: string; userId: string; expiresAt: Date; replaces: string | null },
): Promise<void> {
  await withTransaction(db, async (tx) => {
    if (session.replaces !== null) {
      await tx.delete(sessions).where(eq(sessions.tokenHash, tokenHash(session.replaces)));
    }
    await tx
      .insert(sessions)
      .values({ tokenHash: tokenHash(session.token), userId: session.userId, expiresAt: session.expiresAt });
  });
}

export async function closeSession(db: Database, token: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.tokenHash, tokenHash(token)));
}
