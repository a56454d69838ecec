import { and, eq, isNull, lte } from "drizzle-orm";
import type { Db } from "@/db/client";
import { oauthAttempts } from "@/db/schema/connections";
import type { Ending, Outcome } from "@/lib/connections/outcome";
import type { Ctx } from "@/lib/organizations/context";
import { notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";

export const ATTEMPT_LIFE_MS = 10 * 60_000;

export type AttemptRow = typeof oauthAttempts.$inferSelect;

/** What the opener's poll reads: `{ status, outcome, integrationId }` of the API. */
interface AttemptView {
  status: "pending" | "finished";
  outcome: Outcome | null;
  integrationId: string | null;
}

/** One of the caller's attempts. Past its time it reads as expired, whether or not the sweep came by yet. */
export async function getAttempt(ctx: Ctx, attemptId: string): Promise<AttemptView> {
  const attempt = isId(attemptId) ? await readOwn(ctx, attemptId) : undefined;
  if (attempt === undefined) throw notFound("connect attempt");
  const late = attempt.expiresAt <= ctx.now && !mayBeTalking(attempt, ctx.now);
  const outcome = attempt.outcome ?? (late ? "expired" : null);
  return {
    status: outcome === null ? "pending" : "finished",
    outcome,
    integrationId: attempt.resultConnectionId,
  };
}

/** A callback that was taken up in the last moment may still be talking to the vendor; one that died never ends. */
function mayBeTalking({ consumedAt }: AttemptRow, now: Date): boolean {
  return consumedAt !== null && consumedAt.getTime() > now.getTime() - ATTEMPT_LIFE_MS;
}

async function readOwn(ctx: Ctx, attemptId: string): Promise<AttemptRow | undefined> {
  const [attempt] = await ctx.db
    .select()
    .from(oauthAttempts)
    .where(and(eq(oauthAttempts.id, attemptId), eq(oauthAttempts.userId, ctx.userId)));
  return attempt;
}

/** Writes an attempt's ending once; one that has an ending keeps it. True when this one was written. */
export async function endAttempt(
  db: Db,
  attemptId: string,
  ending: Ending & { connectionId?: string },
  now: Date,
): Promise<boolean> {
  const rows = await db
    .update(oauthAttempts)
    .set({
      outcome: ending.outcome,
      errorCode: ending.errorCode,
      finishedAt: now,
      resultConnectionId: ending.connectionId ?? null,
      secrets: ending.outcome === "closed" ? undefined : null,
      linkHash: null,
    })
    .where(and(eq(oauthAttempts.id, attemptId), isNull(oauthAttempts.outcome)))
    .returning({ id: oauthAttempts.id });
  return rows.length > 0;
}

/**
 * The opener gave up on a window that went away. Provisional: should the vendor send the person back all the
 * same (a window can look gone and still be on the consent page), the callback decides.
 */
export async function closeAttempt(ctx: Ctx, attemptId: string): Promise<AttemptView> {
  const attempt = isId(attemptId) ? await readOwn(ctx, attemptId) : undefined;
  if (attempt === undefined) throw notFound("connect attempt");
  if (attempt.consumedAt === null) {
    await endAttempt(ctx.db, attemptId, { outcome: "closed", errorCode: null }, ctx.now);
  }
  return getAttempt(ctx, attemptId);
}

/** Ends what nobody came back from, and drops the secrets of what was closed. Answers how many it ended. */
export async function expireAttempts(db: Db, now: Date): Promise<number> {
  // A callback that was taken up in the last moment may still be talking to the vendor.
  const taken = new Date(now.getTime() - ATTEMPT_LIFE_MS);
  const late = and(isNull(oauthAttempts.outcome), lte(oauthAttempts.expiresAt, now));
  const expired = { outcome: "expired" as const, finishedAt: now, secrets: null, linkHash: null };
  const untaken = await db
    .update(oauthAttempts)
    .set(expired)
    .where(and(late, isNull(oauthAttempts.consumedAt)))
    .returning({ id: oauthAttempts.id });
  const stuck = await db
    .update(oauthAttempts)
    .set(expired)
    .where(and(late, lte(oauthAttempts.consumedAt, taken)))
    .returning({ id: oauthAttempts.id });
  await db
    .update(oauthAttempts)
    .set({ secrets: null })
    .where(and(eq(oauthAttempts.outcome, "closed"), lte(oauthAttempts.expiresAt, now)));
  return untaken.length + stuck.length;
}
