import { and, eq, isNull } from "drizzle-orm";
import { oauthAttempts } from "@/db/schema/connections";
import { users } from "@/db/schema/users";
import { type AttemptRow, endAttempt } from "@/lib/connections/attempts";
import {
  admit,
  attemptRow,
  type Begun,
  type ConnectWish,
  renewable,
  sendToConsent,
} from "@/lib/connections/begin-connect";
import type { Services } from "@/lib/connections/services";
import type { Ctx } from "@/lib/organizations/context";
import { randomToken, tokenHash } from "@/lib/platform/crypto";
import { AppError, notFound } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import type { CalendarProvider, Vendor } from "@/lib/providers/calendar-provider";

interface ApiAttempt {
  attemptId: string;
  /** A single-use address of ours. It needs the same person's session, and shows who will be connected. */
  authorizationUrl: string;
  expiresAt: Date;
}

/** What an API client hands to its user: no state leaves for the vendor before that person has agreed here. */
export async function createApiAttempt(services: Services, ctx: Ctx, wish: ConnectWish): Promise<ApiAttempt> {
  await admit(services, ctx, wish);
  const token = randomToken();
  const row = attemptRow(ctx, newId(ctx.now), wish);
  await ctx.db.insert(oauthAttempts).values({ ...row, mode: "tab", linkHash: tokenHash(token) });
  const authorizationUrl = `${services.appOrigin}/api/integrations/links/${token}`;
  return { attemptId: row.id, authorizationUrl, expiresAt: row.expiresAt };
}

export interface OpenedLink {
  attemptId: string;
  vendor: Vendor;
  /** Who the calendar will be connected for. */
  name: string;
  email: string;
  /** The account being renewed; null for a new connection. */
  accountEmail: string | null;
  expiresAt: Date;
}

/** Changes nothing for its owner, so that a mail scanner may follow it. Another person's visit ends the attempt. */
export async function openAttemptLink(ctx: Ctx, token: string): Promise<OpenedLink> {
  const attempt = await readLink(ctx, token);
  const [user] = await ctx.db
    .select({ name: users.name, email: users.email })
    .from(users)
    .where(eq(users.id, ctx.userId));
  if (user === undefined) throw notFound("connect attempt");
  const accountEmail =
    attempt.connectionId === null ? null : await renewable(ctx, attempt.connectionId, attempt.provider);
  return {
    attemptId: attempt.id,
    vendor: attempt.provider,
    ...user,
    accountEmail,
    expiresAt: attempt.expiresAt,
  };
}

/** The person agreed: uses the link up and goes on to the vendor, bound to this browser's session. */
export async function startAttemptFromLink(
  services: Services,
  ctx: Ctx,
  input: { token: string; sessionHash: string },
): Promise<Begun> {
  const { id, provider: vendor, connectionId, returnTo } = await readLink(ctx, input.token);
  let provider: CalendarProvider;
  try {
    provider = await admit(services, ctx, { vendor, integrationId: connectionId, returnTo });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "blocked_by_policy") throw error;
    await endAttempt(ctx.db, id, { outcome: "policy", errorCode: null }, ctx.now);
    return { status: "ended", attemptId: id, outcome: "policy", integrationId: connectionId };
  }
  const taken = await ctx.db
    .update(oauthAttempts)
    .set({ linkHash: null, sessionHash: input.sessionHash })
    .where(and(eq(oauthAttempts.linkHash, tokenHash(input.token)), isNull(oauthAttempts.outcome)))
    .returning({ id: oauthAttempts.id });
  if (taken.length === 0) throw finished();
  return sendToConsent(services, ctx, { attemptId: id, provider, integrationId: connectionId });
}

async function readLink(ctx: Ctx, token: string): Promise<AttemptRow> {
  const [attempt] = await ctx.db
    .select()
    .from(oauthAttempts)
    .where(eq(oauthAttempts.linkHash, tokenHash(token)));
  if (attempt === undefined) throw notFound("connect attempt");
  if (attempt.userId !== ctx.userId) {
    await endAttempt(ctx.db, attempt.id, { outcome: "state_mismatch", errorCode: "another_person" }, ctx.now);
    throw new AppError("forbidden", "This link was made for somebody else. It no longer works.");
  }
  if (attempt.outcome !== null || attempt.expiresAt <= ctx.now) throw finished();
  return attempt;
}

function finished(): AppError {
  return new AppError("attempt_finished", "This link was used or is too old. Ask for a new one.");
}
