import { and, asc, eq, gt, ne, sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { oauthAttempts } from "@/db/schema/connections";
import { userKeys } from "@/db/schema/users";
import { openAttempt, sealAttempt } from "@/lib/connections/attempt-secrets";
import type { Services } from "@/lib/connections/services";
import { SealError, unwrapUserKey, wrapUserKey } from "@/lib/platform/crypto";

const PAGE = 200;

export interface Rotation {
  /** The master key everything is under afterwards: the first of `ENCRYPTION_KEYS`. */
  keyId: string;
  /** People whose key was put under it now; their tokens and links, sealed with that key, come along. */
  rotated: number;
  /** People whose key was under it before. */
  current: number;
  /** Consents under way whose secrets were put under it now. */
  attempts: number;
  /** People whose key no configured master key opens, and the ids of the master keys it takes. */
  unreadable: number;
  missing: string[];
}

/**
 * Puts all that an older master key seals under the first one. One row a statement, which changes it only if it is
 * still what was read: it may be killed, repeated and run beside anything, and holds no lock while it works.
 */
export async function rotateKeys({ db, masterKeys }: Pick<Services, "db" | "masterKeys">): Promise<Rotation> {
  const [first] = masterKeys;
  if (first === undefined) throw new SealError("no master key");
  const current = await db.$count(userKeys, eq(userKeys.keyId, first.id));
  const attempts = await rotateAttempts(db, masterKeys, first.id);
  const unreadable = new Map<string, string>();
  let rotated = 0;
  for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
    const rows = await db
      .select()
      .from(userKeys)
      .where(and(ne(userKeys.keyId, first.id), gt(userKeys.userId, after)))
      .orderBy(asc(userKeys.userId))
      .limit(PAGE);
    for (const row of rows) {
      const key = readable(() => unwrapUserKey(row, row.userId, masterKeys));
      if (key === null) {
        unreadable.set(row.userId, row.keyId);
        continue;
      }
      const changed = await db
        .update(userKeys)
        .set(wrapUserKey(key, row.userId, masterKeys))
        .where(and(eq(userKeys.userId, row.userId), eq(userKeys.wrapped, row.wrapped)))
        .returning({ userId: userKeys.userId });
      rotated += changed.length;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) break;
    after = last.userId;
  }
  const missing = [...new Set(unreadable.values())].sort();
  return { keyId: first.id, rotated, current, attempts, unreadable: unreadable.size, missing };
}

/** One that no key opens ends by itself within minutes. */
async function rotateAttempts(db: Db, masters: Services["masterKeys"], keyId: string): Promise<number> {
  const rows = await db
    .select({ id: oauthAttempts.id, secrets: sql<string>`${oauthAttempts.secrets}` })
    .from(oauthAttempts)
    .where(sql`not starts_with(${oauthAttempts.secrets}, ${`${keyId}:`})`);
  let rotated = 0;
  for (const { id, secrets } of rows) {
    const opened = readable(() => openAttempt(id, secrets, masters));
    if (opened === null) continue;
    const changed = await db
      .update(oauthAttempts)
      .set({ secrets: sealAttempt(id, opened, masters) })
      .where(and(eq(oauthAttempts.id, id), eq(oauthAttempts.secrets, secrets)))
      .returning({ id: oauthAttempts.id });
    rotated += changed.length;
  }
  return rotated;
}

function readable<T>(open: () => T): T | null {
  try {
    return open();
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}
