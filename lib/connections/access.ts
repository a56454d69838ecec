import { refreshTokens } from "@/lib/connections/refresh-tokens";
import { requireReconnect } from "@/lib/connections/require-reconnect";
import type { Services } from "@/lib/connections/services";
import { readLiveTokens, type StoredTokens, vaultOfTokens } from "@/lib/connections/stored-tokens";
import { SealError } from "@/lib/platform/crypto";
import type { Access } from "@/lib/providers/calendar-provider";
import { ProviderError } from "@/lib/providers/provider-error";

const REFRESH_EARLY_MS = 5 * 60_000;

/** No vendor's access token lives this long: a later expiry was written while the clock was wrong. */
const LONGEST_LIFE_MS = 30 * 3_600_000;

/** Whether a token must be renewed before it is used. */
export function isStale(expiresAt: Date, now: Date, earlyMs = REFRESH_EARLY_MS): boolean {
  const left = expiresAt.getTime() - now.getTime();
  return left <= earlyMs || left > LONGEST_LIFE_MS;
}

/**
 * Runs `use` with a valid access token of the connection, renewed beforehand when it ends soon. A token the vendor
 * refuses all the same is renewed once and `use` repeated once, so `use` must be repeatable. Throws what `use`
 * throws, `reauthorization_required` for a connection only its owner can bring back, and `not_found` for none.
 * `patient`: nobody waits for it at this moment, so its requests may be held back and throw `rate_limited`.
 */
export async function withAccess<T>(
  services: Services,
  connectionId: string,
  use: (access: Access) => Promise<T>,
  { patient = false }: { patient?: boolean } = {},
): Promise<T> {
  const tokens = await usableTokens(services, connectionId);
  try {
    return await use({ ...(await accessOf(services, tokens)), patient });
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === "scope_missing") {
      // The vendor's next token answer says which scopes are left; the connection's state follows from that.
      await refreshTokens(services, tokens);
      throw error;
    }
    if (error.kind !== "access_token_rejected") throw error;
  }
  return use({ ...(await accessOf(services, await refreshTokens(services, tokens))), patient });
}

async function usableTokens(services: Services, connectionId: string): Promise<StoredTokens> {
  const tokens = await readLiveTokens(services.db, connectionId);
  return isStale(tokens.accessExpiresAt, services.clock.now()) ? refreshTokens(services, tokens) : tokens;
}

async function accessOf(services: Services, tokens: StoredTokens): Promise<Access> {
  try {
    const vault = vaultOfTokens(tokens, services.masterKeys);
    const accessToken = vault.open(tokens.connectionId, "access", tokens.sealedAccess);
    return { accessToken, person: tokens.userId };
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    const { connectionId, generation } = tokens;
    await requireReconnect(services.db, {
      connectionId,
      generation,
      reason: "key_missing",
      now: services.clock.now(),
    });
    throw new ProviderError("reauthorization_required", { detail: "key_missing", cause: error });
  }
}
