import { setTimeout } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { prepared } from "@/db/prepared";
import type { Services } from "@/lib/connections/services";

/** A calendar that was read this lately may be in the middle of a flood of messages. */
const LATELY_MS = 1_000;

/** First a glance, so that an ordinary stream of messages hardly waits; then samples, until fewer than so many come. */
const GLANCE = { ms: 25, messages: 2 };
const SAMPLE = { ms: 150, messages: 5 };
const LONGEST_MS = 5_000;

/**
 * The first message after a pause is never kept waiting. Only a flood that goes on after a round is let pass, so
 * that all of it costs one more round. Whoever dies in here leaves the calendar due.
 */
export async function awaitCalm({ db, clock }: Services, calendarId: string): Promise<void> {
  let seen = await look(db, calendarId);
  if (seen === null || seen.lastSyncedMs === null) return;
  if (Math.abs(clock.now().getTime() - seen.lastSyncedMs) > LATELY_MS) return;
  let watch = seen.waiting >= SAMPLE.messages ? SAMPLE : GLANCE;
  for (let waited = 0; waited < LONGEST_MS; waited += watch.ms) {
    await setTimeout(watch.ms);
    const next = await look(db, calendarId);
    if (next === null || next.changeSeq - seen.changeSeq < watch.messages) return;
    seen = next;
    watch = SAMPLE;
  }
}

async function look(db: Db, calendarId: string) {
  const [row] = await prepared(db).execute<{
    change_seq: number;
    waiting: number;
    synced_ms: string | null;
  }>(sql`
    select change_seq, change_seq - synced_seq as waiting, (extract(epoch from last_synced_at) * 1000)::bigint::text as synced_ms
    from calendars where id = ${calendarId}
  `);
  if (row === undefined) return null;
  const lastSyncedMs = row.synced_ms === null ? null : Number(row.synced_ms);
  return { changeSeq: row.change_seq, waiting: row.waiting, lastSyncedMs };
}
