import { type Runtime, runtime } from "@/inngest/runtime";
import type { Ctx } from "@/lib/organizations/context";
import { countAttempt } from "@/lib/organizations/rate-counters";
import { AppError } from "@/lib/platform/errors";

/** Counts a request of a known caller. Shields this process, so each process counts for itself. */
export function limitCaller({ limiter, limits }: Runtime, ctx: Ctx): void {
  const wait = limiter.hit(`api:${ctx.userId}`, limits.api, ctx.now);
  if (wait === null) return;
  throw new AppError("rate_limited", "Too many requests. Please wait a moment.", { retryAfterSeconds: wait });
}

/** Counts what makes work at a vendor, over all processes. */
export async function limitCostly(ctx: Ctx, name: "connect" | "sync"): Promise<void> {
  await countAttempt(ctx.db, { name, key: ctx.userId, rule: runtime().limits[name] }, ctx.now);
}
