import { randomBytes } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { apiKeys, memberships, users } from "@/db/schema/users";
import { withTransaction } from "@/db/transaction";
import { recordAudit } from "@/lib/organizations/audit";
import {
  type Actor,
  API_SCOPES,
  type ApiScope,
  type AuthorizedOrganizationId,
  type AuthorizedUserId,
  type Ctx,
} from "@/lib/organizations/context";
import { tokenHash } from "@/lib/platform/crypto";
import { AppError, notFound } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";

export const DEFAULT_SCOPES: readonly ApiScope[] = ["read", "write", "connect"];

const TOKEN = /^ent_[\w-]{43}$/;
const PREFIX_LENGTH = 12;
const TOUCH_EVERY_MS = 60_000;

export interface CreatedApiKey {
  id: string;
  /** The whole key, seen this once. */
  key: string;
  /** Enough of it to recognize it in a list. */
  prefix: string;
  scopes: ApiScope[];
}

/** Makes a key for a user; only its hash is kept. Throws `not_found` for unknown and disabled users. */
export async function createApiKey(
  db: Database,
  request: { userId: string; scopes: readonly ApiScope[]; actor: Actor },
  now: Date,
): Promise<CreatedApiKey> {
  const scopes = API_SCOPES.filter((scope) => request.scopes.includes(scope));
  if (scopes.length === 0) throw new AppError("invalid_input", "A key needs at least one scope.");
  return withTransaction(db, async (tx) => {
    const [owner] = await tx
      .select({ organizationId: memberships.organizationId })
      .from(users)
      .innerJoin(memberships, eq(memberships.userId, users.id))
      .where(and(eq(users.id, request.userId), isNull(users.disabledAt)));
    if (owner === undefined) throw notFound("user");
    const key = `ent_${randomBytes(32).toString("base64url")}`;
    const created = { id: newId(now), key, prefix: key.slice(0, PREFIX_LENGTH), scopes };
    await tx.insert(apiKeys).values({
      id: created.id,
      userId: request.userId,
      keyHash: tokenHash(key),
      prefix: created.prefix,
      scopes,
      createdAt: now,
    });
    await recordAudit(
      tx,
      { actor: request.actor, now, userId: request.userId, organizationId: owner.organizationId },
      { action: "api_key.created", subject: { type: "api_key", id: created.id }, details: { scopes } },
    );
    return created;
  });
}

/** Ends a key of the caller's own. Ending it twice is no fault. */
export async function revokeApiKey(ctx: Ctx, apiKeyId: string): Promise<void> {
  await withTransaction(ctx.db, async (tx) => {
    const own = and(eq(apiKeys.id, apiKeyId), eq(apiKeys.userId, ctx.userId));
    const [key] = await tx.select({ revokedAt: apiKeys.revokedAt }).from(apiKeys).where(own).for("update");
    if (key === undefined) throw notFound("API key");
    if (key.revokedAt !== null) return;
    await tx.update(apiKeys).set({ revokedAt: ctx.now }).where(own);
    await recordAudit(tx, ctx, { action: "api_key.revoked", subject: { type: "api_key", id: apiKeyId } });
  });
}

/** Asked with every request: built once for a database, parsed once by each connection. */
const keyQueries = new WeakMap<Database, ReturnType<typeof keyQuery>>();

function keyQuery(db: Database) {
  return db
    .select({
      id: apiKeys.id,
      scopes: apiKeys.scopes,
      lastUsedAt: apiKeys.lastUsedAt,
      userId: users.id,
      organizationId: memberships.organizationId,
      role: memberships.role,
    })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .innerJoin(memberships, eq(memberships.userId, users.id))
    .where(
      and(
        eq(apiKeys.keyHash, sql.placeholder("keyHash")),
        isNull(apiKeys.revokedAt),
        isNull(users.disabledAt),
      ),
    )
    .prepare("api_key");
}

/** The API-key gate. Null for anything that is no living key of a living user. */
export async function authenticateApiKey(db: Database, token: string, now: Date): Promise<Ctx | null> {
  if (!TOKEN.test(token)) return null;
  const query = keyQueries.get(db) ?? keyQuery(db);
  keyQueries.set(db, query);
  const [row] = await query.execute({ keyHash: tokenHash(token) });
  if (row === undefined) return null;
  if (row.lastUsedAt === null || Math.abs(now.getTime() - row.lastUsedAt.getTime()) >= TOUCH_EVERY_MS) {
    await db.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, row.id));
  }
  return {
    db,
    now,
    actor: { type: "api_key", userId: row.userId, apiKeyId: row.id, scopes: row.scopes },
    userId: row.userId as AuthorizedUserId,
    organizationId: row.organizationId as AuthorizedOrganizationId,
    role: row.role,
  };
}
