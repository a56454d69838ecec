import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { prepared } from "@/db/prepared";
import {
  LATELY_MS,
  LONGEST_FLOOD_MS,
  needsQuietMs,
  type Sample,
  settled,
  startsFlood,
} from "@/lib/calendar/flood";
import type { Services } from "@/lib/connections/services";

const STEP_MS = 40;

/** A step that took longer says nothing: the machine stood still, and so did the messages. */
const STALLED_MS = 2.5 * STEP_MS;

/**
 * Waits only while a flood of messages goes on after a round, so that all of it costs one more: what "calm" means
 * is told by lib/calendar/flood.ts. Nothing is held meanwhile, and whoever dies in here leaves the calendar due.
 */
export async function awaitCalm({ db, clock }: Services, calendarId: string): Promise<void> {
  const recent = await look(db, calendarId, clock.now());
  if (recent === null || !startsFlood(recent)) return;
  const began = performance.now();
  let samples: Sample[] = [{ atMs: began, changeSeq: recent.changeSeq }];
  for (let at = began; at - began < LONGEST_FLOOD_MS; ) {
    await sleep(STEP_MS);
    const changeSeq = await lookAgain(db, calendarId);
    if (changeSeq === null) return;
    const atMs = performance.now();
    const sample = { atMs, changeSeq };
    samples = atMs - at > STALLED_MS ? [sample] : [...samples, sample];
    if (settled(samples, needsQuietMs(changeSeq - recent.syncedSeq))) return;
    at = atMs;
  }
}

/** Where requests stand, and what rounds on messages there were within the last second. */
async function look(db: Db, calendarId: string, now: Date) {
  const since = new Date(now.getTime() - LATELY_MS).toISOString();
  const until = new Date(now.getTime() + LATELY_MS).toISOString();
  const [row] = await prepared(db).execute<{
    change_seq: number;
    synced_seq: number;
    rounds: number;
    oldest_seq: number | null;
  }>(sql`
    select c.change_seq, c.synced_seq, r.rounds, r.oldest_seq
    from calendars c, lateral (
      select count(*)::int as rounds, min(l.change_seq) as oldest_seq
      from (
        select change_seq, started_at from calendar_sync_logs where calendar_id = c.id order by seq desc limit 8
      ) l
      where l.started_at between ${since}::timestamptz and ${until}::timestamptz
    ) r
    where c.id = ${calendarId}
  `);
  if (row === undefined) return null;
  const { change_seq, synced_seq, rounds, oldest_seq } = row;
  return { changeSeq: change_seq, syncedSeq: synced_seq, rounds, oldestSeq: oldest_seq };
}

async function lookAgain(db: Db, calendarId: string): Promise<number | null> {
  const [row] = await prepared(db).execute<{ change_seq: number }>(
    sql`select change_seq from calendars where id = ${calendarId}`,
  );
  return row?.change_seq ?? null;
}
