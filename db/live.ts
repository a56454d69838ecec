import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { prepared } from "@/db/prepared";

export const LIVE_CHANNEL = "entente_live";

/** What a signed-in page may show and must then read again. */
export const LIVE_TOPICS = ["integrations", "calendar", "history", "bookings", "notifications"] as const;
export type LiveTopic = (typeof LIVE_TOPICS)[number];

/** Tells open pages of one person, at commit, which of their data changed. Ids and topics only. */
export async function announce(tx: Db, userId: string, topics: LiveTopic[]): Promise<void> {
  await prepared(tx).execute(sql`select pg_notify(${LIVE_CHANNEL}, ${liveMessage(userId, topics)})`);
}

/** The payload itself, for statements that announce along the way. */
export function liveMessage(userId: string, topics: LiveTopic[]): string {
  return JSON.stringify({ userId, topics });
}

/** One message to each person whose id a statement finds in `userId`. */
export function announceEach(userId: SQL, topics: LiveTopic[]): SQL {
  const told = JSON.stringify(topics);
  return sql`pg_notify(${LIVE_CHANNEL}, jsonb_build_object('userId', ${userId}, 'topics', ${told}::jsonb)::text)`;
}
