import { setTimeout as sleep } from "node:timers/promises";
import { and, eq, sql } from "drizzle-orm";
import type { Database, Db } from "@/db/client";
import { calendarConnections, oauthTokens } from "@/db/schema/connections";
import { withTransaction } from "@/db/transaction";
import { type ReconnectReason, requireReconnect } from "@/lib/connections/require-reconnect";
import type { Services } from "@/lib/connections/services";
import {
  providerOf,
  REFRESH_LEASE,
  readLiveTokens,
  type StoredTokens,
  vaultOfTokens,
} from "@/lib/connections/stored-tokens";
import { SealError } from "@/lib/platform/crypto";
import { metrics } from "@/lib/platform/metrics";
import type { RefreshedTokens } from "@/lib/providers/calendar-provider";
import { ProviderError } from "@/lib/providers/provider-error";

const FIRST_POLL_MS = 25;
const LONGEST_POLL_MS = 400;
const LONGEST_WAIT_MS = 60_000;

/**
 * New tokens in place of `seen`. One worker asks the vendor; the others wait and adopt its result, good or bad.
 * A lease on the database's clock names the one, and nothing is open in the database while the vendor answers.
 */
export async function refreshTokens(services: Services, seen: StoredTokens): Promise<StoredTokens> {
  let awaited: number | null = null;
  let poll = FIRST_POLL_MS;
  for (let waited = 0; waited <= LONGEST_WAIT_MS; waited += poll) {
    const current = await readLiveTokens(services.db, seen.connectionId);
    if (current.sealedAccess !== seen.sealedAccess) return current;
    if (current.lease === "free" && current.refreshEpoch === awaited) {
      throw new ProviderError("transient", { detail: "refresh_failed" });
    }
    if (current.lease === "held") {
      awaited = current.refreshEpoch;
      await sleep(poll);
      poll = Math.min(poll * 2, LONGEST_POLL_MS);
    } else {
      const epoch = await claimRefresh(services.db, current);
      if (epoch !== null) return askVendor(services, current, epoch);
      awaited = current.refreshEpoch + 1;
    }
  }
  throw new ProviderError("transient", { detail: "refresh_busy" });
}

/** The epoch is compared and bumped in one statement, so of all who saw a free lease exactly one gets it. */
async function claimRefresh(db: Database, seen: StoredTokens): Promise<number | null> {
  const [row] = await db
    .update(oauthTokens)
    .set({
      refreshEpoch: sql`${oauthTokens.refreshEpoch} + 1`,
      refreshLeaseUntil: sql`clock_timestamp() + ${REFRESH_LEASE}`,
    })
    .where(
      and(eq(oauthTokens.connectionId, seen.connectionId), eq(oauthTokens.refreshEpoch, seen.refreshEpoch)),
    )
    .returning({ epoch: oauthTokens.refreshEpoch });
  return row?.epoch ?? null;
}

async function askVendor(services: Services, seen: StoredTokens, epoch: number): Promise<StoredTokens> {
  try {
    const vault = vaultOfTokens(seen, services.masterKeys);
    const refreshToken = vault.open(seen.connectionId, "refresh", seen.sealedRefresh);
    const fresh = await providerOf(services, seen.vendor).oauth.refresh(refreshToken);
    await store(services, seen, epoch, fresh);
    count(seen, "ok");
  } catch (error) {
    const reason = reasonOf(error);
    count(seen, error instanceof ProviderError ? error.kind : "internal");
    if (reason !== null) await giveUp(services, seen, reason);
    await releaseRefresh(services.db, seen.connectionId, epoch);
    if (error instanceof SealError) {
      throw new ProviderError("reauthorization_required", { detail: "key_missing", cause: error });
    }
    throw error;
  }
  return readLiveTokens(services.db, seen.connectionId);
}

function count({ vendor }: StoredTokens, outcome: string): void {
  metrics().count("entente_token_refreshes_total", { vendor, outcome });
}

/** Only what the grant's owner can mend ends a connection; a vendor's or an operator's bad hour never does. */
function reasonOf(error: unknown): ReconnectReason | null {
  if (error instanceof SealError) return "key_missing";
  if (!(error instanceof ProviderError)) return null;
  if (error.kind === "reauthorization_required") return "revoked";
  return error.kind === "admin_policy" ? "admin_policy" : null;
}

async function giveUp(services: Services, seen: StoredTokens, reason: ReconnectReason): Promise<void> {
  const { connectionId, generation } = seen;
  await requireReconnect(services.db, { connectionId, generation, reason, now: services.clock.now() });
}

async function releaseRefresh(db: Db, connectionId: string, epoch: number): Promise<void> {
  await db
    .update(oauthTokens)
    .set({ refreshLeaseUntil: null })
    .where(and(eq(oauthTokens.connectionId, connectionId), eq(oauthTokens.refreshEpoch, epoch)));
}

/** Writes the result only while connection and lease are still the ones it was asked for. */
async function store(services: Services, seen: StoredTokens, epoch: number, fresh: RefreshedTokens) {
  const now = services.clock.now();
  const { connectionId, generation } = seen;
  const vault = vaultOfTokens(seen, services.masterKeys);
  const access = vault.seal(connectionId, "access", fresh.accessToken);
  const refresh =
    fresh.refreshToken === null ? null : vault.seal(connectionId, "refresh", fresh.refreshToken);
  const expiresAt = new Date(now.getTime() + fresh.expiresInSeconds * 1000);
  await withTransaction(services.db, async (tx) => {
    const rows = await tx.execute(sql`
      update oauth_tokens t
      set access_token = ${access}, refresh_token = coalesce(${refresh}::text, t.refresh_token),
        access_expires_at = ${expiresAt.toISOString()}::timestamptz,
        refreshed_at = ${now.toISOString()}::timestamptz, refresh_lease_until = null
      from calendar_connections k
      where t.connection_id = ${connectionId} and k.id = t.connection_id and t.refresh_epoch = ${epoch}
        and k.generation = ${generation} and k.disconnecting_at is null
      returning t.connection_id
    `);
    if (rows.length === 0) return releaseRefresh(tx, connectionId, epoch);
    if (fresh.scopes === null) return;
    await tx
      .update(calendarConnections)
      .set({ grantedScopes: fresh.scopes })
      .where(eq(calendarConnections.id, connectionId));
  });
  if (fresh.scopes === null) return;
  const { readEvents } = providerOf(services, seen.vendor).oauth.capabilities(fresh.scopes);
  if (!readEvents) await giveUp(services, seen, "insufficient_scopes");
}
