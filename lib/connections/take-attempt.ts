import { and, eq, isNull, or } from "drizzle-orm";
import { oauthAttempts } from "@/db/schema/connections";
import { type AttemptRow, endAttempt } from "@/lib/connections/attempts";
import type { Ending } from "@/lib/connections/outcome";
import type { Services } from "@/lib/connections/services";
import type { Ctx } from "@/lib/organizations/context";
import { equalSecrets, tokenHash } from "@/lib/platform/crypto";
import type { Vendor } from "@/lib/providers/calendar-provider";

/** Who brought a callback. */
export interface Bearer {
  ctx: Ctx;
  sessionHash: string;
}

type Taken =
  | { status: "taken"; attempt: AttemptRow; ctx: Ctx }
  /** `attempt` only when it is the bearer's own, so that nobody learns of another's. */
  | { status: "refused"; attempt: AttemptRow | null; ending: Ending };

/**
 * Takes up the attempt a state belongs to, once and for ever: whatever is wrong with the callback, the state is used
 * up by it. Only the session that left for the vendor may come back with it.
 */
export async function takeAttempt(
  services: Services,
  callback: { vendor: Vendor; state: string | null; bearer: Bearer | null },
): Promise<Taken> {
  const { vendor, state, bearer } = callback;
  if (state === null || state === "") return refused(null, "state_missing");
  const now = services.clock.now();
  const [attempt] = await services.db
    .update(oauthAttempts)
    .set({ consumedAt: now, outcome: null, finishedAt: null })
    .where(
      and(
        eq(oauthAttempts.stateHash, tokenHash(state)),
        isNull(oauthAttempts.consumedAt),
        // "closed" was a guess about a window; the person is back.
        or(isNull(oauthAttempts.outcome), eq(oauthAttempts.outcome, "closed")),
      ),
    )
    .returning();
  if (attempt === undefined) return known(services, state, bearer);
  const verdict = judge(attempt, vendor, bearer, now);
  if (verdict.status === "refused") await endAttempt(services.db, attempt.id, verdict.ending, now);
  return verdict;
}

function judge(attempt: AttemptRow, vendor: Vendor, bearer: Bearer | null, now: Date): Taken {
  if (bearer === null || !isBearers(attempt, bearer)) return refused(null, "other_session");
  if (attempt.provider !== vendor) return refused(attempt, "other_provider");
  if (attempt.expiresAt <= now) {
    return { status: "refused", attempt, ending: { outcome: "expired", errorCode: "too_late" } };
  }
  return { status: "taken", attempt, ctx: bearer.ctx };
}

function isBearers(attempt: AttemptRow, { ctx, sessionHash }: Bearer): boolean {
  return (
    attempt.userId === ctx.userId &&
    attempt.sessionHash !== null &&
    equalSecrets(attempt.sessionHash, sessionHash)
  );
}

/** A state that cannot be taken: unknown, used before, or ended meanwhile. */
async function known(services: Services, state: string, bearer: Bearer | null): Promise<Taken> {
  const [attempt] = await services.db
    .select()
    .from(oauthAttempts)
    .where(eq(oauthAttempts.stateHash, tokenHash(state)));
  if (attempt === undefined || bearer === null || !isBearers(attempt, bearer)) {
    return refused(null, "state_unknown");
  }
  if (attempt.outcome === "expired") {
    return { status: "refused", attempt, ending: { outcome: "expired", errorCode: "too_late" } };
  }
  return refused(attempt, "state_used");
}

function refused(attempt: AttemptRow | null, errorCode: string): Taken {
  return { status: "refused", attempt, ending: { outcome: "state_mismatch", errorCode } };
}
