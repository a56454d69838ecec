import { eq, sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { calendarConnections, oauthTokens } from "@/db/schema/connections";
import { userKeys } from "@/db/schema/users";
import type { Services } from "@/lib/connections/services";
import { type Vault, vaultOf } from "@/lib/connections/token-vault";
import { SealError, unwrapUserKey } from "@/lib/platform/crypto";
import { AppError } from "@/lib/platform/errors";
import type { MasterKey } from "@/lib/platform/secrets";
import type { CalendarProvider } from "@/lib/providers/calendar-provider";
import { ProviderError } from "@/lib/providers/provider-error";

/** One refresh may take this long before another worker takes over. Longer than two requests at the door. */
export const REFRESH_LEASE = sql.raw("interval '60 seconds'");

/** A connection with its sealed tokens, as they stood when it was read. */
export type StoredTokens = NonNullable<Awaited<ReturnType<typeof readTokens>>>;

/** Built once for a database: building it costs as much as the database takes to answer it. */
const queries = new WeakMap<Db, ReturnType<typeof tokensQuery>>();

/** Reads a connection's tokens. `lease` is judged on the database's clock, an absurdly late one as lapsed. */
export async function readTokens(db: Db, connectionId: string) {
  const query = queries.get(db) ?? tokensQuery(db);
  queries.set(db, query);
  const [row] = await query.execute({ connectionId });
  return row ?? null;
}

function tokensQuery(db: Db) {
  const until = oauthTokens.refreshLeaseUntil;
  return db
    .select({
      connectionId: calendarConnections.id,
      userId: calendarConnections.userId,
      organizationId: calendarConnections.organizationId,
      vendor: calendarConnections.provider,
      generation: calendarConnections.generation,
      disconnectingAt: calendarConnections.disconnectingAt,
      reconnectReason: calendarConnections.reconnectReason,
      grantedScopes: calendarConnections.grantedScopes,
      sealedAccess: oauthTokens.accessToken,
      sealedRefresh: oauthTokens.refreshToken,
      accessExpiresAt: oauthTokens.accessExpiresAt,
      refreshEpoch: oauthTokens.refreshEpoch,
      lease: sql<"free" | "held" | "lapsed">`case when ${until} is null then 'free'
        when ${until} between clock_timestamp() and clock_timestamp() + ${REFRESH_LEASE} then 'held'
        else 'lapsed' end`,
      wrappedKey: { keyId: userKeys.keyId, wrapped: userKeys.wrapped },
    })
    .from(calendarConnections)
    .innerJoin(oauthTokens, eq(oauthTokens.connectionId, calendarConnections.id))
    .leftJoin(userKeys, eq(userKeys.userId, calendarConnections.userId))
    .where(eq(calendarConnections.id, sql.placeholder("connectionId")))
    .prepare("connection_tokens");
}

/** The tokens of a connection that may be used. Throws for one that is gone, leaving or waiting for its owner. */
export async function readLiveTokens(db: Db, connectionId: string): Promise<StoredTokens> {
  const tokens = await readTokens(db, connectionId);
  if (tokens === null || tokens.disconnectingAt !== null) {
    throw new AppError("not_found", "The connection was removed.");
  }
  if (tokens.reconnectReason !== null) {
    throw new ProviderError("reauthorization_required", { detail: tokens.reconnectReason });
  }
  return tokens;
}

export function vaultOfTokens(tokens: StoredTokens, masters: readonly MasterKey[]): Vault {
  if (tokens.wrappedKey === null) throw new SealError("the person has no key");
  return vaultOf(unwrapUserKey(tokens.wrappedKey, tokens.userId, masters));
}

export function providerOf(services: Services, vendor: StoredTokens["vendor"]): CalendarProvider {
  const provider = services.providers.find(vendor);
  if (provider === null) throw new ProviderError("misconfigured", { detail: "not_configured" });
  return provider;
}
