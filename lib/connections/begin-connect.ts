import { and, eq, isNull } from "drizzle-orm";
import { calendarConnections, oauthAttempts } from "@/db/schema/connections";
import { withTransaction } from "@/db/transaction";
import { sealAttempt } from "@/lib/connections/attempt-secrets";
import { ATTEMPT_LIFE_MS, endAttempt } from "@/lib/connections/attempts";
import { endingOf, type Outcome } from "@/lib/connections/outcome";
import { safeReturnPath } from "@/lib/connections/return-path";
import type { Services } from "@/lib/connections/services";
import { recordAudit } from "@/lib/organizations/audit";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { policyFor } from "@/lib/organizations/policies";
import { randomToken, tokenHash } from "@/lib/platform/crypto";
import { AppError, notFound } from "@/lib/platform/errors";
import { isId, newId } from "@/lib/platform/ids";
import { describeError, log } from "@/lib/platform/log";
import { mapUrl } from "@/lib/platform/origins";
import type { CalendarProvider, Vendor } from "@/lib/providers/calendar-provider";

/** What a person asks for when they connect or renew. */
export interface ConnectWish {
  vendor: Vendor;
  /** Renews this connection instead of adding one. */
  integrationId: string | null;
  returnTo: string | null;
}

/** `url` is where the browser goes next: the vendor's consent page. */
export type Begun =
  | { status: "started"; attemptId: string; url: URL }
  | { status: "ended"; attemptId: string; outcome: Outcome; integrationId: string | null };

export function callbackAddress(appOrigin: string, vendor: Vendor): string {
  return `${appOrigin}/api/integrations/${vendor}/callback`;
}

/**
 * Gate passed, this asks policy, writes the attempt and answers the consent page. `sessionHash` binds the attempt to
 * the browser that asked. Refuses with `provider_not_configured`, `blocked_by_policy` or `not_found`.
 */
export async function beginConnect(
  services: Services,
  ctx: Ctx,
  wish: ConnectWish & { mode: "popup" | "tab"; sessionHash: string },
): Promise<Begun> {
  const provider = await admit(services, ctx, wish);
  const attemptId = newId(ctx.now);
  await ctx.db.insert(oauthAttempts).values({
    ...attemptRow(ctx, attemptId, wish),
    mode: wish.mode,
    sessionHash: wish.sessionHash,
  });
  return sendToConsent(services, ctx, { attemptId, provider, integrationId: wish.integrationId });
}

/** Everything that can be refused before anybody leaves for the vendor. */
export async function admit(services: Services, ctx: Ctx, wish: ConnectWish): Promise<CalendarProvider> {
  requireScope(ctx, "connect");
  const provider = services.providers.find(wish.vendor);
  if (provider === null) throw new AppError("provider_not_configured", "This provider is not set up here.");
  const { allowed, message } = await policyFor(ctx.db, ctx.organizationId, wish.vendor);
  if (!allowed) {
    await withTransaction(ctx.db, (tx) =>
      recordAudit(tx, ctx, {
        action: "connection.refused",
        subject: { type: "provider", id: wish.vendor },
        details: { reason: "policy" },
      }),
    );
    throw new AppError("blocked_by_policy", message ?? "Your organization does not allow this provider.");
  }
  if (wish.integrationId !== null) await renewable(ctx, wish.integrationId, wish.vendor);
  return provider;
}

/** The account of a connection that may be renewed, for the vendor's account chooser. */
export async function renewable(ctx: Ctx, connectionId: string, vendor: Vendor): Promise<string> {
  if (!isId(connectionId)) throw notFound("integration");
  const [row] = await ctx.db
    .select({ accountEmail: calendarConnections.accountEmail })
    .from(calendarConnections)
    .where(
      and(
        eq(calendarConnections.id, connectionId),
        eq(calendarConnections.userId, ctx.userId),
        eq(calendarConnections.provider, vendor),
        isNull(calendarConnections.disconnectingAt),
      ),
    );
  if (row === undefined) throw notFound("integration");
  return row.accountEmail;
}

export function attemptRow(ctx: Ctx, attemptId: string, wish: ConnectWish) {
  return {
    id: attemptId,
    userId: ctx.userId,
    provider: wish.vendor,
    connectionId: wish.integrationId,
    returnTo: safeReturnPath(wish.returnTo),
    createdAt: ctx.now,
    expiresAt: new Date(ctx.now.getTime() + ATTEMPT_LIFE_MS),
  };
}

/** Gives an attempt its state, verifier and nonce, and makes the address they belong to. */
export async function sendToConsent(
  services: Services,
  ctx: Ctx,
  attempt: { attemptId: string; provider: CalendarProvider; integrationId: string | null },
): Promise<Begun> {
  const { attemptId, provider, integrationId } = attempt;
  const state = randomToken();
  const secrets = { codeVerifier: randomToken(), nonce: randomToken() };
  await ctx.db
    .update(oauthAttempts)
    .set({ stateHash: tokenHash(state), secrets: sealAttempt(attemptId, secrets, services.masterKeys) })
    .where(eq(oauthAttempts.id, attemptId));
  try {
    const loginHint = integrationId === null ? null : await renewable(ctx, integrationId, provider.vendor);
    const redirectUri = callbackAddress(services.appOrigin, provider.vendor);
    const url = await provider.oauth.authorizationUrl({ redirectUri, state, loginHint, ...secrets });
    return { status: "started", attemptId, url: mapUrl(url, services.origins) };
  } catch (error) {
    const ending = endingOf(error);
    log.warn({ attemptId, ...ending, err: describeError(error) }, "connect could not begin");
    await endAttempt(ctx.db, attemptId, ending, ctx.now);
    return { status: "ended", attemptId, outcome: ending.outcome, integrationId };
  }
}
