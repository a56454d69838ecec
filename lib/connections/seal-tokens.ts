import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { oauthTokens } from "@/db/schema/connections";
import { ConnectEnded } from "@/lib/connections/outcome";
import type { Services } from "@/lib/connections/services";
import { vaultForSealing } from "@/lib/connections/token-vault";
import type { Grant } from "@/lib/providers/calendar-provider";

/** Puts a grant's tokens in the place of what was there. The epoch moves, so a refresh under way cannot undo it. */
export async function sealTokens(
  services: Services,
  tx: Tx,
  input: { connectionId: string; userId: string; grant: Grant; renewed: boolean },
): Promise<void> {
  const { connectionId, userId, grant } = input;
  // Consent is always asked for anew, so a vendor that gives no refresh token all the same is set up wrongly.
  if (grant.refreshToken === null) throw new ConnectEnded("misconfigured", "no_refresh_token");
  const now = services.clock.now();
  const vault = await vaultForSealing(tx, userId, services.masterKeys);
  const [known] = input.renewed
    ? await tx
        .select({ epoch: oauthTokens.refreshEpoch })
        .from(oauthTokens)
        .where(eq(oauthTokens.connectionId, connectionId))
        .for("update")
    : [];
  const tokens = {
    accessToken: vault.seal(connectionId, "access", grant.accessToken),
    refreshToken: vault.seal(connectionId, "refresh", grant.refreshToken),
    accessExpiresAt: new Date(now.getTime() + grant.expiresInSeconds * 1000),
    refreshEpoch: (known?.epoch ?? 0) + 1,
    refreshLeaseUntil: null,
    refreshedAt: now,
  };
  await tx
    .insert(oauthTokens)
    .values({ connectionId, ...tokens })
    .onConflictDoUpdate({ target: oauthTokens.connectionId, set: tokens });
}
