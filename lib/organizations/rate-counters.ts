import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { rateCounters } from "@/db/schema/work";
import { AppError } from "@/lib/platform/errors";
import { type RateName, type RateRule, rateWindow, retryAfterSeconds } from "@/lib/platform/rate-limit";

/**
 * Counts one attempt in a counter all processes share, and throws `rate_limited` beyond the rule. A database that
 * cannot count throws too: an attempt that cannot be counted is not let through.
 */
export async function countAttempt(
  db: Db,
  attempt: { name: RateName; key: string; rule: RateRule },
  now: Date,
): Promise<void> {
  const { name, key, rule } = attempt;
  const [row] = await db
    .insert(rateCounters)
    .values({ bucket: `${name}:${key}`, windowStart: rateWindow(rule, now).start, count: 1 })
    .onConflictDoUpdate({
      target: [rateCounters.bucket, rateCounters.windowStart],
      set: { count: sql`${rateCounters.count} + 1` },
    })
    .returning({ count: rateCounters.count });
  if (row === undefined || row.count > rule.limit) {
    throw new AppError("rate_limited", "Too many attempts. Please wait a moment.", {
      retryAfterSeconds: retryAfterSeconds(rule, now),
    });
  }
}
