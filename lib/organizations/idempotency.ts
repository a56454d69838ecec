import { createHash } from "node:crypto";
import { and, eq, isNull, lt, or } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { idempotencyKeys } from "@/db/schema/work";
import type { Ctx } from "@/lib/organizations/context";
import { AppError } from "@/lib/platform/errors";

const KEPT_MS = 24 * 60 * 60 * 1000;
/** A process that died while answering leaves its row behind; after this the key may be used again. */
const ABANDONED_MS = 2 * 60 * 1000;
/** A repetition waits this long, look by look, for the answer of the first; about three seconds in all. */
const WAITS_MS = [20, 40, 80, 160, 300, 400, 500, 500, 500, 500];

export interface StoredAnswer {
  status: number;
  body: unknown;
}

/**
 * Keeps the answer of a keyed request in the transaction that makes what the answer tells of, so that a process which
 * dies after it has answered for good. Throws `idempotency_in_progress`, and with it undoes that transaction, when
 * somebody took the key over because this process was thought dead.
 */
export type KeepAnswer = (tx: Tx, body: unknown) => Promise<void>;

/** Of a request without a key. */
export const keepNothing: KeepAnswer = () => Promise.resolve();

/** What makes two requests the same: method, path and body. */
export function requestHash(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}

/**
 * Runs `work` once per key and user within 24 hours and answers repetitions with the first answer, which those that
 * come meanwhile wait for a little. Failures are not kept, so that a caller may try again. Throws
 * `idempotency_key_reused` and `idempotency_in_progress`.
 */
export async function runOnce(
  ctx: Ctx,
  request: { key: string; hash: string; status: number },
  work: (keep: KeepAnswer) => Promise<unknown>,
): Promise<StoredAnswer> {
  const earlier = await claimOrWait(ctx, request);
  if (earlier !== null) return earlier;
  const { key, status } = request;
  const ours = and(
    eq(idempotencyKeys.userId, ctx.userId),
    eq(idempotencyKeys.key, key),
    eq(idempotencyKeys.createdAt, ctx.now),
    isNull(idempotencyKeys.status),
  );
  const keep: KeepAnswer = async (tx, body) => {
    const kept = await tx
      .update(idempotencyKeys)
      .set({ status, body: body ?? null })
      .where(ours)
      .returning({ key: idempotencyKeys.key });
    if (kept.length === 0) throw inProgress();
  };
  try {
    const body = await work(keep);
    await ctx.db
      .update(idempotencyKeys)
      .set({ status, body: body ?? null })
      .where(ours);
    return { status, body };
  } catch (error) {
    await ctx.db.delete(idempotencyKeys).where(ours);
    throw error;
  }
}

/** Null when the key is ours to work under, also because the first one failed while we waited. */
async function claimOrWait(ctx: Ctx, request: { key: string; hash: string }): Promise<StoredAnswer | null> {
  let claimed = await claim(ctx, request);
  for (const wait of WAITS_MS) {
    if (claimed !== "running") return claimed;
    await new Promise((resolve) => setTimeout(resolve, wait));
    claimed = await claim(ctx, request);
  }
  if (claimed !== "running") return claimed;
  throw inProgress();
}

function inProgress(): AppError {
  const detail = "The first request with this Idempotency-Key is still running.";
  return new AppError("idempotency_in_progress", detail);
}

async function claim(
  ctx: Ctx,
  request: { key: string; hash: string },
): Promise<StoredAnswer | "running" | null> {
  const before = (ms: number) => new Date(ctx.now.getTime() - ms);
  const row = { status: null, body: null, requestHash: request.hash, createdAt: ctx.now };
  const claimed = await ctx.db
    .insert(idempotencyKeys)
    .values({ userId: ctx.userId, key: request.key, ...row })
    .onConflictDoUpdate({
      target: [idempotencyKeys.userId, idempotencyKeys.key],
      set: row,
      setWhere: or(
        lt(idempotencyKeys.createdAt, before(KEPT_MS)),
        and(
          isNull(idempotencyKeys.status),
          eq(idempotencyKeys.requestHash, request.hash),
          lt(idempotencyKeys.createdAt, before(ABANDONED_MS)),
        ),
      ),
    })
    .returning({ key: idempotencyKeys.key });
  if (claimed.length > 0) return null;
  const [known] = await ctx.db
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.userId, ctx.userId), eq(idempotencyKeys.key, request.key)));
  if (known !== undefined && known.requestHash !== request.hash) {
    throw new AppError("idempotency_key_reused", "This Idempotency-Key was used for another request.");
  }
  if (known === undefined || known.status === null) return "running";
  return { status: known.status, body: known.body };
}
