import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { MISSED_UNTIL_DEAD } from "@/lib/calendar/watch-schedule";
import { wantsListWatch, wantsWatch } from "@/lib/connections/watch-wishes";
import { type Check, ok, warning } from "@/lib/reporting/diagnosis";

const SILENT_AFTER = "15 minutes";

export interface PushFacts {
  /** Calendars that are read by themselves. */
  wanted: number;
  /** Those whose vendor was heard. */
  heard: number;
  unsupported: number;
  /** Those with a watch that was granted a while ago and never told us anything. */
  silent: number;
  /** Those with changes that nobody announced. */
  missed: number;
  refused: number;
}

/** What is known of the watches of one connection, or of all. Works for both who diagnose. */
export async function readPushFacts(db: Db, now: Date, connectionId?: string): Promise<PushFacts> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const live = sql`w.calendar_id = c.id and w.stop_wanted_at is null and w.expires_at > ${at}`;
  const [row] = await db.execute<Record<string, number>>(sql`
    select count(*)::int as wanted,
      count(*) filter (where exists (
        select from calendar_watches w where ${live} and w.verified_at is not null
      ))::int as heard,
      count(*) filter (where c.push_unsupported_until > ${at})::int as unsupported,
      count(*) filter (where exists (
        select from calendar_watches w where ${live} and w.verified_at is null
          and w.requested_at < ${at} - ${SILENT_AFTER}::interval
      ))::int as silent,
      count(*) filter (where exists (
        select from calendar_watches w where ${live} and w.missed >= ${MISSED_UNTIL_DEAD}
      ))::int as missed,
      count(*) filter (where c.watch_failures > 0)::int as refused
    from calendars c join calendar_connections k on k.id = c.connection_id
    where ${wantsWatch} and (${connectionId ?? null}::uuid is null or k.id = ${connectionId ?? null}::uuid)
  `);
  const read = (name: keyof PushFacts) => row?.[name] ?? 0;
  return {
    wanted: read("wanted"),
    heard: read("heard"),
    unsupported: read("unsupported"),
    silent: read("silent"),
    missed: read("missed"),
    refused: read("refused"),
  };
}

/** Of accounts whose vendor shall tell when calendars are added, renamed or removed. */
export interface ListPushFacts {
  wanted: number;
  heard: number;
  /** Nobody tells of them: never heard for a while, deaf to changes, or refused. They are read daily. */
  untold: number;
}

export async function readListPushFacts(db: Db, now: Date, connectionId?: string): Promise<ListPushFacts> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const live = sql`w.connection_id = k.id and w.subject = 'calendar_list' and w.stop_wanted_at is null
    and w.expires_at > ${at} and w.missed < ${MISSED_UNTIL_DEAD}`;
  const [row] = await db.execute<{ wanted: number; heard: number; untold: number }>(sql`
    select count(*)::int as wanted, (count(*) filter (where heard))::int as heard,
      (count(*) filter (where tried and not heard))::int as untold
    from (
      select exists (select from calendar_watches w where ${live} and w.verified_at is not null) as heard,
        k.list_watch_failures > 0 or k.next_list_watch_at > ${at} + ${SILENT_AFTER}::interval or exists (
          select from calendar_watches w
          where w.connection_id = k.id and w.subject = 'calendar_list' and w.stop_wanted_at is null
            and (w.missed >= ${MISSED_UNTIL_DEAD} or w.requested_at < ${at} - ${SILENT_AFTER}::interval)
        ) as tried
      from calendar_connections k
      where ${wantsListWatch} and (${connectionId ?? null}::uuid is null or k.id = ${connectionId ?? null}::uuid)
    ) lists
  `);
  return { wanted: row?.wanted ?? 0, heard: row?.heard ?? 0, untold: row?.untold ?? 0 };
}

const REACH =
  "An administrator should check that the provider reaches this installation at its https address.";

/** Whether the provider tells of changes. Without that everything is read every five minutes, so nothing has failed. */
export async function checkPush(db: Db, now: Date, connectionId: string): Promise<Check> {
  const title = "Instant notifications";
  const facts = await readPushFacts(db, now, connectionId);
  const { wanted, heard, unsupported, silent, missed, refused } = facts;
  if (wanted === 0) return ok("push", title, "Not in use: nothing is read by itself.");
  if (silent > 0 && heard === 0) {
    return warning("push", title, "The provider promised to tell of changes, but nothing ever came.", REACH);
  }
  if (missed > 0) {
    return warning(
      "push",
      title,
      "The provider did not tell of the last changes. They were found all the same.",
      null,
    );
  }
  if (refused > 0) {
    const detail = "The provider would not promise to tell of changes. It is asked again by itself.";
    return warning("push", title, detail, null);
  }
  const polled = unsupported > 0 ? ` ${unsupported} it never announces are read every five minutes.` : "";
  const lists = await readListPushFacts(db, now, connectionId);
  const listed =
    lists.untold > 0 ? " When calendars are added, renamed or removed it does not: that is read daily." : "";
  return ok(
    "push",
    title,
    `The provider tells of changes of ${heard} of ${wanted} calendars.${polled}${listed}`,
  );
}
