import { eq } from "drizzle-orm";
import type { Db } from "@/db/client";
import { userKeys } from "@/db/schema/users";
import { createUserKey, open, SealError, seal, unwrapUserKey } from "@/lib/platform/crypto";
import type { MasterKey } from "@/lib/platform/secrets";

/** What is sealed, and in a row of what: both are bound to, so that no column opens in the place of another. */
const OWNERS = {
  access: "connection",
  refresh: "connection",
  revocation: "connection",
  link: "booking",
} as const;

type SealedField = keyof typeof OWNERS;

/** A person's data key, in the hand of the function that seals or opens with it. */
export interface Vault {
  seal(ownerId: string, field: SealedField, plain: string): string;
  /** Throws `SealError` for another row's, another field's or a changed ciphertext. */
  open(ownerId: string, field: SealedField, sealed: string): string;
}

export function vaultOf(key: Buffer): Vault {
  const place = (ownerId: string, field: SealedField) => `${OWNERS[field]}:${ownerId}:${field}`;
  return {
    seal: (ownerId, field, plain) => seal(plain, key, place(ownerId, field)),
    open: (ownerId, field, sealed) => open(sealed, key, place(ownerId, field)),
  };
}

/** Opens a person's vault. Throws `SealError` when there is none or its master key is no longer configured. */
export async function openVault(db: Db, userId: string, masters: readonly MasterKey[]): Promise<Vault> {
  const [row] = await db.select().from(userKeys).where(eq(userKeys.userId, userId));
  if (row === undefined) throw new SealError("the person has no key");
  return vaultOf(unwrapUserKey(row, userId, masters));
}

/**
 * The vault to put new secrets into, made on first use. One whose master key is gone is replaced: nothing sealed
 * in it can be read again, and its other connections ask for a reconnect anyway.
 */
export async function vaultForSealing(db: Db, userId: string, masters: readonly MasterKey[]): Promise<Vault> {
  const fresh = createUserKey(userId, masters);
  await db
    .insert(userKeys)
    .values({ userId, ...fresh.wrapped })
    .onConflictDoNothing();
  const [row] = await db.select().from(userKeys).where(eq(userKeys.userId, userId)).for("update");
  if (row === undefined) throw new SealError("the person has no key");
  if (masters.some((master) => master.id === row.keyId)) return vaultOf(unwrapUserKey(row, userId, masters));
  await db.update(userKeys).set(fresh.wrapped).where(eq(userKeys.userId, userId));
  return vaultOf(fresh.key);
}
