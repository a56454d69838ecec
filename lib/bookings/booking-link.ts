import type { Db } from "@/db/client";
import { openVault, vaultForSealing } from "@/lib/connections/token-vault";
import { randomToken, tokenHash } from "@/lib/platform/crypto";
import type { MasterKey } from "@/lib/platform/secrets";

/** What is stored of a link: a hash to find its booking by, and the token sealed, to be mailed again. */
export interface StoredLink {
  linkHash: string;
  linkSealed: string;
}

const TOKEN = /^[\w-]{43}$/;

/** The client's own page of a booking, below the installation's address. Reading it changes nothing. */
export function bookingLinkPath(token: string): string {
  return `/booking/${token}`;
}

/** A link for a new booking: 256 random bits, bound to its id, sealed with its provider's key. */
export async function createBookingLink(
  db: Db,
  booking: { id: string; userId: string },
  masterKeys: readonly MasterKey[],
): Promise<StoredLink & { token: string }> {
  const token = randomToken();
  const vault = await vaultForSealing(db, booking.userId, masterKeys);
  return { token, linkHash: tokenHash(token), linkSealed: vault.seal(booking.id, "link", token) };
}

/** The token of a booking's link. Throws `SealError` when its key is gone or it belongs to another booking. */
export async function openBookingLink(
  db: Db,
  booking: { id: string; userId: string; linkSealed: string },
  masterKeys: readonly MasterKey[],
): Promise<string> {
  const vault = await openVault(db, booking.userId, masterKeys);
  return vault.open(booking.id, "link", booking.linkSealed);
}

/** What a token from outside is looked up by; null for what no token looks like. */
export function linkHashOf(token: string): string | null {
  return TOKEN.test(token) ? tokenHash(token) : null;
}
