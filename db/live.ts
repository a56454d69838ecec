import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { prepared } from "@/db/prepared";

export const LIVE_CHANNEL = "entente_live";

/** What a signed-in page may show and must then read again. */
export type LiveTopic = "integrations" | "calendar" | "history" | "bookings" | "notifications";

/** Tells open pages of one person, at commit, which of their data changed. Ids and topics only. */
export async function announce(tx: Db, userId: string, topics: LiveTopic[]): Promise<void> {
  await prepared(tx).execute(sql`select pg_notify(${LIVE_CHANNEL}, ${liveMessage(userId, topics)})`);
}

/** The payload itself, for statements that announce along the way. */
export function liveMessage(userId: string, topics: LiveTopic[]): string {
  return JSON.stringify({ userId, topics });
}
