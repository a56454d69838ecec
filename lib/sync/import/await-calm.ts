import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { prepared } from "@/db/prepared";
import {
  LATELY_MS,
  LONGEST_FLOOD_MS,
  needsQuietMs,
  type Recent,
  type Sample,
  settled,
  startsFlood,
} from "@/lib/calendar/flood";
import type { Services } from "@/lib/connections/services";
import { waitingInLine } from "@/lib/platform/in-line";
import type { Vendor } from "@/lib/providers/calendar-provider";
import { messageLine } from "@/lib/sync/watches/receive-message";

const STEP_MS = 40;

/** A step that took longer says nothing: the machine stood still, and so did the messages. Nor do those that queue. */
const STALLED_MS = 2.5 * STEP_MS;

/**
 * Waits only while a flood of messages goes on after a round, so that all of it costs one more: what "calm" means
 * is told by lib/calendar/flood.ts. A stream that would use up its person's minute is read at a pace that lasts.
 * Nothing is held meanwhile, and whoever dies in here leaves the calendar due.
 */
export async function awaitCalm({ db, clock, requests }: Services, calendarId: string): Promise<void> {
  const recent = await look(db, calendarId, clock.now());
  if (recent === null) return;
  if (!startsFlood(recent)) {
    const apart = requests.spacing(recent.vendor, recent.userId) - Math.max(recent.newestAgoMs, 0);
    if (recent.rounds > 0 && apart > 0) await sleep(apart);
    return;
  }
  const began = performance.now();
  let samples: Sample[] = [{ atMs: began, changeSeq: recent.changeSeq }];
  for (let at = began; at - began < LONGEST_FLOOD_MS; ) {
    await sleep(STEP_MS);
    const changeSeq = await lookAgain(db, calendarId);
    if (changeSeq === null) return;
    const atMs = performance.now();
    const sample = { atMs, changeSeq };
    samples = atMs - at > STALLED_MS ? [sample] : [...samples, sample];
    const queued = waitingInLine(messageLine(calendarId)) > 0;
    if (!queued && settled(samples, needsQuietMs(changeSeq - recent.syncedSeq))) return;
    at = atMs;
  }
}

/** Where requests stand, and what rounds there were of late. */
async function look(
  db: Db,
  calendarId: string,
  now: Date,
): Promise<(Recent & { vendor: Vendor; userId: string }) | null> {
  const [since, until] = [-LATELY_MS, LATELY_MS].map((ms) => new Date(now.getTime() + ms).toISOString());
  const [row] = await prepared(db).execute<{
    user_id: string;
    provider: Vendor;
    change_seq: number;
    synced_seq: number;
    rounds: number;
    oldest_seq: number | null;
    oldest_ms: string | null;
    newest_ms: string | null;
  }>(sql`
    select c.user_id, k.provider, c.change_seq, c.synced_seq, r.*
    from calendars c join calendar_connections k on k.id = c.connection_id, lateral (
      select count(*)::int as rounds, min(l.change_seq) as oldest_seq,
        (extract(epoch from min(l.started_at)) * 1000)::bigint::text as oldest_ms,
        (extract(epoch from max(l.ended_at)) * 1000)::bigint::text as newest_ms
      from (
        select change_seq, started_at, coalesce(finished_at, started_at) as ended_at
        from calendar_sync_logs where calendar_id = c.id order by seq desc limit 8
      ) l
      where l.ended_at between ${since}::timestamptz and ${until}::timestamptz
    ) r
    where c.id = ${calendarId}
  `);
  if (row === undefined) return null;
  return {
    userId: row.user_id,
    vendor: row.provider,
    changeSeq: row.change_seq,
    syncedSeq: row.synced_seq,
    rounds: row.rounds,
    oldestSeq: row.oldest_seq ?? 0,
    oldestAgoMs: now.getTime() - Number(row.oldest_ms),
    newestAgoMs: now.getTime() - Number(row.newest_ms),
  };
}

async function lookAgain(db: Db, calendarId: string): Promise<number | null> {
  const [row] = await prepared(db).execute<{ change_seq: number }>(
    sql`select change_seq from calendars where id = ${calendarId}`,
  );
  return row?.change_seq ?? null;
}
