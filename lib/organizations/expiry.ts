import { lt } from "drizzle-orm";
import type { Database } from "@/db/client";
import { sessions } from "@/db/schema/users";
import { idempotencyKeys, rateCounters } from "@/db/schema/work";

const A_DAY_MS = 24 * 60 * 60 * 1000;

/** Deletes what no longer counts: ended sessions, answers kept for repetition, counters of past windows. */
export async function expireAccessRows(
  db: Database,
  now: Date,
): Promise<{ sessions: number; idempotencyKeys: number; rateCounters: number }> {
  const yesterday = new Date(now.getTime() - A_DAY_MS);
  const ended = await db.delete(sessions).where(lt(sessions.expiresAt, now));
  const answers = await db.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, yesterday));
  const counters = await db.delete(rateCounters).where(lt(rateCounters.windowStart, yesterday));
  return { sessions: ended.count, idempotencyKeys: answers.count, rateCounters: counters.count };
}
