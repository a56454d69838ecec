import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { announce } from "@/db/live";
import { prepared } from "@/db/prepared";
import { LONGEST_WATCH_MS, renewAt } from "@/lib/calendar/watch-schedule";
import { equalSecrets, tokenHash } from "@/lib/platform/crypto";
import { isId } from "@/lib/platform/ids";
import { inLine } from "@/lib/platform/in-line";
import type { WatchMessage } from "@/lib/providers/change-watcher";

/**
 * What became of a message. Of `unknown` and `forged` ones nothing was believed and nothing written. `silent`: true, but
 * of a watch that nobody wants any more.
 */
export interface Reception {
  outcome: "stamped" | "hello" | "repeated" | "silent" | "unknown" | "forged";
  /** Null for a watch that is not ours, like the two that follow; of a list the calendar is null. */
  watchId: string | null;
  connectionId: string | null;
  calendarId: string | null;
  /** Somebody was asked to go and look; where that is already so, nobody is asked twice. */
  nudged: boolean;
}

/** Where messages of a calendar, or of an account's list, wait to be stamped. */
export function messageLine(id: string): string {
  return `message ${id}`;
}

interface Known extends Record<string, unknown> {
  user_id: string;
  connection_id: string;
  subject: "events" | "calendar_list";
  calendar_id: string | null;
  secret_hash: string;
  resource_id: string | null;
  last_message: string | null;
  verified: boolean;
  stopping: boolean;
  requested_ms: string;
  answered: boolean;
}

/**
 * Believes a message that knows its watch's secret, and nothing else about it: the calendar, or its account's list, is
 * marked as changed and somebody nudged, in one statement. The reading is done elsewhere.
 */
export async function receiveMessage(db: Db, message: WatchMessage, now: Date): Promise<Reception> {
  const watch = isId(message.watchId) ? await findWatch(db, message.watchId) : null;
  const answer = (outcome: Reception["outcome"], nudged = false): Reception => ({
    outcome,
    watchId: watch === null ? null : message.watchId,
    connectionId: watch?.connection_id ?? null,
    calendarId: watch?.calendar_id ?? null,
    nudged,
  });
  if (watch === null) return answer("unknown");
  if (isForged(message, watch)) return answer("forged");
  if (isUnwanted(watch)) {
    if (watch.resource_id === null && message.resourceId !== null) await learn(db, message, now);
    return answer("silent");
  }
  if (isReplay(message, watch)) return answer("repeated");
  // Messages of one calendar wait for one row: a flood of them leaves the door's few connections to the others.
  const line = messageLine(watch.calendar_id ?? watch.connection_id);
  const { told, nudged } = await inLine(line, () => stamp(db, message, watch, now));
  if (!told) return answer("repeated");
  if (!watch.verified) await announce(db, watch.user_id, ["integrations"]);
  return answer(message.state === "hello" ? "hello" : "stamped", nudged);
}

async function findWatch(db: Db, id: string): Promise<Known | null> {
  const [row] = await prepared(db).execute<Known>(sql`
    select user_id, connection_id, subject, calendar_id, secret_hash, resource_id, last_message::text,
      verified_at is not null as verified, stop_wanted_at is not null as stopping,
      (extract(epoch from requested_at) * 1000)::bigint::text as requested_ms, expires_at is not null as answered
    from calendar_watches where id = ${id}
  `);
  return row ?? null;
}

function isForged({ secret, resourceId }: WatchMessage, { secret_hash, resource_id }: Known): boolean {
  if (secret === null || !equalSecrets(tokenHash(secret), secret_hash)) return true;
  return resource_id !== null && resource_id !== resourceId;
}

/** Nobody needs it any more, or its calendar is no longer here. */
function isUnwanted({ stopping, subject, calendar_id }: Known): boolean {
  return stopping || (subject === "events" && calendar_id === null);
}

function isReplay({ number }: WatchMessage, { last_message }: Known): boolean {
  return number !== null && last_message !== null && number <= Number(last_message);
}

/** A stray one whose answer was lost says at last what it is called, so that it can be stopped. */
async function learn(db: Db, { watchId, resourceId }: WatchMessage, now: Date): Promise<void> {
  await db.execute(sql`
    update calendar_watches set resource_id = ${resourceId}, next_attempt_at = ${now.toISOString()}::timestamptz
    where id = ${watchId} and resource_id is null
  `);
}

/** What was read is locked before the watch's row, as everywhere. A message that was overtaken marks nothing. */
async function stamp(
  db: Db,
  message: WatchMessage,
  watch: Known,
  now: Date,
): Promise<{ told: boolean; nudged: boolean }> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const fresh = sql`w.stop_wanted_at is null
    and (w.last_message is null or ${message.number}::bigint is null or w.last_message < ${message.number}::bigint)`;
  const adopted = adoption(message, watch, now);
  const [row] = await prepared(db).execute<{ told: number; nudged: number }>(sql`
    with stamped as (${mark(message, watch, fresh, at)}), told as (
      update calendar_watches w
      set verified_at = coalesce(w.verified_at, ${at}), missed = 0,
        last_notified_at = case when ${message.state === "hello"} then w.last_notified_at else ${at} end,
        last_message = coalesce(greatest(w.last_message, ${message.number}::bigint), w.last_message),
        resource_id = coalesce(w.resource_id, ${message.resourceId}),
        expires_at = coalesce(w.expires_at, ${adopted?.expiresAt.toISOString() ?? null}::timestamptz),
        renew_at = coalesce(w.renew_at, ${adopted?.renewAt.toISOString() ?? null}::timestamptz)
      from (select count(*) from stamped) s
      where w.id = ${message.watchId} and ${fresh}
      returning w.id
    ), nudged as (
      insert into outbox (name, data, created_at, next_attempt_at)
      select name, data, ${at}, ${at} from stamped where idle
      returning id
    )
    select (select count(*)::int from told) as told, (select count(*)::int from nudged) as nudged
  `);
  return { told: (row?.told ?? 0) > 0, nudged: (row?.nudged ?? 0) > 0 };
}

/**
 * Raises the number of what changed; answers the nudge for it and whether nothing was waiting before. A calendar that is
 * gone is a change of its account's list. A list's number has a row of its own, which nobody holds.
 */
function mark({ state, watchId }: WatchMessage, { subject }: Known, fresh: SQL, at: SQL): SQL {
  if (state === "hello") return sql`select ''::text as name, '{}'::jsonb as data, false as idle where false`;
  if (subject === "calendar_list" || state === "gone") {
    return sql`
      insert into calendar_lists as l (connection_id, change_seq)
      select w.connection_id, 1 from calendar_watches w where w.id = ${watchId} and ${fresh}
      on conflict (connection_id) do update set change_seq = l.change_seq + 1
      returning 'connection/calendars.stale' as name, jsonb_build_object('connectionId', connection_id) as data,
        change_seq - 1 <= read_seq as idle`;
  }
  return sql`
    update calendars c
    set change_seq = c.change_seq + 1, change_notified_at = ${at}, next_sync_at = least(c.next_sync_at, ${at})
    from calendar_watches w
    where w.id = ${watchId} and c.id = w.calendar_id and ${fresh}
    returning 'calendar/changed' as name,
      jsonb_build_object('connectionId', c.connection_id, 'calendarIds', jsonb_build_array(c.id)) as data,
      c.change_seq - 1 <= c.synced_seq as idle`;
}

/** The answer to the request was lost, yet here is its watch: it says itself how long it lives. */
function adoption(message: WatchMessage, watch: Known, now: Date) {
  const { expiresAt, watchId } = message;
  if (watch.answered || expiresAt === null || message.resourceId === null) return null;
  const left = expiresAt.getTime() - now.getTime();
  if (left <= 0 || left > LONGEST_WATCH_MS) return null;
  return {
    expiresAt,
    renewAt: renewAt({ id: watchId, requestedAt: new Date(Number(watch.requested_ms)), expiresAt }),
  };
}
